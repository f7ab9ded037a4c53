"""Servers that tests start as processes of their own, in an environment that says nothing of the developer's."""

import asyncio
import contextlib
import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What would send our processes elsewhere, speak for the developer who runs the tests, or have every
# process compile its imports again.
FOREIGN = ("HF_", "HUGGING", "SPACEHUB_", "SPACE_", "GRADIO_", "PYTHONDONTWRITEBYTECODE")
# Nothing answers there, so what is made with it is made from what lies on this disk.
OFFLINE = dict.fromkeys(("https_proxy", "HTTPS_PROXY"), "http://127.0.0.1:9")
# Parts what one text said from what the next did.
NEXT = "-- next --"
COMMAND = """
import contextlib, runpy, sys, warnings
sys.argv = {arguments!r}
status = 0
with contextlib.redirect_stderr(sys.stdout), warnings.catch_warnings():
    warnings.simplefilter("default")
    try:
        runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code or 0
print("exit status", status if isinstance(status, int) else f"1: {{status}}")
"""


def command(module: str, *arguments: str) -> str:
    """Return a Python text that runs ``python -m module arguments`` and prints the exit status at the end."""
    return COMMAND.format(module=module, arguments=[module, *arguments])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    sources = {name: os.environ[name] for name in ("SPACEHUB_SOURCES",) if name in os.environ}
    return kept | sources | {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def wait_for(address: str, process: subprocess.Popen, log: Path, seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert process.poll() is None, f"it ended:\n{log.read_text()}"
            assert time.monotonic() < deadline, f"nothing answers at {address}:\n{log.read_text()}"
            time.sleep(0.05)


def finish(coroutine: Coroutine):
    """Run a coroutine to its end and return its result, even where the browser's loop runs in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass
class HubProcess:
    """A Hub in a process of its own, started with one more `option` if given, and the home of what publishes to it."""

    folder: Path
    option: str | None = None

    def __post_init__(self):
        self.endpoint = f"http://127.0.0.1:{free_port()}"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        log = self.folder / "hub.log"
        port = self.endpoint.rsplit(":")[-1]
        command = [
            sys.executable,
            "-m",
            "spacehub.cli",
            "hub",
            "--root",
            str(self.folder / "hub"),
            "--port",
            port,
            *([self.option] if self.option else []),
        ]
        with open(log, "a") as file:
            self.process = subprocess.Popen(
                command, env=clean_environment(), stdout=file, stderr=file, cwd=ROOT
            )
        wait_for(f"{self.endpoint}/healthz", self.process, log)

    @property
    def token(self) -> str:
        return (self.folder / "hub" / "token").read_text().strip()

    @property
    def artefacts(self) -> Path:
        return self.folder / "home" / "artefacts"

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment() | {
            "HF_ENDPOINT": self.endpoint,
            "HF_TOKEN": self.token,
            "HF_HOME": str(self.folder / "huggingface"),
            "HF_HUB_DISABLE_XET": "1",
            "SPACEHUB_HOME": str(self.folder / "home"),
        }

    def call(self, *command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
        """Run a Python command against this Hub; return what became of it."""
        return subprocess.run(
            [sys.executable, *command],
            env=self.environment | environment,
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=280,
        )

    def call_here(self, home: Path, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command line against this Hub, but in the tests' process, which has imported everything.

        In the meantime `home` has the caches of the Hub's clients.
        """
        from spacehub import cli
        from spacehub.localhub.clients import point_clients_at

        out, error, status = io.StringIO(), io.StringIO(), 0
        restore = point_clients_at(self.endpoint, self.token, home)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
                cli.main([*arguments])
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
            if status is not ended.code:  # a text, which Python prints at the end of a process
                print(ended.code, file=error)
        finally:
            restore()
        return subprocess.CompletedProcess(arguments, status, out.getvalue(), error.getvalue())

    def run(self, *command: str, **environment: str) -> None:
        """Run a Python command against this Hub, which must go well."""
        run = self.call(*command, **environment)
        assert run.returncode == 0, run.stdout + run.stderr

    def run_each(self, *texts: str, cwd: Path = ROOT, **environment: str) -> list[str]:
        """Run Python texts, each in a namespace of its own, in one process that imports once; return what each said."""
        run = self.call(
            "-c",
            f"import sys\nfor text in sys.argv[1:]:\n    exec(text, {{'__name__': '__main__'}})\n    print({NEXT!r})",
            *texts,
            cwd=cwd,
            **environment,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout.split(NEXT)[:-1]

    def run_commands(self, *commands: list[str], **environment: str) -> None:
        """Run Python modules with their arguments in one process, which imports once; each must go well."""
        for said in self.run_each(*(command(*words) for words in commands), **environment):
            assert "exit status 0" in said, said

    def build(self, *datasets: str, **environment: str) -> None:
        """Build and publish datasets by the real command."""
        self.run("-m", "train_scripts.build_datasets", "--only", *datasets, **environment)

    def push(self, folder: Path, repo_id: str, repo_type: str = "model") -> None:
        """Make a repository hold exactly the files of a folder."""
        from huggingface_hub import HfApi  # not before the benchmarks have chosen a Hub

        api = HfApi(endpoint=self.endpoint, token=self.token)
        api.create_repo(repo_id, repo_type=repo_type, exist_ok=True)
        api.upload_folder(folder_path=folder, repo_id=repo_id, repo_type=repo_type, delete_patterns="*")
