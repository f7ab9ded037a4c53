"""The Space runner: each Space's current run, the one that replaces it, and what clients are shown of both."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localhub.errors import LocalHubError
from localhub.git.gitrepo import MAIN, RefChange
from localhub.ids import RepoId, RepoType
from localhub.spaces.environments import Environments, require_uv
from localhub.spaces.logs import Log
from localhub.spaces.run import Run, as_folder, settings, wipe
from localhub.storage.repo import Repo
from localhub.storage.space import BASIC_HARDWARE, Space
from localhub.storage.store import Store

MOST_SPACES = 8
_UNDER_WAY = ("BUILDING", "APP_STARTING")


@dataclass
class _Slot:
    """A Space's newest run, the run that visitors reach until the newest serves, and its secrets' values."""

    newest: Run | None = None
    serving: Run | None = None
    secrets: dict[str, str] = field(default_factory=dict)


class SpaceRunner:
    """Runs the Spaces of a Hub.

    A push, a changed setting and a restart begin a new run; the old one serves until the new one does. Secrets are kept
    in memory alone.

    Parameters
    ----------
    store : Store
        Files go to ``spaces/`` in its folder.
    card : callable
        Returns a Space's SDK and card from its repo and a snapshot.
    endpoint : str
        The Hub's address.

    Raises
    ------
    LocalHubError
        If uv, which builds environments, is not installed.
    """

    def __init__(self, store: Store, card: Callable[..., Any], endpoint: str):
        if not require_uv():
            raise LocalHubError(
                "Spaces run in environments that uv builds, and uv is not installed.", "pip install uv"
            )
        self._store, self._card, self._endpoint = store, card, endpoint
        self._runs = store.root / "spaces" / "runs"
        wipe(self._runs)
        self._environments = Environments(store.root / "spaces" / "environments")
        self._slots: dict[RepoId, _Slot] = {}
        self._lock = threading.Lock()
        self.proxy = ""
        self.closed = False
        store.running = self.state

    def changed(self, repo: Repo, change: RefChange) -> None:
        """Run a Space again whose main branch has moved; of a static one nothing runs."""
        if repo.id.type is not RepoType.SPACE or change.ref != f"refs/heads/{MAIN}" or not change.new:
            return
        if self._card(repo, repo.snapshot())[0] == "static":
            self.stop(repo.id)
        else:
            self.restart(repo)

    def restart(self, repo: Repo) -> None:
        """Begin a new run, unless the Space is paused."""
        if Space(repo).state.get("paused"):
            self.stop(repo.id)
            return
        with self._lock:
            slot = self._slots.setdefault(repo.id, _Slot())
            if self.closed:
                return
            others = [one.newest for key, one in self._slots.items() if key != repo.id and one.newest]
            full = sum(run.stage in (*_UNDER_WAY, "RUNNING") for run in others) >= MOST_SPACES
            variables, missing = settings(repo, slot.secrets)
            run = Run(
                self._store.get(repo.id),
                self._card,
                self._runs / as_folder(repo.id),
                self._environments,
                variables=variables,
                endpoint=self._endpoint,
                address=self.address(repo.id),
                on_change=self._update,
                problem=f"{MOST_SPACES} Spaces run already: pause one, then restart this one."
                if full
                else "",
            )
            for name in missing:
                run.build_log.add(
                    f"The secret {name} has no value since the Hub was restarted: set it again."
                )
            if slot.newest is not None and slot.newest is not slot.serving:
                slot.newest.stop()
            slot.newest = run
        run.start()

    def stop(self, id: RepoId) -> None:
        """End the runs of a Space."""
        with self._lock:
            slot = self._slots.get(id, _Slot())
            runs = slot.newest, slot.serving
            slot.newest = slot.serving = None
        for run in filter(None, runs):
            run.stop(wait=True)

    def moved(self, old: RepoId, repo: Repo) -> None:
        """End the runs at a Space's old address; if there was one, begin a new run at its new address."""
        with self._lock:
            slot = self._slots.get(old, _Slot())
            ran = slot.newest is not None
            self._slots[repo.id] = _Slot(secrets=slot.secrets)
        self.stop(old)
        with self._lock:
            self._slots.pop(old, None)
        if ran:
            self.restart(repo)

    def keep_secret(self, id: RepoId, name: str, value: str | None) -> None:
        """Remember a secret's value, or forget it."""
        with self._lock:
            kept = self._slots.setdefault(id, _Slot()).secrets
            kept.pop(name, None)
            if value is not None:
                kept[name] = value

    def address(self, id: RepoId) -> str:
        """Where visitors reach a Space; with a slash at its end, as clients join paths to it."""
        return f"{self.proxy}/{id.namespace}/{id.name}/"

    def port(self, id: RepoId) -> int | None:
        """The port of the app that serves a Space; None if it does not run."""
        slot = self._slots.get(id)
        return slot.serving.port if slot and slot.serving and slot.serving.serves else None

    def log(self, id: RepoId, kind: str) -> Log | None:
        """The newest run's "build" or "run" log; None for a Space that was never started."""
        run = (self._slots.get(id) or _Slot()).newest
        return None if run is None else run.build_log if kind == "build" else run.run_log

    def state(self, id: RepoId) -> dict[str, Any] | None:
        """Stage, commit and hardware of a Space, and its host; of one that was never started only the host."""
        slot = self._slots.get(id) or _Slot()
        run, host = slot.newest, {"host": self.address(id)}
        if run is None:
            return host
        serving = slot.serving if slot.serving is not None and slot.serving.serves else None
        stage = f"RUNNING_{run.stage}" if run.stage in _UNDER_WAY and serving else run.stage
        hardware = BASIC_HARDWARE if serving else None
        return host | {"stage": stage, "sha": (serving or run).commit, "hardware": hardware}

    def close(self) -> None:
        """End all runs and let those who follow a log end."""
        with self._lock:
            self.closed = True
            ids = list(self._slots)
        for id in ids:
            for run in filter(None, (self._slots[id].newest, self._slots[id].serving)):
                run.stop()
        for id in ids:
            self.stop(id)

    def _update(self, run: Run) -> None:
        """Let a run that serves replace the one before it; end that one, too, when the new one failed."""
        with self._lock:
            slot = next((one for one in self._slots.values() if one.newest is run), None)
            if slot is None:  # a newer run has replaced it
                run.stop()
                return
            before = slot.serving if slot.serving is not run else None
            slot.serving = run if run.serves else None
        if before is not None:
            before.stop()
