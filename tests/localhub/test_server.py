"""Starting, stopping and being used: one server a folder, clear refusals, a process left as it was found."""

import os
import signal
import socket
import subprocess
import sys
import threading
import types
from pathlib import Path

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import constants

from localhub import LocalHub, LocalHubError
from localhub.server import serve


def test_the_context_leaves_everything_as_it_was():
    import datasets

    before = dict(os.environ)
    watched = [
        (constants, "ENDPOINT"),
        (constants, "HUGGINGFACE_CO_URL_TEMPLATE"),
        (constants, "HF_URL_HOSTS"),
        (constants, "HF_HUB_DISABLE_XET"),
        (constants, "HF_HUB_OFFLINE"),
        (huggingface_hub.hf_api.api, "endpoint"),
        (datasets.config, "HF_ENDPOINT"),
        (datasets.config, "HUB_DATASETS_URL"),
        (datasets.config, "HF_UPDATE_DOWNLOAD_COUNTS"),
    ]
    values = [getattr(owner, name) for owner, name in watched]
    with LocalHub() as hub:
        folder = hub._scratch
        assert os.environ["HF_ENDPOINT"] == constants.ENDPOINT == datasets.config.HF_ENDPOINT == hub.endpoint
        assert huggingface_hub.whoami()["name"] == hub.account == "spacehub"
        assert huggingface_hub.hf_hub_url("a/b", "c") == f"{hub.endpoint}/a/b/resolve/main/c"
        assert datasets.config.HUB_DATASETS_URL.startswith(hub.endpoint)
    assert dict(os.environ) == before
    assert [getattr(owner, name) for owner, name in watched] == values
    assert not folder.exists()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{hub.endpoint}/healthz", trust_env=False)


class Stubborn(types.ModuleType):
    """A module of a client that lets nobody change it."""

    def __setattr__(self, name, value):
        raise TypeError(f"{name} cannot be set")


def test_what_cannot_be_pointed_at_the_hub_leaves_everything_as_it_was(monkeypatch):
    stubborn = Stubborn("transformers.stubborn")
    vars(stubborn)["ENDPOINT"] = constants.ENDPOINT
    monkeypatch.setitem(sys.modules, "transformers.stubborn", stubborn)
    before, endpoint = dict(os.environ), constants.ENDPOINT
    cache, running = constants.HF_HUB_CACHE, threading.active_count()
    hub = LocalHub()
    with pytest.raises(TypeError, match="ENDPOINT cannot be set"):
        hub.__enter__()
    assert dict(os.environ) == before
    assert (endpoint, cache) == (constants.ENDPOINT, constants.HF_HUB_CACHE)
    assert threading.active_count() == running
    assert not hub._scratch.exists()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{hub.endpoint}/healthz", trust_env=False)


def test_offline_mode_and_proxies_do_not_stand_in_the_way(monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "example.org")
    with LocalHub():
        assert huggingface_hub.whoami()["name"] == "spacehub"
        assert os.environ["NO_PROXY"].startswith("example.org,")
    assert constants.HF_HUB_OFFLINE
    assert os.environ["NO_PROXY"] == "example.org"


def test_hubs_nest():
    with LocalHub() as outer:
        huggingface_hub.create_repo("a")
        with LocalHub() as inner:
            assert inner.endpoint != outer.endpoint
            assert not huggingface_hub.repo_exists("spacehub/a")
        assert huggingface_hub.repo_exists("spacehub/a")


def test_a_root_is_kept(tmp_path):
    with LocalHub(tmp_path / "hub") as hub:
        token = hub.token
        huggingface_hub.create_repo("kept")
    assert (tmp_path / "hub/token").stat().st_mode & 0o777 == 0o600
    with LocalHub(tmp_path / "hub") as hub:
        assert hub.token == token
        assert huggingface_hub.repo_exists("spacehub/kept")


def test_accounts_from_a_list(tmp_path):
    accounts = [
        {"name": "reader", "tokens": [{"token": "hf_only_reads", "role": "read"}]},
        {"name": "writer", "tokens": [{"token": "hf_also_writes", "role": "write"}]},
    ]
    with LocalHub(tmp_path, accounts=accounts) as hub:
        assert (hub.account, hub.token) == ("writer", "hf_also_writes")
        assert huggingface_hub.create_repo("x").repo_id == "writer/x"
    assert not (tmp_path / "token").exists()


def taken_port():
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def refused(tmp_path, case):
    """Start a Hub in a way that must be refused."""
    root = tmp_path / "root"
    if case == "port in use":
        with taken_port() as taken:
            LocalHub(root, port=taken.getsockname()[1]).__enter__()
    if case == "folder in use":
        with LocalHub(root):
            LocalHub(root).__enter__()
    if case == "folder is a file":
        root.write_text("")
        LocalHub(root).__enter__()
    if case == "folder cannot be made":
        LocalHub("/proc/hub").__enter__()
    if case == "not loopback":
        LocalHub(root, host="0.0.0.0").__enter__()
    if case == "no such host":
        LocalHub(root, host="no-such-host.invalid", accounts=[{"name": "a"}]).__enter__()
    if case == "accounts file missing":
        LocalHub(root, accounts=tmp_path / "none.json").__enter__()
    if case == "nobody may write":
        LocalHub(root, accounts=[{"name": "a"}]).__enter__()
    if case == "serve, port in use":
        with taken_port() as taken:
            serve(root, port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ("port in use", "port"),
        ("folder in use", "Another Hub"),
        ("folder is a file", "root"),
        ("folder cannot be made", "/proc/hub"),
        ("not loopback", "0.0.0.0"),
        ("no such host", "no-such-host.invalid"),
        ("accounts file missing", "none.json"),
        ("nobody may write", "write"),
        ("serve, port in use", "port"),
    ],
)
def test_refusals_name_the_cause_and_the_remedy(tmp_path, case, named):
    before = dict(os.environ)
    with pytest.raises(LocalHubError) as caught:
        refused(tmp_path, case)
    assert named in caught.value.problem
    assert caught.value.fix.endswith(".")
    assert dict(os.environ) == before
    if not (tmp_path / "root").is_file():
        with LocalHub(tmp_path / "root"):  # nothing is left locked
            pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_cleanly(hub_process, number):
    hub = hub_process()
    assert str(hub.root / "token") in hub.line
    assert httpx2.get(f"{hub.endpoint}/healthz", trust_env=False).json() == {"status": "ok"}
    hub.process.send_signal(number)
    _, errors = hub.process.communicate(timeout=20)
    assert (hub.process.returncode, errors) == (0, "")
    hub_process(hub.root)


def test_a_second_server_on_a_folder_is_refused(hub_process):
    hub = hub_process()
    command = [sys.executable, "-m", "spacehub.cli", "hub", "--root", str(hub.root), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Another Hub or a maintenance command is already using" in done.stderr
    assert "Traceback" not in done.stderr


def test_importing_the_plugin_is_light():
    code = "import sys, localhub.pytest_plugin as p; print('huggingface_hub' in sys.modules, 'pygit2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_the_plugin_isolates(pytester_folder):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(pytester_folder)],
        cwd=pytester_folder,
        capture_output=True,
        text=True,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


@pytest.fixture
def pytester_folder(tmp_path):
    (tmp_path / "test_someone_elses.py").write_text(
        "import pytest\n"
        "from huggingface_hub import create_repo, list_models\n"
        "@pytest.mark.parametrize('turn', [1, 2])\n"
        "def test_fresh(local_hub, turn):\n"
        "    assert list(list_models()) == []\n"
        "    create_repo('mine')\n"
        "    assert [model.id for model in list_models()] == [f'{local_hub.account}/mine']\n"
    )
    return tmp_path


def test_many_threads_read_while_one_writes(local_hub, api):
    api.create_repo("busy")
    api.upload_file(path_or_fileobj=b"x" * 1000, path_in_repo="a", repo_id="spacehub/busy")
    errors = []

    def read():
        with httpx2.Client(base_url=local_hub.endpoint, trust_env=False, timeout=30) as client:
            for _ in range(30):
                for path in (
                    "/spacehub/busy/resolve/main/a",
                    "/api/models/spacehub/busy/tree/main",
                    "/api/models",
                ):
                    answer = client.get(path)
                    if answer.status_code != 200:
                        errors.append(answer.text)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for number in range(20):
        api.upload_file(path_or_fileobj=b"%d" % number, path_in_repo="b", repo_id="spacehub/busy")
    for reader in readers:
        reader.join()
    assert errors == []


def test_metadata_is_small_files_next_to_the_repo(tmp_path):
    import json

    with LocalHub(tmp_path / "hub"):
        huggingface_hub.create_repo("a", private=True)
        folder = Path(tmp_path / "hub/repos/models/spacehub/a")
        assert sorted(path.name for path in folder.iterdir()) == ["git", "repo.json"]
        assert json.loads((folder / "repo.json").read_text())["private"] is True
