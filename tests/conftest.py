"""A Hub with everything published by the real commands, in their quick presets, once for all tests that ask."""

import shutil

import pytest
from filelock import FileLock

from tests.processes import HubProcess, stop


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """A dataset, the landing model and a lunar lander that crashes, on a Hub, made by the real commands.

    Of several test workers one makes them; the others start Hubs of their own on copies of its folder.
    """
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if base.name.startswith("popen-") else base) / "made"
    folder = tmp_path_factory.mktemp("published")
    with FileLock(f"{made}.lock"):
        if made.exists():
            shutil.copytree(made, folder, dirs_exist_ok=True)
            hub = HubProcess(folder)
        else:
            hub = HubProcess(folder)
            hub.build("falcon9-landings")
            hub.run("-m", "train_scripts.train_landing", "--preset", "quick")
            hub.run("-m", "train_scripts.train_lander", "--preset", "smoke", "--jobs", "1", "--no-track")
            shutil.copytree(folder, made)
    yield hub
    stop(hub.process)
