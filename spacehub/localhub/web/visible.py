"""The repos that a caller may see."""

from collections.abc import Iterator

from spacehub.localhub.errors import HubError
from spacehub.localhub.ids import RepoType, is_name
from spacehub.localhub.storage.repo import Repo, RepoSettings
from spacehub.localhub.web.call import Call


def visible_repos(
    call: Call, kind: RepoType, namespace: str | None = None
) -> Iterator[tuple[Repo, RepoSettings]]:
    """Each repo of a type (and of one namespace) with its settings, if it exists for the caller."""
    if namespace is not None and not is_name(namespace):
        return
    for repo in call.hub.store.all(kind, namespace):
        try:
            settings = repo.settings
        except HubError:  # deleted while we look
            continue
        if call.caller.may_read(repo.id, settings.private):
            yield repo, settings
