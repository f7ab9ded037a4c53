"""Errors: what a user of this package may meet (LocalHubError) and what a client gets as an HTTP answer (HubError)."""


class LocalHubError(Exception):
    """A mistake that the person who starts a Hub can mend.

    Parameters
    ----------
    problem : str
        One sentence: what was wrong, naming the file, folder or port.
    mend : str
        One sentence: what to do about it.
    """

    def __init__(self, problem: str, mend: str):
        super().__init__(f"{problem} {mend}")
        self.problem = problem
        self.mend = mend


class HubError(Exception):
    """An answer of 4xx or 5xx with the header and body from which the official clients build their exceptions.

    Parameters
    ----------
    status : int
        HTTP status.
    message : str
        A sentence for the user; the client shows it.
    code : str, optional
        ``X-Error-Code``: RepoNotFound, RevisionNotFound, EntryNotFound or GatedRepo.
    headers : dict, optional
        More headers of the answer.
    body : dict, optional
        More fields of the JSON body.
    """

    def __init__(self, status: int, message: str, *, code: str | None = None, headers=None, body=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})
        self.body = dict(body or {})


class RepoMoved(Exception):
    """The repo lives under another id (`RepoId`) now; the answer is a redirect to the same address there."""

    def __init__(self, old_id, new_id):
        super().__init__(f"{old_id} is now {new_id}")
        self.old_id = old_id
        self.new_id = new_id


def repo_not_found() -> HubError:
    """A repo that is missing, or private to others: the Hub does not tell which."""
    return HubError(404, "Repository not found", code="RepoNotFound")


def revision_not_found(revision: str) -> HubError:
    """No such branch, tag or commit."""
    return HubError(404, f"Invalid rev id: {revision}", code="RevisionNotFound")


def entry_not_found(path: str, commit: str | None = None) -> HubError:
    """No such file or folder; with ``X-Repo-Commit`` the client may remember that."""
    headers = {"X-Repo-Commit": commit} if commit else {}
    return HubError(404, f"Entry not found: {path}", code="EntryNotFound", headers=headers)
