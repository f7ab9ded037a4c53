"""A Hub with everything published by the real commands, in their quick presets, once for all tests that ask."""

import os
import shutil

import pytest
from filelock import FileLock
from xdist.scheduler import LoadFileScheduling

from tests.processes import HubProcess, stop

# As many tests run at once as there are cores: the threads of one would only wait for those of another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# They begin first, lest one worker be left with one of them at the end while the other has nothing to do.
SLOWEST = (
    "test_train_titles.py",
    "test_demo.py",
    "test_train_lander.py",
    "test_imaging.py",
    "test_train_satellite.py",
    "test_pages.py",
    "test_course_pages.py",
    "test_networks.py",
    "test_official.py",
)


# They share one app, so one worker runs them all.
PICTURED = {
    f"tests/space_app/lab/test_{name}.py": "pictured"
    for name in ("convolution", "imaging", "meteorites", "pca", "segmentation", "telemetry")
}


class ByFile(LoadFileScheduling):
    """Give each worker whole files, and files that share what takes long to start to the same worker."""

    def _split_scope(self, nodeid: str) -> str:
        path = super()._split_scope(nodeid)
        return PICTURED.get(path, path)


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="module")
def own_hub(tmp_path_factory):
    """A Hub of a module's own."""
    hub = HubProcess(tmp_path_factory.mktemp("hub"))
    yield hub
    stop(hub.process)


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
