"""Watch the Hub in a thread for new commits, and keep what the app serves up to date."""

import contextlib
import logging
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huggingface_hub import constants

from space_app import pull, under_way
from space_app.monitoring import requests
from space_app.rollout import cache, facts, pins
from space_app.rollout.canary import Canaries, Canary
from space_app.rollout.last_good import Good, LastGood
from space_app.rollout.trial import Passed, Trials, require_same
from spacehub import catalogue
from spacehub.errors import NotYetError, SpaceHubError, reason

COMMIT = re.compile(r"[0-9a-f]{40}")
FACTS = {"model": "results.json", "dataset": "build.json"}
FIRST_LOOK_SECONDS = 15
SLOW_SECONDS = 30
# How many entries are checked at the same time: while one waits for its trial, another is fetched or
# loaded.
TOGETHER = 2
EARLIER = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Status:
    """The status of one catalogue entry on the Hub.

    `facts` is its ``results.json`` or ``build.json``. `served` is the loaded object that answers, if a tab
    serves the entry. `folder` is the place of its files, and `passed` is the result of its trial. If the newest
    commit cannot be used, `problem` says why, `unusable` is its sha, and the other fields keep their previous
    values. `pinned` says that SPACEHUB_PIN chose the commit. `canary` is the newest commit while it is compared
    with this one.
    """

    entry: catalogue.Entry
    commit: str | None = None
    made: datetime | None = None
    facts: dict = field(default_factory=dict)
    served: Any = None
    folder: Path | None = None
    passed: Passed | None = None
    pinned: bool = False
    problem: str = ""
    unusable: str | None = None
    canary: Canary | None = None

    def offer(self, question: object, answer: object) -> None:
        """Pass a question and its answer to the canary, if there is one, in the form that the model's `agrees` takes."""
        if self.canary is not None:
            self.canary.offer(question, answer)

    @property
    def simulated(self) -> bool:
        """Whether it comes from generated data."""
        return bool(self.facts.get("simulated"))

    @property
    def page(self) -> str:
        """Address of its page on the Hub, at the commit."""
        return pull.address(self.entry.repo_id, repo_type=self.entry.repo_type, commit=self.commit)


@dataclass(frozen=True, kw_only=True)
class Served:
    """How a model or dataset is served: the `files` it needs, and the function that loads them.

    `load` is a function or class of a module, because a separate process tries it first.
    """

    files: Sequence[str]
    load: Callable[[Path], Any]


class Watch:
    """The newest usable commit of every catalogue entry, looked up in the background.

    Parameters
    ----------
    served : dict of str to Served
        The entries that a tab serves, by key.
    trials : Trials, optional
        Tries new commits; by default a new one.

    Raises
    ------
    SpaceHubError
        If SPACEHUB_PIN is not a list of commits, or SPACEHUB_CANARY is not a number.
    """

    def __init__(self, served: dict[str, Served], trials: Trials | None = None):
        self._served, self._pins = served, pins.read()
        self._last_good, self._trials = LastGood(), trials or Trials()
        self._canaries = Canaries.of_environment()
        entries = {**catalogue.MODELS, **catalogue.DATASETS}
        self._statuses = {key: Status(entry=entry) for key, entry in entries.items()}
        self._known = {key: threading.Event() for key in entries}
        self._looked = threading.Event()
        self._away, self._begun = "", 0.0

    def start(self) -> None:
        """Begin to watch, until the process ends."""
        threading.Thread(target=self._run, name="hub-watch", daemon=True).start()

    @property
    def looked(self) -> bool:
        """Whether the Hub has been asked about every entry at least once."""
        return self._looked.is_set()

    @property
    def away(self) -> str:
        """Why the Hub does not answer; empty if it does."""
        return self._away

    @property
    def slow(self) -> str:
        """A note that the Hub is slow, or empty; the first check may be slow, because it downloads everything."""
        if not self.looked or not self._begun or time.monotonic() - self._begun < SLOW_SECONDS:
            return ""
        return (
            f"The check for new commits on {constants.ENDPOINT} has taken more than {SLOW_SECONDS} s so far. The app "
            "continues to serve the commits that it has."
        )

    def status(self, key: str) -> Status:
        """Return the status of `key`."""
        return self._statuses[key]

    def missing(self) -> list[str]:
        """Return the keys of served entries that are published, or not checked yet, but cannot answer.

        If no served entry can answer, and the Hub does not say which entries are published, all keys are returned.
        """
        if self.away and not any(self._statuses[key].served for key in self._served):
            return list(self._served)
        keys = []
        for key in self._served:
            status = self._statuses[key]
            if status.served is None and (status.problem or not (self.looked or self._known[key].is_set())):
                keys.append(key)
        return keys

    def ready(self, key: str) -> Status:
        """Return the status of a served entry, once it can answer.

        Raises
        ------
        SpaceHubError
            If the entry cannot answer; `NotYetError`, with the progress, if the entry is not published yet.
        """
        if not self.looked:
            self._known[key].wait(FIRST_LOOK_SECONDS)
        status = self._statuses[key]
        if status.served is None:
            title = f"{status.entry.title} {status.entry.repo_type}"
            now = under_way.find(key)
            if status.problem or self.away:
                raise SpaceHubError(f"The {title} cannot answer.", status.problem or self.away)
            raise NotYetError(
                f"The {title} is not published yet.", now.sentence if now else under_way.make(key)
            )
        requests.uses(key, status.commit)
        return status

    def look(self, keys: Sequence[str] = ()) -> None:
        """Query the Hub once for the given entries, by default for all."""
        self._begun, away = time.monotonic(), threading.Event()
        left, reasons = deque(keys or self._statuses), []

        def work() -> None:
            with contextlib.suppress(IndexError):
                while True:
                    reasons.append(self._look_at(left.popleft(), away))

        # The threads of a pool would keep a stopped app waiting for a slow Hub.
        threads = [threading.Thread(target=work, name="hub-watch", daemon=True) for _ in range(TOGETHER)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self._away = next(filter(None, reasons), "")
        finally:
            self._begun = 0.0
            if not any(status.canary for status in self._statuses.values()):
                self._trials.close()
            self._looked.set()

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(_pause())

    def _look_at(self, key: str, away: threading.Event) -> str:
        """Bring one entry up to date; return why the Hub cannot be reached, if it cannot."""
        status = self._statuses[key]
        try:
            if status.commit is None:
                status = self._statuses[key] = self._from_before(status)
            if status.served is not None:
                self._known[key].set()
            if not away.is_set():
                self._statuses[key] = self._update(status)
        except pull.HubAwayError as error:
            away.set()
            return str(error)
        except SpaceHubError as error:
            # Once the Hub answers again, a commit that could not be used gets another trial.
            self._statuses[key] = replace(status, problem=str(error), unusable=None)
        except Exception as error:  # an error in one entry must not stop the checks of the others
            log.exception("%s cannot be looked up", status.entry.repo_id)
            self._statuses[key] = replace(status, problem=f"The lookup failed: {error!r}.")
        finally:
            self._known[key].set()
        return ""

    def _from_before(self, status: Status) -> Status:
        """Serve the last good commit from the cache, whether the Hub answers or not."""
        entry, pin = status.entry, self._pins.get(status.entry.key, "")
        good = self._last_good.find(entry)
        if good is not None and good.commit.startswith(pin):
            folder = pull.cached(
                entry.repo_id, self._names(entry), repo_type=entry.repo_type, commit=good.commit
            )
            if folder is not None:
                try:
                    return self._open(status, pull.Commit(sha=good.commit, made=good.made_at), folder, good)
                except (OSError, ValueError, SpaceHubError) as error:
                    damaged = cache.remove_damaged(folder)
                    names = ", ".join(damaged) or str(error)
                    status = replace(
                        status,
                        problem=f"Some cached files of the last good commit are damaged: {names[:300]}.",
                    )
        if constants.is_offline_mode() and not pin:
            folder = pull.cached(entry.repo_id, self._names(entry), repo_type=entry.repo_type)
            if folder is not None and COMMIT.fullmatch(folder.name):
                return self._try(status, pull.Commit(sha=folder.name, made=None), folder)
        return status

    def _update(self, status: Status) -> Status:
        entry, pin = status.entry, self._pins.get(status.entry.key)
        if pin and status.commit and status.commit.startswith(pin):
            return status
        commit = pull.newest(entry.repo_id, repo_type=entry.repo_type, pin=pin)
        if commit is None:
            return Status(entry=entry)
        if commit.sha == status.unusable:
            return status
        if commit.sha == status.commit:
            return replace(status, problem="", unusable=None, canary=None)
        if status.canary and commit.sha == status.canary.commit:
            return self._compare(status, commit)
        try:
            names = self._names(entry)
            where = {"repo_type": entry.repo_type, "commit": commit.sha}
            folder = pull.pull(entry.repo_id, names, **where)
            try:
                return self._try(status, commit, folder)
            except (OSError, ValueError, SpaceHubError):
                if not cache.remove_damaged(folder):
                    raise
                return self._try(status, commit, pull.pull(entry.repo_id, names, **where))
        except (pull.HubAwayError, pull.RefusedError):
            raise
        except (OSError, ValueError, SpaceHubError) as error:
            problem = f"Commit {commit.sha[:7]} of {entry.repo_id} cannot be used. {reason(error)}"
            if status.commit is None and not pin:
                status = self._earlier(status, commit.sha)
            if status.commit:
                problem += f" Commit {status.commit[:7]} is served instead."
            return replace(status, problem=problem, unusable=commit.sha, canary=None)

    def _compare(self, status: Status, commit: pull.Commit) -> Status:
        """Let the canary answer the waiting questions. Serve it if enough answers agree, or reject it."""
        entry, canary = status.entry, status.canary
        verdict = self._canaries.compare(entry, canary, self._trials, self._served[entry.key].load)
        if verdict is None:
            return replace(status, problem="", unusable=None)
        if not verdict:
            problem = f"Commit {commit.sha[:7]} of {entry.repo_id} was rejected. {canary.why} "
            problem += f"Commit {status.commit[:7]} is served instead."
            return replace(status, problem=problem, unusable=commit.sha, canary=None)
        opened = self._open(status, commit, canary.folder, canary.good)
        self._last_good.keep(entry, canary.good)
        return opened

    def _earlier(self, status: Status, bad: str) -> Status:
        """Serve the newest commit before `bad` that passes its trial, for a machine without a last good commit."""
        entry = status.entry
        for commit in pull.history(entry.repo_id, repo_type=entry.repo_type, limit=EARLIER + 1):
            if commit.sha == bad:
                continue
            try:
                where = {"repo_type": entry.repo_type, "commit": commit.sha}
                return self._try(status, commit, pull.pull(entry.repo_id, self._names(entry), **where))
            except (pull.HubAwayError, pull.RefusedError):
                raise
            except (OSError, ValueError, SpaceHubError):
                continue
        return status

    def _names(self, entry: catalogue.Entry) -> list[str]:
        served = self._served.get(entry.key)
        return [FACTS[entry.repo_type], *(served.files if served else ())]

    def _try(self, status: Status, commit: pull.Commit, folder: Path) -> Status:
        """Serve a commit if it passes its trial.

        Raises
        ------
        OSError, ValueError, SpaceHubError
            If the commit does not pass its trial; the error says why.
        """
        entry = status.entry
        served, facts_file = self._served.get(entry.key), FACTS[entry.repo_type]
        facts.read(folder / facts_file)
        good = Good(commit=commit.sha, made=commit.made and commit.made.isoformat(), signature=None, known=0)
        if served is not None:
            passed = self._trials.run(served.load, folder, facts_file)
            if entry.key not in self._pins:
                require_same(status.passed, passed)
            good = replace(good, signature=passed.signature, known=passed.known)
            if hasattr(status.served, "agrees") and entry.key not in self._pins and self._canaries:
                begun = self._canaries.begin(entry, folder=folder, good=good)
                return replace(status, problem="", unusable=None, canary=begun)
        opened = self._open(status, commit, folder, good)
        if served is not None:
            self._last_good.keep(entry, good)
        return opened

    def _open(self, status: Status, commit: pull.Commit, folder: Path, good: Good) -> Status:
        """Return the status that serves a commit which passed its trial."""
        entry = status.entry
        served = self._served.get(entry.key)
        return Status(
            entry=entry,
            commit=commit.sha,
            made=commit.made,
            facts=facts.read(folder / FACTS[entry.repo_type]),
            served=served.load(folder) if served else None,
            folder=folder,
            passed=Passed(good.signature, good.known),
            pinned=entry.key in self._pins,
        )


def _pause() -> float:
    """Return the seconds between two checks: few for a Hub on this machine, many for a shared one."""
    host = urlsplit(constants.ENDPOINT).hostname or ""
    return 2 if host in ("localhost", "::1") or host.startswith("127.") else 30
