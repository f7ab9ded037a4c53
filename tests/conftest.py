"""A Hub with everything published by the real commands, with small presets, once for all tests that ask."""

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from xdist.scheduler import LoadFileScheduling

from spacehub.collector import collect_rarely
from tests.doses import dose
from tests.processes import HubProcess, stop

# As many tests run at once as there are cores: the threads of one would only wait for those of another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
collect_rarely()
# Otherwise each worker compiles all tests again.
sys.dont_write_bytecode = False
# The longest files begin first, so that no worker is left with a long file while the other has none.
SLOWEST = """
    test_app_page.py test_imaging.py test_train_titles.py test_course_pages.py test_demo.py test_verify.py
    test_train_satellite.py test_train_lander.py test_pipeline.py test_rollout.py test_app_start.py
    test_satellite_folds.py test_official.py test_readme.py test_app_news.py test_canary.py test_add_a_model.py
    test_picture_datasets.py test_space_titles.py test_export.py test_titles_bert.py test_feedback.py
    test_tokens.py test_static_space.py test_git_http.py test_networks.py test_policy_gradient.py test_caches.py
    test_lander_training.py test_xet_clients.py test_loopback.py test_behind_a_proxy.py test_own_clients.py
    test_discussions.py test_space_runner.py
"""
# The files of tests/space_app that share an app, by the fixture that starts it. One worker runs them all.
SHARED = {
    "app": """
        test_accessibility.py test_app_endpoints.py test_app_page.py test_assets.py test_known_answers.py
        test_gradio_scripts.py test_lander_endpoints.py test_lander_page.py test_lander_seats.py test_mcp.py
        lab/test_bad_values.py
        lab/test_bayes.py lab/test_chance.py lab/test_checkpoints.py lab/test_exploration.py
        lab/test_many_bodies.py lab/test_networks.py lab/test_numerics.py lab/test_orbits.py lab/test_pages.py
        lab/test_regression.py lab/test_trees.py lab/test_unpublished.py
    """,
    "stocked": """
        test_satellite.py test_titles.py lab/test_convolution.py lab/test_imaging.py lab/test_meteorites.py
        lab/test_pca.py lab/test_segmentation.py lab/test_telemetry.py
    """,
}
APPS = {f"tests/space_app/{name}": fixture for fixture, names in SHARED.items() for name in names.split()}
# The files whose own process imports transformers, which takes five seconds. One worker runs them all.
TRANSFORMERS = [
    "test_train_titles.py",
    "test_titles_bert.py",
    "test_titles_language.py",
    "test_titles_served.py",
    "test_attention.py",
    "test_tokens.py",
]


class ByApp(LoadFileScheduling):
    """Give each worker whole files, and all files that share an app, or transformers, to the same worker."""

    def _split_scope(self, nodeid: str) -> str:
        path = super()._split_scope(nodeid)
        return "transformers" if Path(path).name in TRANSFORMERS else APPS.get(path, path)


def pytest_xdist_make_scheduler(config, log):
    return ByApp(config, log)


def pytest_collection_modifyitems(items):
    for item in items:
        used = SHARED.keys() & set(item.fixturenames) if "space_app" in item.nodeid else set()
        assert used <= {APPS.get(item.nodeid.partition("::")[0])}, (
            f"name its file in SHARED: {item.nodeid}, {used}"
        )
    place = {name: number for number, name in enumerate(SLOWEST.split())}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
    # Collections then skip the modules and the tests.
    gc.freeze()


def pytest_unconfigure():
    gc.unfreeze()


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
            hub.run_commands(
                ["train_scripts.build_datasets", "--only", "falcon9-landings"],
                ["train_scripts.train_landing", "--preset", dose("smoke", "quick")],
                ["train_scripts.train_lander", "--preset", "smoke", "--jobs", "1", "--no-track"],
            )
            shutil.copytree(folder, made)
    yield hub
    stop(hub.process)
