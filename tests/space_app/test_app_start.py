"""Starting the app: as a Space holds it, with its own light requirements, and with a mistake in the way."""

import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from localhub.spaces.environments import registry
from localhub.spaces.plan import ADDED
from spacehub import catalogue
from spacehub.space import ZERO_GPU_PYTHON, bundle
from tests.doses import SOAK
from tests.processes import ROOT, clean_environment, free_port, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.test_app_endpoints import FLIGHT

TRAINING = [
    "torch",
    "transformers",
    "timm",
    "stable_baselines3",
    "skops",
    "datasets",
    "spacehub.models",
]
# Runs the app, and prints which type stubs it opens: Gradio would rewrite them all (`space_app.gradio_fixes`).
WATCHED = """
import runpy, sys
sys.addaudithook(lambda event, found: event == "open" and str(found[0]).endswith(".pyi") and print(found[0]))
runpy.run_module("space_app.app", run_name="__main__", alter_sys=True)
"""


def start(**environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, str(ROOT / "space_app" / "app.py")],
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_port_in_use_is_two_sentences():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        run = start(SPACEHUB_APP_PORT=str(port))
    assert run.returncode == 1
    assert f"Cannot listen on port {port}" in run.stderr
    assert "SPACEHUB_APP_PORT=" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("port", ["seven", "0", "65536", "-1", "7860.5"])
def test_what_is_no_port_is_two_sentences(port):
    run = start(SPACEHUB_APP_PORT=port)
    assert run.returncode == 1
    assert f"SPACEHUB_APP_PORT is '{port}', which is not a port number." in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_that_cannot_be_written_is_two_sentences(tmp_path):
    (tmp_path / "file").write_text("")
    run = start(SPACEHUB_APP_PORT=str(free_port()), SPACEHUB_HOME=str(tmp_path / "file"))
    assert run.returncode == 1
    assert "The app cannot write to" in run.stderr
    assert "Traceback" not in run.stderr


def test_what_the_app_writes_goes_with_it(published, tmp_path):
    app = AppProcess(tmp_path, published, sys.executable, "-c", WATCHED, SPACEHUB_HOME=str(tmp_path / "home"))
    app.client().predict(**FLIGHT, api_name="/predict_landing")
    assert list((tmp_path / "home" / "uploads").iterdir())
    # A page keeps such a stream open.
    with urllib.request.urlopen(f"{app.address}gradio_api/heartbeat/abc", timeout=30):
        app.process.send_signal(signal.SIGINT)
        assert app.process.wait(60) == 130
    log = app.log.read_text()
    assert "Traceback" not in log
    assert ".pyi" not in log
    assert not list((tmp_path / "home" / "uploads").iterdir())
    assert not (tmp_path / ".cache" / "Microsoft").exists()


@pytest.fixture(scope="session")
def light_python(tmp_path_factory):
    """The Python of an environment made from space_app/requirements.txt alone.

    In the soak, uv installs the packages. Otherwise, the environment links them from that of the tests.
    """
    folder = tmp_path_factory.mktemp("light") / "venv"
    if SOAK:
        return installed(folder)
    venv.create(folder, symlinks=True)
    [target] = folder.glob("lib/python*/site-packages")
    lines = (ROOT / "space_app" / "requirements.txt").read_text().splitlines()
    for distribution in needed({line for line in lines if line and not line.startswith("#")}):
        for top in {file.parts[0] for file in distribution.files if ".." not in file.parts}:
            if not (target / top).exists():
                (target / top).symlink_to(distribution.locate_file(top))
    return folder / "bin" / "python"


def needed(requirements: set[str]) -> list[importlib.metadata.Distribution]:
    """Return the installed distributions that requirements name, and all that these require."""
    waiting, found = [Requirement(line) for line in requirements], {}
    while waiting:
        asked = waiting.pop()
        if (asked.name.lower(), *asked.extras) in found:
            continue
        distribution = importlib.metadata.distribution(asked.name)
        found[asked.name.lower(), *asked.extras] = distribution
        for line in distribution.requires or []:
            further = Requirement(line)
            extras = [{"extra": extra} for extra in asked.extras or {""}]
            if further.marker is None or any(further.marker.evaluate(extra) for extra in extras):
                waiting.append(further)
    return list(found.values())


def installed(folder: Path) -> Path:
    """Install the requirements as a Space does, and return the environment's Python."""
    index = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    ).stdout.strip()
    environment = os.environ | ({"UV_DEFAULT_INDEX": index} if index else {})
    uv = [sys.executable, "-m", "uv"]
    python = folder / "bin" / "python"
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    requirements = ROOT / "space_app" / "requirements.txt"
    subprocess.run(
        [*uv, "pip", "install", "--quiet", "--python", python, "-r", requirements],
        env=environment,
        check=True,
    )
    return python


def test_a_space_needs_only_its_own_requirements(published, light_python, tmp_path):
    space = bundle(tmp_path / "space")
    names = {path.relative_to(space).as_posix() for path in space.rglob("*") if path.is_file()}
    assert {"app.py", "README.md", "requirements.txt", "space_app/page.py", "spacehub/catalogue.py"} <= names
    assert not any(
        name.startswith(("spacehub/models", "spacehub/data", "spacehub/localhub")) for name in names
    )

    probe = "import importlib.util, json, sys; found = [name for name in json.loads(sys.argv[1]) if "
    probe += "importlib.util.find_spec(name.split('.')[0]) and importlib.util.find_spec(name)]; print(found)"
    found = subprocess.run(
        [light_python, "-c", probe, json.dumps(TRAINING)],
        cwd=space,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"

    app = AppProcess(tmp_path, published, str(light_python), "app.py", cwd=space)
    try:
        assert 0 < app.client().predict(**FLIGHT, api_name="/predict_landing")["probability"] < 1
        assert app.client().predict("heuristic", api_name="/film_lander")["flights"][0]["landed"]
    finally:
        stop(app.process)
    assert "Traceback" not in app.log.read_text()


def test_the_requirements_are_those_of_the_full_lock():
    locked = (ROOT / "requirements.txt").read_text().splitlines()
    light = (ROOT / "space_app" / "requirements.txt").read_text().splitlines()
    pins = [line for line in light if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if pin not in locked] == []


@pytest.mark.parametrize("python", ["3.11", ZERO_GPU_PYTHON])
def test_the_requirements_fit_what_huggingface_co_installs_with_them(python, tmp_path):
    """A conflict would fail the build of the Space."""
    front = (ROOT / "space_app" / "README.md").read_text().split("---\n")[1]
    theirs = tmp_path / "theirs.txt"
    theirs.write_text("\n".join(ADDED).format(version=yaml.safe_load(front)["sdk_version"]))
    light = ROOT / "space_app" / "requirements.txt"
    command = [sys.executable, "-m", "uv", "pip", "compile", "--no-header", "--no-annotate"]
    run = subprocess.run(
        [*command, "--python-version", python, light, theirs],
        env=os.environ | registry(),
        capture_output=True,
        text=True,
    )
    if run.returncode and "No solution" not in run.stderr and not os.environ.get("CI"):
        pytest.skip(f"the package index cannot be reached: {run.stderr[-300:]}")
    assert run.returncode == 0, run.stderr
    assert {"mcp", "spaces"} <= {line.partition("==")[0] for line in run.stdout.splitlines()}


def test_the_front_matter_names_what_the_app_uses(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "alice")
    _, front, _ = (bundle(tmp_path / "space") / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    facts = yaml.safe_load(front)
    pins = (ROOT / "space_app" / "requirements.txt").read_text()
    assert f"gradio=={facts['sdk_version']}\n" in pins
    assert facts["models"] == [entry.repo_id for entry in catalogue.MODELS.values()]
    assert facts["datasets"] == [entry.repo_id for entry in catalogue.DATASETS.values()]
    assert "alice/falcon9-landings" in facts["datasets"]
    assert (facts["sdk"], facts["app_file"]) == ("gradio", "app.py")
    assert len(facts["short_description"]) <= 60


def test_a_bundle_overwrites_nothing(tmp_path):
    from spacehub.errors import SpaceHubError

    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SpaceHubError, match="is not empty"):
        bundle(tmp_path)
