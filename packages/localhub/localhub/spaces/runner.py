"""The Space runner: the current run of each Space, the run that replaces it, and their state as clients see it."""

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
    """The newest run of a Space, the run that serves visitors until the newest run responds, and the values of the secrets."""

    newest: Run | None = None
    serving: Run | None = None
    secrets: dict[str, str] = field(default_factory=dict)


class SpaceRunner:
    """Runs the Spaces of a Hub.

    A push, a changed setting or a restart starts a new run. The old run serves until the new one responds. Secrets are kept
    only in memory.

    Parameters
    ----------
    store : Store
        Files go to ``spaces/`` in its folder.
    card : callable
        Returns a Space's SDK and card from its repo and a snapshot.
    endpoint : str
        The embedded Hub's address.

    Raises
    ------
    LocalHubError
        If uv, which builds environments, is not installed.
    """

    def __init__(self, store: Store, card: Callable[..., Any], endpoint: str):
        if not require_uv():
            raise LocalHubError(
                "uv is not installed. The embedded Hub needs uv to build the environments of Spaces.",
                "To install uv, run: pip install uv",
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
        """Run a Space again after its main branch has moved; do nothing for a static Space."""
        if repo.id.type is not RepoType.SPACE or change.ref != f"refs/heads/{MAIN}" or not change.new:
            return
        if self._card(repo, repo.snapshot())[0] == "static":
            self.stop(repo.id)
        else:
            self.restart(repo)

    def restart(self, repo: Repo) -> None:
        """Start a new run, unless the Space is paused."""
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
                problem=f"{MOST_SPACES} Spaces are already running: pause one of them, then restart this Space."
                if full
                else "",
            )
            for name in missing:
                run.build_log.add(
                    f"The secret {name} has no value, because the embedded Hub was restarted: set it again."
                )
            if slot.newest is not None and slot.newest is not slot.serving:
                slot.newest.stop()
            slot.newest = run
        run.start()

    def stop(self, id: RepoId) -> None:
        """Stop the runs of a Space."""
        with self._lock:
            slot = self._slots.get(id, _Slot())
            runs = slot.newest, slot.serving
            slot.newest = slot.serving = None
        for run in filter(None, runs):
            run.stop(wait=True)

    def moved(self, old: RepoId, repo: Repo) -> None:
        """Stop the runs at a Space's old address. If there were any, start a new run at the new address."""
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
        """Return the public address of a Space. The address ends with a slash, because clients append paths to it."""
        return f"{self.proxy}/{id.namespace}/{id.name}/"

    def port(self, id: RepoId) -> int | None:
        """Return the port of a Space's app; None if it is not running."""
        slot = self._slots.get(id)
        return slot.serving.port if slot and slot.serving and slot.serving.serves else None

    def log(self, id: RepoId, kind: str) -> Log | None:
        """Return the "build" or "run" log of the newest run; None for a Space that was never started."""
        run = (self._slots.get(id) or _Slot()).newest
        return None if run is None else run.build_log if kind == "build" else run.run_log

    def state(self, id: RepoId) -> dict[str, Any] | None:
        """Return the stage, commit, hardware and host of a Space. If it was never started, return only the host."""
        slot = self._slots.get(id) or _Slot()
        run, host = slot.newest, {"host": self.address(id)}
        if run is None:
            return host
        serving = slot.serving if slot.serving is not None and slot.serving.serves else None
        stage = f"RUNNING_{run.stage}" if run.stage in _UNDER_WAY and serving else run.stage
        hardware = BASIC_HARDWARE if serving else None
        return host | {"stage": stage, "sha": (serving or run).commit, "hardware": hardware}

    def close(self) -> None:
        """Stop all runs and close their logs."""
        with self._lock:
            self.closed = True
            ids = list(self._slots)
        for id in ids:
            for run in filter(None, (self._slots[id].newest, self._slots[id].serving)):
                run.stop()
        for id in ids:
            self.stop(id)

    def _update(self, run: Run) -> None:
        """Replace the previous run when the new run responds; also stop the previous run if the new one failed."""
        with self._lock:
            slot = next((one for one in self._slots.values() if one.newest is run), None)
            if slot is None:  # a newer run has replaced it
                run.stop()
                return
            before = slot.serving if slot.serving is not run else None
            slot.serving = run if run.serves else None
        if before is not None:
            before.stop()
