"""A Hub with everything published by the real commands, in their quick presets, once for all tests that ask."""

import shutil

import pytest
from filelock import FileLock

from spacehub import catalogue
from tests.processes import HubProcess, stop


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Dataset and landing model on a Hub, made by the real commands.

    Of several test workers one makes them; the others push what it made to a Hub of their own.
    """
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if base.name.startswith("popen-") else base) / "artefacts"
    hub = HubProcess(tmp_path_factory.mktemp("published"))
    try:
        with FileLock(f"{made}.lock"):
            if not made.exists():
                hub.run("-m", "train_scripts.build_datasets", "--only", "falcon9-landings")
                hub.run("-m", "train_scripts.train_landing", "--preset", "quick")
                shutil.copytree(hub.artefacts, made)
            else:
                shutil.copytree(made, hub.artefacts)
                for entry in (*catalogue.DATASETS.values(), *catalogue.MODELS.values()):
                    hub.push(hub.artefacts / entry.key, entry.repo_id, entry.repo_type)
        yield hub
    finally:
        stop(hub.process)
