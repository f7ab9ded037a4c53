"""Errors: LocalHubError for users of this package, HubError for the HTTP response that a client gets."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localhub.ids import RepoId


class LocalHubError(Exception):
    """A mistake that the person who starts an embedded Hub can fix.

    Parameters
    ----------
    problem : str
        One sentence: what is wrong, with the name of the file, folder or port.
    fix : str
        One sentence: what to do about it.
    """

    def __init__(self, problem: str, fix: str):
        super().__init__(f"{problem} {fix}")
        self.problem = problem
        self.fix = fix


class HubError(Exception):
    """A 4xx or 5xx response with the header and body that the official clients need to build their exceptions.

    Parameters
    ----------
    status : int
        HTTP status.
    message : str
        Full sentences for the user, which the client shows. A message copied from huggingface.co stays
        unchanged, without a full stop.
    code : str, optional
        ``X-Error-Code``: RepoNotFound, RevisionNotFound, EntryNotFound or GatedRepo.
    headers : dict, optional
        More response headers.
    body : dict, optional
        More fields of the JSON body.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ):
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})
        self.body = dict(body or {})


class RepoMoved(Exception):
    """The repo now has another id (`RepoId`); the response redirects to the same path there."""

    def __init__(self, old_id: "RepoId", new_id: "RepoId"):
        super().__init__(f"{old_id} is now {new_id}")
        self.old_id = old_id
        self.new_id = new_id


def repo_not_found() -> HubError:
    """Return the error for a repo that is missing or hidden from the caller, who cannot distinguish the two cases."""
    return HubError(404, "Repository not found", code="RepoNotFound")


def revision_not_found(revision: str) -> HubError:
    """Return the error for an unknown branch, tag or commit."""
    return HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def entry_not_found(path: str, commit: str | None = None) -> HubError:
    """Return the error for an unknown file or folder. If it has ``X-Repo-Commit``, the client may cache it."""
    headers = {"X-Repo-Commit": commit} if commit else {}
    return HubError(404, f"Entry not found: {path}", code="EntryNotFound", headers=headers)
