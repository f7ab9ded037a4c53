"""The Space runner: it starts what was pushed, as huggingface.co does, and shows what became of it."""

import base64
import http.client
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import RepositoryNotFoundError

from localhub import LocalHub, LocalHubError
from localhub.spaces import runner

SPACE = "spacehub/tiny"
# Answers with its environment, and an upgraded connection with what it is sent.
APP = """
import http.server, json, os, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade"):
            self.send_response(101)
            self.end_headers()
            self.wfile.write(self.rfile.read(4))
            self.close_connection = True
            return
        body = json.dumps({"path": self.path, "headers": dict(self.headers), "said": "VERSION",
                           "environment": dict(os.environ), "python": sys.executable}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

print("app.py starts")
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""
CARD = "---\ntitle: Tiny\nsdk: gradio\n---\n"


@pytest.fixture(scope="module")
def hub():
    with LocalHub(run_spaces=True) as hub:
        yield hub


@pytest.fixture
def api(hub):
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    yield api
    api.delete_repo(SPACE, repo_type="space", missing_ok=True)


def push(api: HfApi, app: str = APP, **files: str) -> str:
    api.create_repo(SPACE, repo_type="space", space_sdk="gradio", exist_ok=True)
    from huggingface_hub import CommitOperationAdd

    wanted = {"app.py": app, "README.md": CARD} | files
    operations = [CommitOperationAdd(name, text.encode()) for name, text in wanted.items()]
    return api.create_commit(SPACE, operations, commit_message="Push", repo_type="space").oid


def until(api: HfApi, commit: str):
    """Wait as a deployment does: until the newest commit's run has come to an end stage."""
    while True:
        runtime = api.wait_for_space(SPACE, timeout=120, poll_interval=0.05)
        if runtime.raw.get("sha") == commit:
            return runtime
        time.sleep(0.05)


def ask(api: HfApi, path: str = "", **headers: str) -> httpx2.Response:
    host = api.space_info(SPACE).host
    return httpx2.get(host + path, headers=headers, trust_env=False, timeout=30)


def test_a_pushed_space_runs_behind_a_proxy_with_the_settings_of_a_space(api, hub):
    given = [{"key": "WINDOW", "value": "ajar"}]
    api.create_repo(SPACE, repo_type="space", space_sdk="gradio", space_secrets=given)
    api.add_space_variable(SPACE, "COLOUR", "blue")
    api.add_space_secret(SPACE, "DOOR", "open-sesame")
    commit = push(api)
    runtime = until(api, commit)
    assert (runtime.stage, runtime.hardware) == ("RUNNING", "cpu-basic")
    answer = ask(api, "a/b?c=%20d", Authorization=f"Bearer {hub.token}").json()
    environment = answer["environment"]
    assert answer["path"] == "/a/b?c=%20d"
    assert environment["SPACE_ID"] == SPACE
    assert (environment["SPACE_AUTHOR_NAME"], environment["SPACE_REPO_NAME"]) == ("spacehub", "tiny")
    assert environment["SPACE_TITLE"] == "Tiny"
    assert environment["GRADIO_ROOT_PATH"] == f"/{SPACE}"
    names = ("COLOUR", "DOOR", "WINDOW")
    assert [environment[name] for name in names] == ["blue", "open-sesame", "ajar"]
    assert environment["HF_ENDPOINT"] == hub.endpoint
    assert "HF_TOKEN" not in environment
    assert "Authorization" not in answer["headers"]
    basic = base64.b64encode(b"git:hf_elsewhere").decode()
    for given, passed in (
        ("Bearer hf_elsewhere", None),
        (f"Basic {basic}", None),
        ("hf_elsewhere", None),
        ("Bearer of-the-app", "Bearer of-the-app"),
    ):
        assert ask(api, Authorization=given).json()["headers"].get("Authorization") == passed
    assert answer["headers"]["X-Forwarded-Host"] == urlsplit(api.space_info(SPACE).host).netloc
    assert Path(answer["python"]).parent.parent.name != "bin"
    assert Path(answer["python"]).exists()
    page = httpx2.get(f"{hub.endpoint}/spaces/{SPACE}", trust_env=False).text
    assert f'<a href="{api.space_info(SPACE).host}">Open the app</a>' in page
    assert any("Building spacehub/tiny" in line for line in api.fetch_space_logs(SPACE, build=True))
    assert "app.py starts\n" in api.fetch_space_logs(SPACE)


def test_an_upgraded_connection_is_passed_on(api):
    until(api, push(api))
    address = urlsplit(api.space_info(SPACE).host)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    connection.request("GET", address.path, headers={"Upgrade": "echo", "Connection": "Upgrade"})
    connection.sock.sendall(b"over")
    received = b""
    while data := connection.sock.recv(1000):
        received += data
    assert received.startswith(b"HTTP/1.1 101")
    assert received.endswith(b"over")


def test_the_old_commit_serves_until_the_new_one_does(api):
    until(api, push(api, APP.replace("VERSION", "one")))
    slow = APP.replace("VERSION", "two").replace("print(", "import time; time.sleep(1); print(", 1)
    commit = push(api, slow)
    stages, said = set(), set()
    while "two" not in said:
        stages.add(api.get_space_runtime(SPACE).stage)
        said.add(ask(api).json()["said"])
    assert said == {"one", "two"}
    assert stages <= {"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"}
    assert "RUNNING_APP_STARTING" in stages
    assert until(api, commit).stage == "RUNNING"


@pytest.mark.parametrize(
    ("app", "files", "stage", "build", "words"),
    [
        ("import nothing_of_this_name", {}, "RUNTIME_ERROR", False, "No module named 'nothing_of_this_name'"),
        (
            APP,
            {"requirements.txt": "no such requirement ="},
            "BUILD_ERROR",
            True,
            "Installing the requirements failed",
        ),
        (APP, {"README.md": CARD.replace("gradio", "docker")}, "NO_APP_FILE", True, "needs a container"),
        (
            APP,
            {"README.md": CARD.replace("sdk:", "app_file: other.py\nsdk:")},
            "NO_APP_FILE",
            True,
            "other.py",
        ),
        (
            APP,
            {"README.md": CARD.replace("sdk:", "python_version: '2.7'\nsdk:")},
            "CONFIG_ERROR",
            True,
            "2.7",
        ),
        (
            APP,
            {"README.md": CARD.replace("sdk:", "preload_from_hub: [--x]\nsdk:")},
            "CONFIG_ERROR",
            True,
            "--x",
        ),
        (APP, {"packages.txt": "ffmpeg"}, "BUILD_ERROR", True, "packages.txt"),
    ],
    ids=["import", "requirements", "docker", "app file", "python", "preload", "packages"],
)
def test_a_space_that_cannot_run_says_why(api, app, files, stage, build, words):
    commit = push(api, app, **files)
    assert until(api, commit).stage == stage
    assert words in "".join(api.fetch_space_logs(SPACE, build=build))
    assert ask(api).status_code == 503


def test_pause_restart_and_delete(api):
    until(api, push(api))
    process = ask(api).json()
    assert api.pause_space(SPACE).stage == "PAUSED"
    assert ask(api).status_code == 503
    api.restart_space(SPACE)
    assert api.wait_for_space(SPACE, timeout=60, poll_interval=0.05).stage == "RUNNING"
    assert (
        ask(api).json()["environment"]["GRADIO_SERVER_PORT"] != process["environment"]["GRADIO_SERVER_PORT"]
    )
    api.delete_repo(SPACE, repo_type="space")
    push(api, "")
    assert ask(api).status_code == 503


def test_a_moved_space_runs_at_its_new_address_with_its_secrets(api):
    api.create_repo(SPACE, repo_type="space", space_sdk="gradio")
    api.add_space_secret(SPACE, "DOOR", "open-sesame")
    until(api, push(api))
    old, new = api.space_info(SPACE).host, "spacehub/moved"
    api.move_repo(SPACE, new, repo_type="space")
    assert api.wait_for_space(new, timeout=60, poll_interval=0.05).stage == "RUNNING"
    answer = httpx2.get(api.space_info(new).host, trust_env=False, timeout=30).json()
    environment = answer["environment"]
    assert (environment["SPACE_ID"], environment["DOOR"]) == (new, "open-sesame")
    redirect = httpx2.get(f"{old}page", trust_env=False, timeout=30)
    assert (redirect.status_code, redirect.headers["location"]) == (307, f"/{new}/page")
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo(SPACE, repo_type="space")
    api.delete_repo(new, repo_type="space")


def test_only_so_many_run_at_once(api, monkeypatch):
    monkeypatch.setattr(runner, "MOST_SPACES", 1)
    until(api, push(api))
    other = "spacehub/other"
    api.create_repo(other, repo_type="space", space_sdk="gradio")
    api.upload_file(path_or_fileobj=APP.encode(), path_in_repo="app.py", repo_id=other, repo_type="space")
    assert api.wait_for_space(other, timeout=60, poll_interval=0.05).stage == "RUNTIME_ERROR"
    assert "1 Spaces are already running" in "".join(api.fetch_space_logs(other, build=True))
    assert until(api, push(api, APP + "\n")).stage == "RUNNING"
    api.delete_repo(other, repo_type="space")


def test_a_model_is_preloaded_at_a_commit(api):
    api.create_repo("weights")
    api.upload_file(path_or_fileobj=b"old", path_in_repo="w.bin", repo_id="spacehub/weights")
    commit = api.model_info("spacehub/weights").sha
    api.upload_file(path_or_fileobj=b"new", path_in_repo="w.bin", repo_id="spacehub/weights")
    line = f"preload_from_hub:\n- spacehub/weights w.bin {commit}\nsdk:"
    until(api, push(api, **{"README.md": CARD.replace("sdk:", line)}))
    home = Path(ask(api).json()["environment"]["HF_HOME"])
    [file] = home.glob(f"hub/models--spacehub--weights/snapshots/{commit}/w.bin")
    assert file.read_bytes() == b"old"


def test_a_private_space_is_for_its_owners(api, hub):
    api.create_repo(SPACE, repo_type="space", space_sdk="gradio", private=True)
    until(api, push(api))
    assert ask(api).status_code == 404
    assert ask(api, **{"X-HF-Authorization": f"Bearer {hub.token}"}).json()["said"] == "VERSION"
    assert ask(api, Authorization="Bearer hf_wrong").status_code == 404


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 404),
        ("/spacehub/none/", {}, 404),
        ("/../../etc/passwd", {}, 404),
        ("/spacehub/tiny", {}, 307),
        ("/spacehub/tiny/", {"Host": "example.org"}, 403),
        ("/spacehub/tiny/", {"X": "y" * 70_000}, 431),
    ],
)
def test_the_proxy_refuses(api, path, headers, status):
    push(api, "")
    connection = http.client.HTTPConnection(urlsplit(api.space_info(SPACE).host).netloc, timeout=30)
    connection.request("GET", path, headers=headers)
    assert connection.getresponse().status == status


def test_it_is_opt_in_and_for_this_machine_only(local_hub, tmp_path):
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token)
    push(api)
    assert api.get_space_runtime(SPACE).stage == "STOPPED"
    assert api.space_info(SPACE).host is None
    accounts = [{"name": "ann", "tokens": [{"token": "hf_ann", "name": "t", "role": "write"}]}]
    with pytest.raises(LocalHubError, match="Cannot use --run-spaces"):
        LocalHub(tmp_path, host="0.0.0.0", accounts=accounts, run_spaces=True).__enter__()


def test_nothing_runs_after_the_hub(tmp_path):
    with LocalHub(tmp_path / "hub", run_spaces=True) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        until(api, push(api, APP.replace("VERSION", str(os.getpid()))))
        port = ask(api).json()["environment"]["GRADIO_SERVER_PORT"]
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", int(port), timeout=5).connect()
    assert list((tmp_path / "hub" / "spaces" / "runs").iterdir()) == []


def test_a_static_space_s_files_are_served(hub):
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("page", repo_type="space", space_sdk="static")
    files = {
        "index.html": b"<h1>Page</h1>",
        "sub/index.html": b"sub",
        "app.js": b"1",
        "big.wasm": bytes(11 << 20),
        "README.md": b"---\nsdk: static\n---\n",
    }
    operations = [CommitOperationAdd(name, content) for name, content in files.items()]
    api.create_commit("spacehub/page", operations, repo_type="space", commit_message="Files")
    try:
        info = api.space_info("spacehub/page")
        for path, kind, content in (
            ("", "text/html; charset=utf-8", files["index.html"]),
            ("sub/?a=b", "text/html; charset=utf-8", b"sub"),
            ("app.js", "text/javascript; charset=utf-8", b"1"),
            ("big.wasm", "application/wasm", files["big.wasm"]),
        ):
            answer = httpx2.get(info.host + path, trust_env=False)
            found = answer.status_code, answer.headers["content-type"], answer.headers["x-repo-commit"]
            assert found == (200, kind, info.sha)
            assert answer.content == content
            assert httpx2.head(info.host + path, trust_env=False).headers["content-length"] == str(
                len(content)
            )
        for path in "none.html", "sub", "%2e%2e/%2e%2e/config", "a%00b":
            assert httpx2.get(info.host + path, trust_env=False).status_code == 404
        assert httpx2.post(info.host, trust_env=False).status_code == 405
        assert httpx2.get(info.host.rstrip("/"), trust_env=False).status_code == 307
    finally:
        api.delete_repo("spacehub/page", repo_type="space")
