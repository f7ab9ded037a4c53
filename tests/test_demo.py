"""The demo as its user runs it: one command, a prediction, one Ctrl-C, and nothing left running."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gradio_client import Client

from tests.processes import clean_environment, free_port

FLIGHT = {
    "landing_type": "ASDS",
    "orbit": "LEO",
    "launch_site": "CCSFS SLC-40",
    "booster_flight": 5,
    "block": 5,
    "payload_mass_kg": 15600,
}


class Demo:
    """A running `spacehub demo`, what it printed so far, and its two ports."""

    def __init__(self, home: Path, **environment: str):
        self.ports = free_port(), free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spacehub.cli", "demo", "falcon9-landings", "landing"],
            env=clean_environment()
            | {
                "SPACEHUB_HOME": str(home),
                "SPACEHUB_APP_PORT": str(self.ports[0]),
                "SPACEHUB_HUB_PORT": str(self.ports[1]),
                "SPACEHUB_PRESET": "smoke",
            }
            | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.printed = ""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.printed += line

    def wait_for(self, words: str) -> None:
        self.wait_until(lambda: words in self.printed, words)

    def wait_until(
        self, done: Callable[[], bool], words: str = "the condition", seconds: float = 240
    ) -> None:
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, f"{words!r} never came:\n{self.printed}"
            assert self.process.poll() is None, f"it ended early:\n{self.printed}"
            assert "could not be published" not in self.printed, self.printed
            time.sleep(0.2)

    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.ports[0]}", verbose=False, httpx_kwargs={"timeout": 60})

    def interrupt(self) -> None:
        """Do as a terminal does at Ctrl-C, and as people do when it takes a moment."""
        os.killpg(self.process.pid, signal.SIGINT)
        time.sleep(0.2)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)
        assert "Stopped" in self.printed
        assert "Traceback" not in self.printed

    def left(self, seconds: float = 10) -> dict[int, str]:
        """Return the processes that stay after the end; joblib's tracker ends a moment after its workers."""
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.2)
        return self.processes()

    def processes(self) -> dict[int, str]:
        """Number and command line of each process with this demo's port."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                environment = (entry / "environ").read_bytes()
                if f"SPACEHUB_HUB_PORT={self.ports[1]}".encode() in environment.split(b"\0"):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found


@pytest.fixture(scope="module")
def demos():
    running: list[Demo] = []

    def start(*arguments, **environment) -> Demo:
        running.append(Demo(*arguments, **environment))
        return running[-1]

    yield start
    for demo in running:
        for number in demo.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        demo.process.wait()


def commit_of(printed: str) -> str:
    return re.search(r"\[landing\] published at (\w{8})", printed).group(1)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory, demos) -> tuple[Demo, Path, str]:
    """A demo that Ctrl-C ended while it trained, its home, in which the next one goes on, and what publishing printed."""
    home = tmp_path_factory.mktemp("home")
    demo = demos(home, SPACEHUB_PRESET="full")
    # The workers that cross-validate are running by then.
    demo.wait_until(lambda: sum("popen_loky" in line for line in demo.processes().values()) > 1)
    demo.interrupt()
    return demo, home, (home / "logs" / "publish.log").read_text()


def test_ctrl_c_while_training_leaves_no_process_and_no_half_repo(interrupted):
    demo, home, _ = interrupted
    assert demo.left() == {}
    repos = home / "hub" / "repos"
    found = {path.name for path in repos.glob("*/*/*")}
    assert found - {"falcon9-challenge", "falcon9-challenge-labels"} == {"falcon9-landings"}
    assert not list((home / "artefacts").glob("landing*"))


@pytest.mark.timeout(600)
def test_the_next_run_trains_and_serves_and_the_one_after_only_serves(interrupted, demos):
    _, home, log = interrupted
    first = demos(home)
    first.wait_for("App          http://127.0.0.1:")
    early = first.client()
    assert "landing" not in first.printed.split("App ")[0]
    with pytest.raises(Exception, match=r"In progress|not published yet"):
        early.predict(**FLIGHT, api_name="/predict_landing")
    first.wait_for("Everything is published")
    answer = _when_ready(early)
    assert 0.5 < answer["probability"] <= 1
    commit = commit_of(first.printed)
    assert answer["commit"].startswith(commit)
    kinds = "SIMULATED rows" if answer["simulated"] else "real rows"
    assert kinds in log
    assert first.printed.count("\n") < 40
    assert ".py" not in first.printed
    first.interrupt()
    assert first.left() == {}

    second = demos(home)
    second.wait_for("App          http://127.0.0.1:")
    again = _when_ready(second.client())
    assert again["commit"] == answer["commit"]
    assert again["probability"] == answer["probability"]
    second.wait_for("Everything is published")
    assert "[landing] is published and up to date" in second.printed
    other = demos(home)
    other.process.wait(30)
    assert "Another demo is running in" in other.printed
    assert "Hub listening" in (home / "logs" / "hub.log").read_text()
    second.interrupt()


def _when_ready(client: Client, seconds: float = 30) -> dict:
    """Ask until the app has pulled what was published."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return client.predict(**FLIGHT, api_name="/predict_landing")
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_full_disk_is_a_sentence(tmp_path):
    """On a disk of one megabyte of its own; only root may mount one."""
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], capture_output=True
        ).returncode
    ):
        pytest.skip("cannot mount a small disk here")
    try:
        run = subprocess.run(
            [sys.executable, "-m", "spacehub.cli", "demo", "falcon9-landings", "landing"],
            env=clean_environment() | {"SPACEHUB_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        subprocess.run(["umount", "-l", str(tmp_path)], check=True)
    assert run.returncode == 1
    assert "Free some space" in run.stderr
    assert "Traceback" not in run.stderr
