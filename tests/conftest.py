"""A Hub with everything published by the real commands, in their quick presets, once for all tests that ask."""

import os
import shutil
from pathlib import PurePath

import pytest
from filelock import FileLock
from xdist.scheduler import LoadFileScheduling

from tests.processes import HubProcess, stop

# As many tests run at once as there are cores: the threads of one would only wait for those of another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# The longest files begin first, so that at the end no worker is left with a long one while the other has none.
SLOWEST = (
    *("test_app_page.py", "test_imaging.py", "test_train_titles.py", "test_course_pages.py", "test_demo.py"),
    *("test_verify.py", "test_train_satellite.py", "test_train_lander.py", "test_pipeline.py"),
    *(
        "test_rollout.py",
        "test_app_start.py",
        "test_satellite_folds.py",
        "test_official.py",
        "test_readme.py",
    ),
    *("test_app_news.py", "test_canary.py", "test_add_a_model.py", "test_picture_datasets.py"),
    *("test_space_titles.py", "test_export.py", "test_titles_bert.py", "test_feedback.py", "test_tokens.py"),
    *("test_static_space.py", "test_git_http.py", "test_networks.py", "test_policy_gradient.py"),
    *("test_caches.py", "test_lander_training.py", "test_xet_clients.py", "test_loopback.py"),
    *("test_behind_a_proxy.py", "test_own_clients.py", "test_discussions.py", "test_space_runner.py"),
)
# The files of tests/space_app that share an app, by the fixture that starts it: one worker runs them all.
SHARED = {
    "app": (
        *("accessibility", "app_endpoints", "app_page", "assets", "known_answers", "lander_endpoints"),
        *(
            "lander_page",
            "lander_seats",
            "mcp",
            "lab/bad_values",
            "lab/bayes",
            "lab/chance",
            "lab/checkpoints",
        ),
        *("lab/exploration", "lab/many_bodies", "lab/networks", "lab/numerics", "lab/orbits", "lab/pages"),
        *("lab/regression", "lab/trees", "lab/unpublished"),
    ),
    "stocked": (
        *("satellite", "titles", "lab/convolution", "lab/imaging", "lab/meteorites", "lab/pca"),
        *("lab/segmentation", "lab/telemetry"),
    ),
}
APPS = {
    str(PurePath("tests/space_app", name).with_name(f"test_{PurePath(name).name}.py")): fixture
    for fixture, names in SHARED.items()
    for name in names
}


class ByApp(LoadFileScheduling):
    """Give each worker whole files, and all files that share an app to the same worker."""

    def _split_scope(self, nodeid: str) -> str:
        path = super()._split_scope(nodeid)
        return APPS.get(path, path)


def pytest_xdist_make_scheduler(config, log):
    return ByApp(config, log)


def pytest_collection_modifyitems(items):
    for item in items:
        used = SHARED.keys() & set(item.fixturenames) if "space_app" in item.nodeid else set()
        assert used <= {APPS.get(item.nodeid.partition("::")[0])}, (
            f"name its file in SHARED: {item.nodeid}, {used}"
        )
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
