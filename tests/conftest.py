"""A Hub with everything published by the real commands, in their quick presets, once for all tests that ask."""

import pytest

from tests.processes import HubProcess, stop


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Dataset and landing model on a Hub, made by the real commands."""
    hub = HubProcess(tmp_path_factory.mktemp("published"))
    try:
        hub.run("-m", "train_scripts.build_datasets", "--only", "falcon9-landings")
        hub.run("-m", "train_scripts.train_landing", "--preset", "quick")
        yield hub
    finally:
        stop(hub.process)


def pytest_collection_modifyitems(items):
    """Keep all that ask for `published` on one worker, which makes it once."""
    for item in items:
        if "published" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("published"))
