"""Deploying: pushed, built, checked, and rolled back when the app does not run or answers wrongly."""

import shutil

import httpx2
import pytest
from huggingface_hub import HfApi

from space_app import known_answers
from spacehub import deploy, space
from spacehub.deploy import WrongDeploymentError, secrets_from_environment
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from tests.doses import in_the_soak
from tests.processes import HubProcess, stop

SPACE = "spacehub/app"
# Answers a question with its version and two of its variables.
APP = """
import http.server, os

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"VERSION {os.environ.get('COLOUR')} {os.environ.get('DOOR')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

http.server.HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with an app of one file that needs no packages; returns what writes another version of it."""
    root = tmp_path / "checkout"
    app = root / "space_app"
    app.mkdir(parents=True)
    (app / "README.md").write_text("---\ntitle: Tiny\nsdk: gradio\n---\n")
    (app / "requirements.txt").write_text("")
    shutil.copyfile(space.ROOT / "space_app" / "thumbnail.png", app / "thumbnail.png")
    for name in space.MODULES:
        path = root / "spacehub" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("") if path.suffix else path.mkdir()
    monkeypatch.setattr(space, "ROOT", root)
    monkeypatch.setattr(deploy, "POLL_SECONDS", 0.05)

    def write(text: str) -> None:
        (app / "app.py").write_text(text)

    return write


@pytest.fixture
def question(monkeypatch):
    """Have the one question be for the version, and the right answer be "right"."""

    def check(address: str, *, token, say) -> list[str]:
        said = httpx2.get(address, trust_env=False).text
        return [] if said.startswith("right") else [f"It says {said}."]

    monkeypatch.setattr(known_answers, "check", check)


def said(api: HfApi) -> str:
    return httpx2.get(api.space_info(SPACE).host, trust_env=False).text


def test_a_wrong_answer_or_a_crash_restores_the_commit_before(checkout, question, monkeypatch):
    monkeypatch.setenv("OPEN_SESAME", "ajar")
    lines: list[str] = []
    with LocalHub(run_spaces=True) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        checkout(APP.replace("VERSION", "right"))
        secrets = secrets_from_environment(["DOOR=OPEN_SESAME"])
        first = deploy.deploy(SPACE, variables={"COLOUR": "blue"}, secrets=secrets, say=lines.append)
        assert any("build | Building spacehub/app" in line for line in lines)
        assert said(api) == "right blue ajar"
        assert "ajar" not in "".join(lines)
        for broken, words in (
            (APP.replace("VERSION", "nonsense"), "It says nonsense red ajar"),
            ("raise SystemExit(3)", "Its stage is RUNTIME_ERROR"),
        ):
            checkout(broken)
            with pytest.raises(WrongDeploymentError, match=words) as caught:
                deploy.deploy(SPACE, variables={"COLOUR": "red", "NEW": "1"}, say=lines.append)
            assert "serves the previous version again" in caught.value.fix
            assert said(api) == "right blue ajar"
            assert set(api.get_space_variables(SPACE)) == {"COLOUR"}
        history = [one.title for one in api.list_repo_commits(SPACE, repo_type="space")]
        back = f"Roll back to {first[:8]}"
        assert history[1:] == ["The app", back, "The app", "The app", "initial commit"]
        assert history[0].startswith("Roll back to ")
        assert "The app exited with code 3." in "".join(lines)


def test_a_new_space_that_answers_wrongly_is_paused(checkout, question):
    checkout(APP.replace("VERSION", "nonsense"))
    with LocalHub(run_spaces=True):
        with pytest.raises(WrongDeploymentError, match="The Space is now paused"):
            deploy.deploy(SPACE, hardware="cpu-upgrade", private=False, say=lambda line: None)
        runtime = HfApi().get_space_runtime(SPACE)
        assert (runtime.stage, runtime.requested_hardware) == ("PAUSED", "cpu-upgrade")


def test_a_hub_that_runs_no_spaces_is_named(local_hub, checkout, monkeypatch):
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "someone-else")
    checkout(APP)
    with pytest.raises(SpaceHubError, match="not checked, because this Hub does not run Spaces"):
        deploy.deploy(SPACE, say=lambda line: None)
    assert HfApi().get_space_variables(SPACE)["SPACEHUB_NAMESPACE"].value == "someone-else"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: deploy.deploy("app"), "'app' is not a valid Space name"),
        (lambda: deploy.deploy("a/b", variables={"no name": "1"}), "'no name' is not a valid variable name"),
        (
            lambda: secrets_from_environment(["DOOR=NOT_SET_ANYWHERE"]),
            "variable 'NOT_SET_ANYWHERE' is not set",
        ),
    ],
)
def test_mistakes(call, words):
    with pytest.raises(SpaceHubError, match=words):
        call()


@in_the_soak
@pytest.mark.timeout(1800)
def test_the_real_app_is_deployed_checked_and_rolled_back(published, tmp_path):
    shutil.copytree(published.folder / "hub", tmp_path / "hub")
    (tmp_path / "hub" / "lock").unlink(missing_ok=True)
    hub = HubProcess(tmp_path, "--run-spaces")
    try:
        hub.run("-m", "spacehub.cli", "deploy", SPACE)
        worse = hub.call("-c", WORSE, str(tmp_path / "worse"))
        assert "Landing: probability is" in worse.stderr, worse.stdout + worse.stderr
        assert "serves the previous version again" in worse.stderr
    finally:
        stop(hub.process)


# Deploys a checkout whose app halves each probability.
WORSE = """
import shutil, sys
from pathlib import Path
from spacehub import cli, space
root = Path(sys.argv[1])
for name in ("space_app", "spacehub"):
    shutil.copytree(space.ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
path = root / "space_app" / "landing" / "api.py"
text = path.read_text()
assert "probability=" in text
path.write_text(text.replace("probability=", "probability=0.5 * ", 1))
space.ROOT = root
cli.main(["deploy", "spacehub/app"])
"""
