"""Rights in the repos of other accounts: read gated files, discuss, propose changes, edit your own comments."""

import re

from localhub.errors import HubError
from localhub.ids import RepoId
from localhub.storage.access import AccessRequests
from localhub.storage.discussions import Discussion, Discussions
from localhub.storage.repo import Repo
from localhub.web.call import Call

_PULL_REQUEST = re.compile(r"refs/pr/([1-9][0-9]{0,8})")


def check_access(call: Call, repo: Repo) -> None:
    """Check that the caller may read the files of a repo; if it is gated, only members and accepted users may.

    Raises
    ------
    HubError
        GatedRepo: 401 if anonymous, otherwise 403.
    """
    settings, account = repo.settings, call.caller.account
    if not settings.gated or call.caller.may_read(repo.id, private=True):
        return
    restricted = f"Access to {repo.id.type.singular} {repo.id} is restricted"
    if account is None:
        message = (
            f"{restricted}. You must have access to it and be authenticated to access it. Please log in."
        )
        raise HubError(401, message, code="GatedRepo")
    if not AccessRequests(repo).accepted(account.name):
        way = f"{call.endpoint}/{repo.id.web_path}"
        message = f"{restricted} and you are not in the authorized list. Visit {way} to ask for access."
        raise HubError(403, message, code="GatedRepo")


def repo_to_take_part_in(call: Call, id: RepoId | None = None) -> Repo:
    """Return a repo (by default the one in the path) if the caller may read it and has a write token.

    Raises
    ------
    HubError
        404 if the caller may not read it, 401 without a token, 403 for a read-only token, or if the
        discussions are disabled.
    """
    repo = call.repo() if id is None else call.find(id)
    if call.caller.account is None:
        raise HubError(
            401,
            "Invalid username or password. To take part in discussions, log in with a token, for example by setting HF_TOKEN.",
        )
    if call.caller.token_role != "write":
        raise HubError(
            403, "This token is read-only. To take part in discussions, use a token with write access."
        )
    check_enabled(repo)
    return repo


def repo_to_propose_to(call: Call, id: RepoId | None = None) -> Repo:
    """Return a repo (by default the one in the path) if the caller may write to it or open a pull request."""
    if not call.caller.may_write(id or call.repo_id):
        return repo_to_take_part_in(call, id)
    return call.find(id, write=True) if id else call.repo(write=True)


def repo_to_commit_to(call: Call, revision: str) -> Repo:
    """Return the repo in the path if the caller may write to it or, at ``refs/pr/N``, has opened that pull request.

    Raises
    ------
    HubError
        Also 403 for a pull request that is merged.
    """
    match = _PULL_REQUEST.fullmatch(revision)
    if match is None:
        return call.repo(write=True)
    repo = repo_to_propose_to(call)
    try:
        pull_request = Discussions(repo).get(int(match[1]))
    except HubError:  # it came with a mirrored repo, or does not exist
        return call.repo(write=True)
    if not is_author(call, pull_request):
        call.repo(write=True)
    if pull_request.status == "merged":
        raise HubError(403, f"Pull request {pull_request.num} is merged. Open another pull request.")
    return repo


def is_author(call: Call, discussion: Discussion) -> bool:
    """Return whether the caller opened the discussion."""
    return call.caller.account is not None and call.caller.account.name == discussion.author


def check_enabled(repo: Repo) -> None:
    """Check that the repo has discussions.

    Raises
    ------
    HubError
        403 if discussions are disabled.
    """
    if repo.settings.discussions_disabled:
        raise HubError(403, f"Discussions are disabled for {repo.id}.")
