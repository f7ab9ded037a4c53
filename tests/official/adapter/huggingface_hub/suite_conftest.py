"""The conftest.py that the huggingface_hub suite does not carry: its fixtures and markers.

It is copied next to the suite's tests and runs only in that process. The suite's pyproject.toml says what each marker means.
"""

import contextlib
import os
import warnings
from collections.abc import Callable

import pytest
from huggingface_hub import HfApi, RepoUrl, constants

from .testing_constants import ENDPOINT_PRODUCTION, ENDPOINT_STAGING, TOKEN, USER
from .testing_utils import repo_name

constants._HF_DEFAULT_STAGING_ENDPOINT = ENDPOINT_STAGING  # the embedded Hub replaces it

RepoFactory = Callable[..., RepoUrl]

MARKERS = {
    "api": "no transfer",
    "transfer": "uploads and downloads",
    "inference": "inference",
    "xet": "with Xet",
    "no_xet": "without Xet",
    "production": "against the endpoint for production",
    "deprecated": "is expected to warn",
    "git_lfs": "needs git-lfs",
    "vcr": "replays a recording",
}


def pytest_configure(config):
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.fixture(scope="session")
def api() -> HfApi:
    return HfApi(endpoint=ENDPOINT_STAGING, token=TOKEN)


@pytest.fixture
def repo_factory(api: HfApi):
    """Make repos; they are gone after the test."""
    made = []

    def create(
        repo_type: str | None = None, *, repo_id: str | None = None, token: str = TOKEN, **options
    ) -> RepoUrl:
        if repo_type == "space":
            options.setdefault("space_sdk", "static")
        url = api.create_repo(repo_id or repo_name(), repo_type=repo_type, token=token, **options)
        made.append((url, token))
        return url

    yield create
    for url, token in made:
        api.delete_repo(url.repo_id, repo_type=url.repo_type, token=token, missing_ok=True)


@pytest.fixture
def new_repo_id(api: HfApi):
    """The id of a model that is not there yet; it is gone after the test."""
    repo_id = f"{USER}/{repo_name()}"
    yield repo_id
    api.delete_repo(repo_id, missing_ok=True)


@pytest.fixture(autouse=True)
def fresh_client(monkeypatch):
    """Nothing that the client remembers in the process lasts from one test to the next."""
    registry = {"standardEnvVars": [], "harnesses": {}}
    for place, value in [
        ("utils._auth._OAUTH_REFRESH_CACHE", None),
        ("utils._terminal.ANSI._enabled", None),
        ("utils._detect_agent._registry", registry),
    ]:
        with contextlib.suppress(ImportError):  # older releases have not all of them
            monkeypatch.setattr(f"huggingface_hub.{place}", value, raising=False)


@pytest.fixture(autouse=True)
def xet_mode(request, monkeypatch):
    """Xet as the markers say; for other tests as the environment says."""
    if request.node.get_closest_marker("xet"):
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    elif request.node.get_closest_marker("no_xet"):
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)


@pytest.fixture(autouse=True)
def production(request, monkeypatch):
    if request.node.get_closest_marker("production"):
        monkeypatch.setattr(constants, "ENDPOINT", ENDPOINT_PRODUCTION)
        template = ENDPOINT_PRODUCTION + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@pytest.fixture(autouse=True)
def expected_warnings(request):
    """A test marked deprecated must warn of what it names; the suite's own settings make other such warnings errors."""
    marker = request.node.get_closest_marker("deprecated")
    if marker is None:
        yield
        return
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    messages = [str(warning.message) for warning in caught if warning.category is FutureWarning]
    for name in marker.args:
        assert any(name in message for message in messages), f"{name} did not warn: {messages}"


@pytest.fixture(autouse=True)
def git_lfs(request):
    if request.node.get_closest_marker("git_lfs") and not os.environ.get("RUN_GIT_LFS_TESTS"):
        pytest.skip("needs git-lfs")


@pytest.fixture
def fx_cache_dir(request, tmp_path):
    """What the suites of older releases ask for: a folder as an attribute of the class."""
    request.cls.cache_dir = tmp_path
