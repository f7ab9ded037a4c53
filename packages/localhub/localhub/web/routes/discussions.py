"""Discussions and pull requests: open, list, read, comment, edit, hide, rename, close, reopen, merge."""

import html
from collections.abc import Callable
from typing import Any

import pygit2
from starlette.routing import Route

from localhub.errors import HubError
from localhub.git.gitrepo import MAIN, GitRepo
from localhub.storage import pull_requests
from localhub.storage.discussions import Discussion, Discussions, check_title
from localhub.storage.repo import Repo
from localhub.times import iso_timestamp
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint
from localhub.web.rights import check_access, check_enabled, is_author, repo_to_take_part_in

PER_PAGE = 50
_STATUSES = {
    "all": {"draft", "open", "closed", "merged"},
    "open": {"draft", "open"},
    "closed": {"closed", "merged"},
    "draft": {"draft"},
    "merged": {"merged"},
}


def listing(call: Call) -> dict[str, Any]:
    """List discussions and pull requests, newest first, in pages."""
    repo = call.repo()
    check_enabled(repo)
    kind, status, author = call.query("type", "all"), call.query("status", "all"), call.query("author")
    if kind not in ("all", "discussion", "pull_request"):
        raise HubError(400, "`type` must be all, discussion or pull_request.")
    if status not in _STATUSES:
        raise HubError(400, f"`status` must be one of {', '.join(_STATUSES)}.")
    wanted = [
        discussion
        for discussion in Discussions(repo).all()
        if kind in ("all", "pull_request" if discussion.is_pull_request else "discussion")
        and discussion.status in _STATUSES[status]
        and author in (None, discussion.author)
    ]
    start = call.number("p", 0, low=0, high=1 << 30) * PER_PAGE
    return {
        "discussions": [_summary(repo, discussion) for discussion in wanted[start : start + PER_PAGE]],
        "count": len(wanted),
        "start": start,
    }


def create(call: Call) -> dict[str, Any]:
    """Open a discussion, or an empty pull request: commits are pushed to it afterwards."""
    repo = repo_to_take_part_in(call)
    title = check_title(call.field("title", str, ""))
    description = call.field("description", str, "")
    author = call.account.name
    with repo.lock:
        if call.field("pullRequest", bool, False):
            base = f"refs/heads/{MAIN}"
            discussion = pull_requests.open_pull_request(repo, title, author, description, base=base)
        else:
            discussions = Discussions(repo)
            discussion = discussions.new(title, author, description)
            discussions.save(discussion)
        call.hub.events.discussion(
            "create", repo, discussion, discussion.events[0] if discussion.events else None
        )
    return {
        "num": discussion.num,
        "pullRequest": discussion.is_pull_request,
        "url": f"{call.endpoint}/{repo.id.web_path}/discussions/{discussion.num}",
    }


def details(call: Call) -> dict[str, Any]:
    """Return a discussion with all its events; with ``diff``, also the changes of a pull request."""
    repo = call.repo()
    check_enabled(repo)
    if call.query("diff"):
        check_access(call, repo)
    discussion = Discussions(repo).get(number(call))
    answer = {**_summary(repo, discussion), "events": timeline(repo, discussion)}
    if discussion.is_pull_request:
        git = repo.git()
        answer["changes"] = {"base": discussion.base}
        if discussion.merged:
            answer["changes"]["mergeCommitId"] = discussion.merged["commit"]
        answer["filesWithConflicts"] = pull_requests.conflicts(git, discussion)
        if call.query("diff"):
            check_access(call, repo)
            answer["diff"] = pull_requests.diff(git, discussion)
    return answer


def comment(call: Call) -> dict[str, Any]:
    """Add a comment."""
    return _change(
        call, lambda discussion, author: discussion.comment(author, _text(call, "comment")), "newMessage"
    )


def rename(call: Call) -> dict[str, Any]:
    """Change the title."""
    return _change(
        call, lambda discussion, author: discussion.rename(author, _text(call, "title")), "newTitle", own=True
    )


def change_status(call: Call) -> dict[str, Any]:
    """Open or close a discussion, with an optional comment."""
    status = call.field("status", str)
    if status not in ("open", "closed"):
        raise HubError(400, "`status` must be open or closed.")

    def change(discussion: Discussion, author: str) -> dict[str, Any]:
        event = discussion.change_status(author, status)
        _last_word(call, discussion, author)
        return event

    return _change(call, change, "newStatus", own=True)


def edit_comment(call: Call) -> dict[str, Any]:
    """Edit one of the caller's own comments."""

    def change(discussion: Discussion, author: str) -> dict[str, Any]:
        if discussion.find_comment(call.path("comment"))["author"] != author:
            raise HubError(403, "Only the author of a comment can edit it.")
        return discussion.edit(call.path("comment"), author, _text(call, "content"))

    return _change(call, change, "updatedComment")


def hide_comment(call: Call) -> dict[str, Any]:
    """Hide a comment: the caller's own, or any in a repo that the caller may write to."""

    def change(discussion: Discussion, author: str) -> dict[str, Any]:
        if discussion.find_comment(call.path("comment"))["author"] != author and not _owns(call):
            raise HubError(
                403, "Only the author of a comment and people with write access to the repo can hide it."
            )
        return discussion.hide(call.path("comment"), author)

    return _change(call, change, "updatedComment")


def merge(call: Call) -> dict[str, Any]:
    """Merge a pull request into its branch."""
    repo = call.repo(write=True)
    check_enabled(repo)
    with repo.lock:
        discussion = Discussions(repo).get(number(call))
        if not discussion.is_pull_request:
            raise HubError(
                400, f"Discussion {discussion.num} is not a pull request, so it has no changes to merge."
            )
        _last_word(call, discussion, call.account.name)
        oid = pull_requests.merge(repo, discussion, author=call.author)
        call.hub.events.discussion("update", repo, discussion)
    return {"mergeCommitId": oid, "newStatus": _event(discussion.events[-1])}


def _change(call: Call, change: Callable[..., Any], name: str, *, own: bool = False) -> dict[str, Any]:
    """Add or change an event, and return it. With `own`, only the author and people who may write to the repo may do this."""
    repo = repo_to_take_part_in(call)
    with repo.lock:
        discussions = Discussions(repo)
        discussion = discussions.get(number(call))
        if own and not is_author(call, discussion) and not _owns(call):
            raise HubError(
                403,
                "Only the author of this discussion and people with write access to the repo can change it.",
            )
        known = len(discussion.events)
        event = change(discussion, call.account.name)
        discussions.save(discussion)
        _notify(call, repo, discussion, event, new=discussion.events[known:])
    return {name: _event(event)}


def _notify(
    call: Call, repo: Repo, discussion: Discussion, event: dict[str, Any], *, new: list[dict[str, Any]]
) -> None:
    """Notify the webhooks of an event, or of a changed comment."""
    for item in new or [event]:
        if item["type"] == "comment":
            call.hub.events.comment("create" if new else "update", repo, discussion, item)
        else:
            call.hub.events.discussion("update", repo, discussion)


def _owns(call: Call) -> bool:
    return call.caller.may_write(call.repo_id)


def number(call: Call) -> int:
    """Return the number in the path.

    Raises
    ------
    HubError
        404 if the text is not a number.
    """
    text = call.path("num")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise HubError(404, f"This repo has no discussion {text}.")
    return int(text)


def _text(call: Call, name: str) -> str:
    return call.field(name, str, "")


def _last_word(call: Call, discussion: Discussion, author: str) -> None:
    if _text(call, "comment").strip():
        discussion.comment(author, _text(call, "comment"))


def timeline(repo: Repo, discussion: Discussion) -> list[dict[str, Any]]:
    """Return all events, including commits, oldest first."""
    events = [_event(event) for event in discussion.events]
    if discussion.is_pull_request:
        git = repo.git()
        events += [_commit(git, commit) for commit in pull_requests.commits(git, discussion)]
    # git's times have whole seconds: in the same second, the events that opened a pull request precede its
    # commits
    rank = {"commit": 1, "comment": 0}
    return sorted(events, key=lambda event: (event["createdAt"][:19], rank.get(event["type"], 2)))


def _commit(git: GitRepo, commit: pygit2.Commit) -> dict[str, Any]:
    return {
        "id": str(commit.id)[:24],
        "type": "commit",
        "createdAt": iso_timestamp(commit.commit_time),
        "author": _author(commit.author.name),
        "data": {"subject": commit.message.split("\n", 1)[0], "oid": str(commit.id)},
    }


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event in the clients' format."""
    data = event["data"]
    if event["type"] == "comment":
        *history, latest = [_version(version) for version in data["versions"]]
        data = {
            "edited": len(data["versions"]) > 1,
            "hidden": data["hidden"],
            "latest": latest,
            "history": history,
            "numEdits": len(history),
        }
    return {**event, "author": _author(event["author"]), "data": data}


def _version(version: dict[str, Any]) -> dict[str, Any]:
    return {
        "raw": version["raw"],
        "html": f"<p>{html.escape(version['raw'])}</p>",
        "updatedAt": version["at"],
        "author": _author(version["author"]),
    }


def _author(name: str) -> dict[str, Any]:
    return {"name": name, "fullname": name, "type": "user", "avatarUrl": ""}


def _summary(repo: Repo, discussion: Discussion) -> dict[str, Any]:
    return {
        "num": discussion.num,
        "title": discussion.title,
        "status": discussion.status,
        "isPullRequest": discussion.is_pull_request,
        "createdAt": discussion.created_at,
        "author": _author(discussion.author),
        "repo": {"name": str(repo.id), "type": repo.id.type.singular},
        "numComments": sum(event["type"] == "comment" for event in discussion.events),
    }


_ALL = f"{API_REPO}/discussions"
_ONE = f"{_ALL}/{{num:part}}"

routes = [
    Route(_ALL, endpoint(listing)),
    Route(_ALL, endpoint(create, body="json"), methods=["POST"]),
    Route(_ONE, endpoint(details)),
    Route(f"{_ONE}/comment", endpoint(comment, body="json"), methods=["POST"]),
    Route(f"{_ONE}/title", endpoint(rename, body="json"), methods=["POST"]),
    Route(f"{_ONE}/status", endpoint(change_status, body="json"), methods=["POST"]),
    Route(f"{_ONE}/merge", endpoint(merge, body="json"), methods=["POST"]),
    Route(f"{_ONE}/comment/{{comment:part}}/edit", endpoint(edit_comment, body="json"), methods=["POST"]),
    Route(f"{_ONE}/comment/{{comment:part}}/hide", endpoint(hide_comment, body="json"), methods=["POST"]),
]
