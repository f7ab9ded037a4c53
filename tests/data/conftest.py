"""The real raw files, where they can be had."""

import pytest

from spacehub.data import falcon9_landings, sources


@pytest.fixture(scope="session")
def raw(tmp_path_factory):
    """The launches' raw files: from a folder, or downloaded into a home of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("raw")))
        found = sources.find(falcon9_landings.FILES["default"])
    if found is None:
        pytest.skip("the real raw files are in no folder and cannot be downloaded")
    return found
