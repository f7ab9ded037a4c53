"""A thread that watches the Hub for new commits of ours and keeps what the app serves up to date."""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huggingface_hub import constants

from space_app import pull, under_way
from spacehub import catalogue
from spacehub.errors import NotYetError, SpaceHubError

FACTS = {"model": "results.json", "dataset": "build.json"}
FIRST_LOOK_SECONDS = 15

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the Hub holds of one catalogue entry.

    `facts` is its ``results.json`` or ``build.json``; `served` what answers from it, for one that a
    tab serves, and `folder` where its files lie. When the newest commit cannot be used, `problem` says why, `unusable` is its sha, and
    the rest stays as it was before it.
    """

    entry: catalogue.Entry
    commit: str | None = None
    made: datetime | None = None
    facts: dict = field(default_factory=dict)
    served: Any = None
    folder: Path | None = None
    problem: str = ""
    unusable: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether it was made from generated data."""
        return bool(self.facts.get("simulated"))

    @property
    def page(self) -> str:
        """Address of its page on the Hub, at the commit."""
        return pull.address(self.entry.repo_id, repo_type=self.entry.repo_type, commit=self.commit)


@dataclass(frozen=True, kw_only=True)
class Served:
    """How a model or dataset is served: the `files` it needs, and what makes of their folder what answers."""

    files: Sequence[str]
    load: Callable[[Path], Any]


class Watch:
    """The newest usable commit of every catalogue entry, looked up in the background.

    Parameters
    ----------
    served : dict of str to Served
        What a tab serves, by key.
    """

    def __init__(self, served: dict[str, Served]):
        self._served = served
        self._statuses = {
            key: Status(entry=entry) for key, entry in {**catalogue.MODELS, **catalogue.DATASETS}.items()
        }
        self._looked = threading.Event()
        self.away = ""

    def start(self) -> None:
        """Begin to watch, until the process ends."""
        threading.Thread(target=self._run, name="hub-watch", daemon=True).start()

    @property
    def looked(self) -> bool:
        """Whether the Hub has been asked at least once."""
        return self._looked.is_set()

    def status(self, key: str) -> Status:
        """Return what is known of `key`."""
        return self._statuses[key]

    def ready(self, key: str) -> Status:
        """Return the status of what a tab serves, once it can answer.

        Raises
        ------
        SpaceHubError
            When it cannot: `NotYetError`, saying what is on its way, where it is not published yet.
        """
        self._looked.wait(FIRST_LOOK_SECONDS)
        status = self._statuses[key]
        if status.served is None:
            title = f"{status.entry.title} {status.entry.repo_type}"
            now = under_way.find(key)
            if status.problem or self.away:
                raise SpaceHubError(f"The {title} cannot answer.", status.problem or self.away)
            raise NotYetError(
                f"The {title} is not published yet.", now.sentence if now else under_way.make(key)
            )
        return status

    def look(self) -> None:
        """Ask the Hub once about every entry."""
        try:
            for key, status in self._statuses.items():
                try:
                    self._statuses[key] = self._update(status)
                except pull.HubAwayError:
                    raise
                except SpaceHubError as error:
                    self._statuses[key] = replace(status, problem=str(error))
                except Exception as error:  # whatever one entry holds, the others are looked after
                    log.exception("%s cannot be looked up", status.entry.repo_id)
                    self._statuses[key] = replace(status, problem=f"It cannot be looked up: {error!r}.")
            self.away = ""
        except pull.HubAwayError as error:
            self.away = str(error)
        finally:
            self._looked.set()

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(_pause())

    def _update(self, status: Status) -> Status:
        entry = status.entry
        commit = pull.newest(entry.repo_id, repo_type=entry.repo_type)
        if commit is None:
            return Status(entry=entry)
        if commit.sha in (status.commit, status.unusable):
            return status
        served = self._served.get(entry.key)
        names = [FACTS[entry.repo_type], *(served.files if served else ())]
        folder = pull.pull(entry.repo_id, names, repo_type=entry.repo_type, commit=commit.sha)
        try:
            facts = json.loads((folder / FACTS[entry.repo_type]).read_text(encoding="utf-8"))
            predictor = served.load(folder) if served else None
        except (OSError, ValueError, SpaceHubError) as error:
            problem = f"Commit {commit.sha[:7]} of {entry.repo_id} cannot be used: {error}"
            return replace(status, problem=problem, unusable=commit.sha)
        return Status(
            entry=entry, commit=commit.sha, made=commit.made, facts=facts, served=predictor, folder=folder
        )


def _pause() -> float:
    """Return the seconds between two looks: few for a Hub on this machine, many for a shared one."""
    host = urlsplit(constants.ENDPOINT).hostname or ""
    return 2 if host in ("localhost", "::1") or host.startswith("127.") else 30
