"""The definitions behind the experiments' controls."""

import importlib

import pytest

from space_app.lab.bench import definitions
from space_app.lab.experiments import EXPERIMENTS
from space_app.parameters import MISSING

PACKAGES = {one.key: importlib.import_module(one.module) for one in EXPERIMENTS if one.key != "checkpoints"}


@pytest.mark.parametrize("key", PACKAGES)
def test_every_control_begins_with_a_value_that_is_allowed(key):
    for bench in PACKAGES[key].EXPERIMENT.benches:
        for name, one in definitions(bench).items():
            assert one.default is not MISSING, (bench.key, name)
            assert one.default is None or one.check(one.default) is not None


def test_the_keys_of_benches_are_unique():
    keys = [bench.key for package in PACKAGES.values() for bench in package.EXPERIMENT.benches]
    assert len(keys) == len(set(keys))
