"""The image: its Dockerfile is clean, copies what the app imports, and its steps give an app that runs read-only."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from spacehub.space import MODULES
from tests.doses import in_the_soak
from tests.processes import ROOT, clean_environment, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.test_app_endpoints import FLIGHT

LARGEST_MB = 900
# What python:3.12-slim-bookworm takes: Debian, Python and what both need.
BASE_MB = 125


def stages() -> dict[str, list[tuple[str, str]]]:
    """Return the Dockerfile's instructions by stage, each a word and the rest."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found: dict[str, list[tuple[str, str]]] = {}
    steps: list[tuple[str, str]] = []
    for line in filter(str.strip, text.splitlines()):
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            steps = found.setdefault(rest.rpartition(" AS ")[2], [])
        steps.append((word, rest))
    return found


def test_every_image_is_pinned_by_digest():
    built = set(stages())
    used = [
        rest.partition(" AS ")[0] for steps in stages().values() for word, rest in steps if word == "FROM"
    ]
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    used += [service["image"] for service in services if "build" not in service]
    others = set(used) - built
    assert {name.partition(":")[0] for name in others} == {"python", "prom/prometheus"}
    assert all(re.fullmatch(r"[\w/]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}", name) for name in others)


def test_hadolint_has_nothing_to_say():
    run = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), ROOT / "Dockerfile"], capture_output=True, text=True
    )
    assert (run.returncode, run.stdout) == (0, "")


def test_the_app_s_stage_is_last_unprivileged_and_copies_what_a_space_holds():
    words = dict(list(stages().values())[-1])
    assert words["USER"] == "1000"
    assert "/livez" in words["HEALTHCHECK"]
    copied = [
        part
        for word, rest in stages()["packages"]
        if word == "COPY" and "--from" not in rest
        for part in rest.split()[:-1]
    ]
    assert {Path(name).name for name in copied if name.startswith("spacehub/")} == set(MODULES)
    assert "space_app" in copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_compose_starts_hub_app_and_prometheus_without_privileges():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"hub", "app", "prometheus"}
    for service in services.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert {services[name]["build"]["target"] for name in ("hub", "app")} <= set(stages())


@in_the_soak
@pytest.mark.timeout(1800)
def test_the_steps_in_a_plain_folder_give_a_small_app_that_runs_read_only(published, tmp_path):
    """Where no container engine is: RUN and COPY act on /srv, which is a folder here."""
    root = tmp_path / "image"
    (root / "srv").mkdir(parents=True)

    def here(text: str) -> str:
        return text.replace("/srv", str(root / "srv")).replace("/data", str(tmp_path / "data"))

    environment = dict(os.environ) | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    index = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    ).stdout.strip()
    environment |= {"UV_LINK_MODE": "copy"} | ({"UV_DEFAULT_INDEX": index} if index else {})
    for name in ("packages", "app"):
        for word, rest in stages()[name]:
            if word == "COPY" and "--from" not in rest:
                *sources, target = shlex.split(rest)
                for source in sources:
                    path = (
                        Path(here(target)) / Path(source).name if target.endswith("/") else Path(here(target))
                    )
                    path.parent.mkdir(parents=True, exist_ok=True)
                    copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copyfile
                    copy(ROOT / source, path)
            elif word == "RUN" and "/srv/packages" in rest:
                subprocess.run(["sh", "-c", here(rest)], env=environment, check=True)
    size = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_symlink())
    assert size / 1e6 + BASE_MB < LARGEST_MB
    for path in (root / "srv").rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    before = set(root.rglob("*"))
    (tmp_path / "data").mkdir()
    app = AppProcess(
        tmp_path / "log",
        published,
        str(root / "srv" / "packages" / "bin" / "python"),
        "-m",
        "space_app.app",
        cwd=root / "srv" / "app",
        SPACEHUB_HOME=str(tmp_path / "data"),
        PYTHONDONTWRITEBYTECODE="1",
    )
    try:
        assert 0 < app.client().predict(**FLIGHT, api_name="/predict_landing")["probability"] < 1
        assert app.client().predict("heuristic", api_name="/film_lander")["flights"][0]["landed"]
        [health] = [rest for word, rest in stages()["app"] if word == "HEALTHCHECK"]
        code = re.search(r'CMD \["python", "-c", "(.*)"\]', health)[1].replace("7860", str(app.port))
        subprocess.run([sys.executable, "-c", code], env=clean_environment(), check=True)
    finally:
        stop(app.process)
    assert "Traceback" not in app.log.read_text()
    # Gradio tries to write a type stub and carries on where it cannot; root, whom no file mode stops, lets it.
    assert [path for path in root.rglob("*") if path not in before and path.suffix != ".pyi"] == []
