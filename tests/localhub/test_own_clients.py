"""What a library keeps from before the Hub started talks to the Hub while it runs, and is as it was afterwards."""

import socket
import subprocess
import sys
import types

import huggingface_hub
import pytest
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import RepositoryNotFoundError

from localhub import LocalHub
from localhub.loopback_only import OtherHostError

HUBS = {"public": "https://huggingface.co"}  # a constant of this module would be changed, too

LIBRARY = """
import dataclasses, functools, httpx2
from huggingface_hub import HfApi, HfFileSystem
from huggingface_hub.constants import ENDPOINT
TOKEN = "hf_the_real_one"
api = HfApi(endpoint=HUBS["public"], token=TOKEN)
nobody = HfApi(endpoint=HUBS["public"], token=False)
elsewhere = HfApi(endpoint="http://127.0.0.1:1", token=TOKEN)
fs = HfFileSystem(endpoint=HUBS["public"], token=TOKEN, skip_instance_cache=True)
fs.dircache["me/model"] = ["listed elsewhere"]
exists = api.repo_exists
DOCS = f"{HUBS['public']}/docs"
URL = f"{HUBS['public']}/api/models"
session = httpx2.Client(base_url="https://example.org", trust_env=False)
def by_default(api=HfApi(endpoint=HUBS["public"], token=TOKEN), *, endpoint=ENDPOINT, url=f"{HUBS['public']}/"):
    return api.endpoint, endpoint, url.rstrip("/")
def closure(api=HfApi(endpoint=HUBS["public"], token=TOKEN)):
    return lambda: api.endpoint
kept = closure()
class Sub(HfApi):
    pass
@dataclasses.dataclass
class Client:
    endpoint: str = HUBS["public"]
    api = Sub(endpoint=HUBS["public"], token=TOKEN)
    def __post_init__(self):
        self.mine = HfApi(endpoint=HUBS["public"], token=TOKEN)
    def ask(self):
        return session.get("/x")
client = Client()
"""

PLACES = {
    "module": lambda lib: (lib.api.endpoint, lib.api.token),
    "another loopback address": lambda lib: (lib.elsewhere.endpoint, lib.elsewhere.token),
    "anonymous": lambda lib: (lib.nobody.endpoint, lib.nobody.token),
    "class": lambda lib: (lib.Client.api.endpoint, lib.Client.api.token),
    "object": lambda lib: (lib.client.mine.endpoint, lib.client.mine.token),
    "file system": lambda lib: (lib.fs.endpoint, lib.fs.token, lib.fs._api.endpoint, dict(lib.fs.dircache)),
    "default": lambda lib: lib.by_default(),
    "closure": lambda lib: lib.kept(),
    "constants": lambda lib: (lib.ENDPOINT, lib.URL, lib.DOCS),
    "texts": lambda lib: (lib.client.endpoint, lib.Client.endpoint, lib.Client().endpoint),
    "bound method": lambda lib: lib.exists.__self__.endpoint,
}


@pytest.fixture
def library(monkeypatch):
    library = types.ModuleType("mylib")
    library.HUBS = HUBS
    exec(LIBRARY, vars(library))  # noqa: S102
    monkeypatch.setitem(sys.modules, "mylib", library)
    yield library
    library.session.close()


def test_all_of_a_library_points_at_the_hub_and_back(library):
    before = {place: look(library) for place, look in PLACES.items()}
    with LocalHub() as hub:
        at, token = hub.endpoint, hub.token
        assert {place: look(library) for place, look in PLACES.items()} == {
            "module": (at, token),
            "another loopback address": (at, token),
            "anonymous": (at, False),
            "class": (at, token),
            "object": (at, token),
            "file system": (at, token, at, {}),
            "default": (at, at, at),
            "closure": at,
            "constants": (at, f"{at}/api/models", f"{HUBS['public']}/docs"),
            "texts": (at, at, at),
            "bound method": at,
        }
        library.api.create_repo("me/model")
        assert library.exists("me/model")
        assert library.client.mine.whoami()["name"] == hub.account
        assert library.fs.ls("me/model", detail=False) == ["me/model/.gitattributes"]
        library.api.delete_repo("me/model")
        library.api.token = "hf_of_a_test"
        assert (library.api.endpoint, library.api.token) == (at, "hf_of_a_test")
    assert {place: look(library) for place, look in PLACES.items()} == before
    assert "endpoint" not in vars(HfApi)


def test_a_client_created_while_the_hub_runs_is_left_alone():
    with LocalHub() as outer:
        there = HfApi(endpoint=outer.endpoint, token=outer.token)
        with LocalHub() as inner:
            mine = HfApi(endpoint="http://127.0.0.1:9", token="hf_mine")
            assert (mine.endpoint, mine.token) == ("http://127.0.0.1:9", "hf_mine")
            assert (HfApi().endpoint, HfApi().token) == (inner.endpoint, None)
            there.create_repo("outer")
            assert there.repo_exists("spacehub/outer")
            assert not huggingface_hub.repo_exists("spacehub/outer")
        assert huggingface_hub.repo_exists("spacehub/outer")


def test_a_library_first_imported_while_the_hub_runs_is_not_left_with_it(monkeypatch):
    code = "from huggingface_hub import HfApi, HfFileSystem, constants\nENDPOINT = constants.ENDPOINT\napi, fs = HfApi(), HfFileSystem()"
    library, endpoint = types.ModuleType("newlib"), constants.ENDPOINT
    with LocalHub() as hub:
        exec(code, vars(library))  # noqa: S102
        monkeypatch.setitem(sys.modules, "newlib", library)
        assert library.ENDPOINT == library.api.endpoint == library.fs.endpoint == hub.endpoint
    assert (
        library.ENDPOINT
        == library.api.endpoint
        == library.fs.endpoint
        == library.fs._api.endpoint
        == endpoint
    )


def test_another_host_is_an_error_at_once_that_names_the_caller(library, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the host is named, not the proxy
    with LocalHub() as hub:
        with pytest.raises(
            OtherHostError, match=r"mylib\.session was created before the embedded Hub started.*example\.org"
        ):
            library.client.ask()
        with pytest.raises(OtherHostError, match=rf"{__name__}.*requested huggingface\.co.*{hub.endpoint}"):
            HfApi(endpoint=HUBS["public"]).repo_exists("me/model")
        for host in ("192.0.2.1", "2001:db8::1"):
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.socket(family) as sock, pytest.raises(OtherHostError, match=host):
                sock.connect((host, 80))
        assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo.__module__ == "socket"
    assert "connect" not in vars(socket.socket)


def test_a_host_can_be_allowed():
    with LocalHub(allowed_hosts=["192.0.2.1"]), socket.socket() as sock:
        sock.settimeout(0.01)
        with pytest.raises(OSError):  # noqa: PT011
            sock.connect(("192.0.2.1", 9))


def test_errors_of_the_hub_still_come_from_the_hub(library):
    with LocalHub(), pytest.raises(RepositoryNotFoundError):
        library.api.model_info("me/none")


SESSION_TESTS = """
from huggingface_hub import HfApi
def test_one(local_hub_session): HfApi().create_repo("kept")
def test_two(local_hub_session): assert HfApi().repo_exists("spacehub/kept")
def test_three(local_hub): assert not HfApi().repo_exists("spacehub/kept")
"""


def test_a_hub_for_all_tests(tmp_path):
    (tmp_path / "test_session.py").write_text(SESSION_TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert "3 passed" in done.stdout, done.stdout


def test_an_installed_module_that_got_an_address_later_is_redirected_too(monkeypatch):
    module = types.ModuleType("bound_late")
    module.__file__ = "/env/site-packages/bound_late.py"
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with LocalHub():
        pass
    module.ENDPOINT = "https://huggingface.co"
    with LocalHub() as hub:
        assert hub.endpoint == module.ENDPOINT
    assert module.ENDPOINT == "https://huggingface.co"
