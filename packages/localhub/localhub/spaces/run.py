"""One run of a Space: one commit with its settings, from the checkout until the app ends."""

import contextlib
import os
import secrets
import shutil
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localhub.ids import RepoId
from localhub.spaces.checkout import check_out
from localhub.spaces.commands import Command, Stopped, inherited
from localhub.spaces.environments import Environments
from localhub.spaces.logs import Log
from localhub.spaces.plan import Plan, PlanError, plan
from localhub.storage.repo import Repo
from localhub.storage.space import Space

START_SECONDS = 30 * 60
DOWNLOAD_SECONDS = 30 * 60


class Run:
    """One commit of a Space that is being built, is running, or has ended.

    Parameters
    ----------
    repo : Repo
    card : callable
        Returns the Space's SDK and its card's metadata at a snapshot.
    folder : Path
        The folder for the files of this run; it is removed when the run ends.
    environments : Environments
    variables : dict of str to str
        Environment variables of this Space, including its secrets, in addition to those that every Space gets.
    endpoint, address : str
        The address of the Hub, and the public address of the Space, whose path is the prefix that the proxy removes.
    on_change : callable
        Called with this run when its app responds and when the run has ended.
    problem : str
        Why the Space cannot run; empty if it can.
    """

    def __init__(
        self,
        repo: Repo,
        card: Callable[..., Any],
        folder: Path,
        environments: Environments,
        *,
        variables: dict[str, str],
        endpoint: str,
        address: str,
        on_change: Callable[["Run"], None],
        problem: str = "",
    ):
        self.stage = "BUILDING"
        self.commit: str | None = None
        self.port = 0
        self.build_log, self.run_log = Log(), Log()
        self._repo, self._card, self._folder, self._environments = repo, card, folder, environments
        self._variables, self._endpoint, self._address, self._on_change = (
            variables,
            endpoint,
            address,
            on_change,
        )
        self._problem = problem
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go, name=f"space-{repo.id}", daemon=True)

    @property
    def serves(self) -> bool:
        """Whether the app responds."""
        return self.stage == "RUNNING"

    def start(self) -> None:
        """Start the run in a thread."""
        self._thread.start()

    def stop(self, *, wait: bool = False) -> None:
        """Stop the run. Return immediately unless `wait` is set."""
        self._stop.set()
        if wait:
            self._thread.join(30)

    def _go(self) -> None:
        try:
            python, planned = self._build()
            self._serve(python, planned)
        except Stopped:
            self.stage = "STOPPED"
        except PlanError as error:
            self.build_log.add(str(error))
            self.stage = error.stage
        except Exception as error:  # after any error, the stage must not say that the run is in progress
            self.build_log.add(f"The runner failed: {error!r}")
            self.stage = "RUNTIME_ERROR"
        finally:
            self.build_log.close()
            self.run_log.close()
            self._on_change(self)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _build(self) -> tuple[Path, Plan]:
        snapshot = self._repo.snapshot()
        self.commit = snapshot.commit_id
        if self._problem:
            raise PlanError("RUNTIME_ERROR", self._problem)
        planned = plan(snapshot, *self._card(self._repo, snapshot))
        self.build_log.add(f"Building {self._repo.id} at {self.commit[:8]}.")
        check_out(snapshot, self._folder / "app")
        for name in ("home", "tmp"):
            (self._folder / name).mkdir()
        python = self._environments.python(planned, self.build_log, self._stop.is_set)
        for one in planned.preload:
            self.build_log.add(f"Preloading {one.repo_id} {' '.join(one.files)}")
            command = [
                sys.executable,
                "-m",
                "localhub.spaces.preload",
                one.repo_id,
                one.revision or "",
            ]
            downloading = Command(
                [*command, *one.files], self.build_log, environment=self._hub(), cwd=self._folder
            )
            try:
                if downloading.wait(DOWNLOAD_SECONDS, self._stop.is_set):
                    raise PlanError(
                        "BUILD_ERROR", f"{one.repo_id} could not be preloaded. See the lines above."
                    )
            except TimeoutError:
                raise PlanError("BUILD_ERROR", f"{one.repo_id} took too long to preload.") from None
        self.build_log.add("Built.")
        self.build_log.close()
        return python, planned

    def _serve(self, python: Path, planned: Plan) -> None:
        self.stage = "APP_STARTING"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        app = Command(
            [str(python), planned.app_file],
            self.run_log,
            environment=self._environment(python, planned),
            cwd=self._folder / "app",
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while app.ended is None and not self.serves:
                self._check()
                if self._answers():
                    self.stage = "RUNNING"
                    self._on_change(self)
                elif time.monotonic() > deadline:
                    self.run_log.add(f"The app did not respond within {START_SECONDS // 60} minutes.")
                    break
                else:
                    time.sleep(0.1)
            while app.ended is None and self.serves:
                self._check()
                time.sleep(0.1)
            if app.ended is not None:
                self.run_log.add(f"The app exited with code {app.ended}.")
            self.stage = "RUNTIME_ERROR"
        finally:
            app.stop()

    def _check(self) -> None:
        if self._stop.is_set() or not self._repo.folder.is_dir():
            raise Stopped

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}/", timeout=5):
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except (OSError, ValueError):
            return False

    def _hub(self) -> dict[str, str]:
        """Return an environment in which clients use only this Hub, with the Space's own token or without a token."""
        home = self._folder / "home"
        token = {name: self._variables[name] for name in ("HF_TOKEN",) if name in self._variables}
        return (
            inherited()
            | token
            | {
                "HOME": str(home),
                "TMPDIR": str(self._folder / "tmp"),
                "HF_ENDPOINT": self._endpoint,
                "HF_HOME": str(home / ".cache" / "huggingface"),
                "HF_HUB_DISABLE_XET": "1",
                "HF_HUB_DISABLE_TELEMETRY": "1",
                "HF_HUB_DISABLE_PROGRESS_BARS": "1",
                "NO_PROXY": "127.0.0.1,localhost",
                "no_proxy": "127.0.0.1,localhost",
            }
        )

    def _environment(self, python: Path, planned: Plan) -> dict[str, str]:
        """Return the environment of the app. The owner's variables can override everything except the address."""
        id, prefix = self._repo.id, "/" + self._address.split("/", 3)[3].rstrip("/")
        given = self._hub() | {
            "PATH": f"{python.parent}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(self._folder / "app"),
            "SYSTEM": "spaces",
            "SPACE_TITLE": planned.title,
            "SPACE_CREATOR_USER_ID": secrets.token_hex(12),
            "CPU_CORES": str(os.cpu_count() or 1),
            "MEMORY": "16Gi",
            "TQDM_POSITION": "-1",
            "TQDM_MININTERVAL": "1",
            "GRADIO_ALLOW_FLAGGING": "never",
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GRADIO_NUM_PORTS": "1",
        }
        return (
            given
            | self._variables
            | {
                "SPACE_ID": str(id),
                "SPACE_AUTHOR_NAME": id.namespace,
                "SPACE_REPO_NAME": id.name,
                "SPACE_HOST": self._address.split("/")[2],
                # On huggingface.co each Space has its own machine and the port 7860. On this Hub, variables set the port.
                "GRADIO_SERVER_NAME": "127.0.0.1",
                "GRADIO_SERVER_PORT": str(self.port),
                "GRADIO_ROOT_PATH": prefix,
            }
        )


def settings(repo: Repo, kept_secrets: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return a Space's variables and secrets, and the names of secrets whose values are lost."""
    space = Space(repo)
    variables = {name: one["value"] for name, one in space.variables.items()}
    known = {name: kept_secrets[name] for name in space.secrets if name in kept_secrets}
    return variables | known, [name for name in space.secrets if name not in kept_secrets]


def as_folder(id: RepoId) -> str:
    """Return a unique folder name for a run of a Space."""
    return f"{id.namespace}--{id.name}--{secrets.token_hex(4)}"


def wipe(folder: Path) -> None:
    """Remove the files that an earlier Hub left in the folder, and create the folder again."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(parents=True)
