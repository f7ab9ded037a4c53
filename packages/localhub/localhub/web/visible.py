"""The repos that a caller may see, and their summaries for lists. A list leaves out an unreadable repo."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from localhub.errors import HubError
from localhub.git.entries import Snapshot
from localhub.ids import RepoType, is_name
from localhub.storage.repo import Repo, RepoSettings
from localhub.web.call import Call
from localhub.web.info import summary

_log = logging.getLogger(__name__)
_logged: set[Path] = set()  # log each one once, because a list may be requested often
MOST_LOGGED = 1000
T = TypeVar("T")


def visible_repos(
    call: Call, kind: RepoType, namespace: str | None = None
) -> Iterator[tuple[Repo, RepoSettings]]:
    """Yield each repo of a type (and of one namespace) with its settings, if the caller may see it."""
    if namespace is not None and not is_name(namespace):
        return
    for repo in call.hub.store.all(kind, namespace):
        settings = unless_broken(repo, lambda repo=repo: repo.settings)
        if settings is not None and call.caller.may_read(repo.id, settings.private):
            yield repo, settings


def visible_summaries(
    call: Call, kind: RepoType, namespace: str | None = None
) -> Iterator[tuple[dict[str, Any], Repo, RepoSettings, Snapshot]]:
    """Yield what `visible_repos` yields, with each repo's summary and commit."""
    for repo, settings in visible_repos(call, kind, namespace):
        snapshot = unless_broken(repo, repo.snapshot)
        if snapshot is not None:
            info = unless_broken(repo, lambda repo=repo, at=(settings, snapshot): summary(repo, *at))
            if info is not None:
                yield info, repo, settings, snapshot


def unless_broken(repo: Repo, read: Callable[[], T]) -> T | None:
    """Return the result of reading a repo; if this fails, log the error and return None."""
    try:
        return read()
    except HubError:  # deleted in the meantime
        return None
    except Exception:
        if repo.folder not in _logged and len(_logged) < MOST_LOGGED:
            _logged.add(repo.folder)
            _log.warning("%s cannot be read: run localhub fsck", repo.id, exc_info=True)
        return None
