"""Run a client's own tests against an embedded Hub, in a process of their own with settings of their own."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.official import suites
from tests.processes import ROOT, clean_environment, free_port, stop, wait_for

ADAPTER = Path(__file__).parent / "adapter"
EXCLUSIONS = Path(__file__).parent / "exclusions.toml"
STAGING = "https://hub-ci.huggingface.co"
OF_ADDRESSES_ALONE = {"test_utils_errors.py"}  # how an https address is read, which needs no Hub

# What the suites do not carry, and where they look for it.
_ADAPTED = {
    "huggingface_hub": {"suite_conftest.py": "conftest.py", "cards": "fixtures/cards"},
    "datasets": {
        "suite_conftest.py": "conftest.py",
        "utils.py": "utils.py",
        "hub_fixtures.py": "fixtures/hub.py",
    },
}

_SETTINGS = """
[pytest]
addopts = -Werror::FutureWarning --strict-markers -p no:cacheprovider -p pytest_mock -p pytest_asyncio.plugin -p pytest_timeout -p xdist.plugin -p left_out
timeout = 240
asyncio_default_fixture_loop_scope = function
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one test: passed, failed, error or skipped, and what pytest says of it."""

    state: str
    text: str = ""


@contextlib.contextmanager
def hub(folder: Path) -> Iterator[str]:
    """An embedded Hub with the accounts that the suites expect; gives its address."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "hub.log"
    command = [
        sys.executable,
        "-m",
        "spacehub.cli",
        "hub",
        "--root",
        str(folder / "hub"),
        "--port",
        str(port),
    ]
    command += ["--accounts", str(ADAPTER / "accounts.json")]
    with open(log, "w") as file:
        process = subprocess.Popen(command, env=clean_environment(), stdout=file, stderr=file, cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def prepare(suite: suites.Suite, endpoint: str, folder: Path) -> None:
    """Copy a suite's tests to a folder, with the address of its staging Hub replaced, and add what it does not carry."""
    tests = suite.fetch()
    for path in tests.rglob("*.py"):
        copy = folder / "tests" / path.relative_to(tests)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name not in OF_ADDRESSES_ALONE:
            text = text.replace(STAGING, endpoint)
        copy.write_text(text, encoding="utf-8")
    (folder / "tests" / "__init__.py").touch()
    for source, place in _ADAPTED[suite.package].items():
        copy = folder / "tests" / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        source = ADAPTER / suite.package / source
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, copy)
    (folder / "pytest.ini").write_text(_SETTINGS)


def command(
    suite: suites.Suite, folder: Path, endpoint: str, arguments: list[str]
) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that run a prepared suite with some of pytest's arguments."""
    arguments = [f"tests/{argument}" if argument.startswith("test_") else argument for argument in arguments]
    without_proxies = {
        name: value for name, value in clean_environment().items() if not name.lower().endswith("_proxy")
    }
    environment = without_proxies | {
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(folder / "home"),
        "HF_TOKEN": "",
        "HUGGING_FACE_HUB_TOKEN": "",
        "HF_HUB_DISABLE_XET": os.environ.get("HF_HUB_DISABLE_XET", "0"),
        "DISABLE_SYMLINKS_IN_WINDOWS_TESTS": "1",
        "NO_COLOR": "1",
        "OFFICIAL_EXCLUSIONS": str(EXCLUSIONS),
        "OMP_NUM_THREADS": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": os.pathsep.join(
            str(place) for place in (suite.library(), ADAPTER, suites.plugins()) if place
        ),
    }
    for name in ("OFFICIAL_ONLY_EXCLUDED", "RUN_GIT_LFS_TESTS"):
        if name in os.environ:
            environment[name] = os.environ[name]
    return [sys.executable, "-m", "pytest", *arguments], environment


def run(suite: suites.Suite, folder: Path, endpoint: str, arguments: list[str]) -> dict[str, Outcome]:
    """Run a prepared suite; gives what became of each test, by its id in the suite."""
    report = folder / "report.xml"
    line, environment = command(suite, folder, endpoint, [*arguments, "-q", f"--junitxml={report}"])
    with open(folder / "pytest.log", "w") as log:
        subprocess.run(line, env=environment, cwd=folder, stdout=log, stderr=log)
    if not report.exists():
        raise RuntimeError((folder / "pytest.log").read_text()[-4000:])
    return {_id(case): _outcome(case) for case in ElementTree.parse(report).iter("testcase")}


def _id(case: ElementTree.Element) -> str:
    # "tests.test_hf_api.TestCommitApi" and "test_upload_file[x]"
    module, *classes = (case.get("classname") or "").removeprefix("tests.").split(".")
    return "::".join(part for part in (f"{module}.py" if module else "", *classes, case.get("name")) if part)


def _outcome(case: ElementTree.Element) -> Outcome:
    for state in ("failure", "error", "skipped"):
        found = case.find(state)
        if found is not None:
            return Outcome(state, f"{found.get('message') or ''}\n{found.text or ''}".strip())
    return Outcome("passed")


def main(arguments: list[str]) -> int:
    """Run part of the suite of the installed huggingface_hub, with what pytest prints."""
    with tempfile.TemporaryDirectory(prefix="official-") as name, hub(Path(name)) as endpoint:
        suite = suites.Suite.installed("huggingface_hub")
        prepare(suite, endpoint, Path(name))
        line, environment = command(suite, Path(name), endpoint, arguments)
        return subprocess.run(line, env=environment, cwd=name).returncode
