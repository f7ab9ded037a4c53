"""The pictures that the Lab's experiments open on."""

import importlib

from space_app import parameters
from space_app.lab.bench import definitions
from space_app.lab.experiments import EXPERIMENTS
from space_app.lab.shared.picture_choice import EUROSAT
from spacehub.data.space_images.subjects import SUBJECTS


def test_every_bench_opens_on_a_picture_that_every_machine_has():
    carried = {subject.name for subject in SUBJECTS if subject.carried} | set(EUROSAT)
    first = []
    for listing in EXPERIMENTS:
        experiment = getattr(importlib.import_module(listing.module), "EXPERIMENT", None)
        for bench in experiment.benches if experiment else ():
            known = [definitions(bench), parameters.of(bench.endpoint) if bench.endpoint else {}]
            first += [each["picture"].default for each in known if "picture" in each]
    assert len(first) > 16
    assert set(first) <= carried
