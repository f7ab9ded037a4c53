"""Pages for a repo's history: its commits, newest first, and the changes of one commit."""

from itertools import islice
from typing import Any

import pygit2
from starlette.responses import HTMLResponse

from localhub.times import iso_timestamp
from localhub.web.addresses import WEB_REPO
from localhub.web.call import Call
from localhub.web.pages.files import opened
from localhub.web.pages.template import page, route
from localhub.web.rights import check_access

COMMITS_SHOWN = 50
FILES_SHOWN = 100
PATCH_CHARACTERS = 50_000  # per file


def commits(call: Call) -> HTMLResponse:
    """List the commits up to a revision, in pages."""
    repo, revision, about = opened(call)
    snapshot = repo.snapshot(revision)
    start = call.number("skip", 0, low=0, high=10**9)
    listed = list(islice(snapshot.git.history(snapshot.commit), start, start + COMMITS_SHOWN + 1))
    return page(
        "commits.html",
        **about,
        commits=[_described(commit) for commit in listed[:COMMITS_SHOWN]],
        older=start + COMMITS_SHOWN if len(listed) > COMMITS_SHOWN else None,
    )


def commit(call: Call) -> HTMLResponse:
    """Show one commit: its message, and each changed file."""
    repo, revision, about = opened(call)
    check_access(call, repo)
    snapshot = repo.snapshot(revision)
    handle, commit = snapshot.git.handle, snapshot.commit
    diff = handle.diff(commit.parents[0], commit) if commit.parents else commit.tree.diff_to_tree(swap=True)
    return page(
        "commit.html",
        **about,
        **changes(diff),
        commit=_described(commit),
        message=commit.message.partition("\n")[2].strip(),
        parents=[str(parent.id) for parent in commit.parents],
    )


def changes(diff: pygit2.Diff) -> dict[str, Any]:
    """Return the values for the template ``diff.html``."""
    files = [_change(diff, number) for number in range(min(len(diff), FILES_SHOWN))]
    return {"files": files, "more": len(diff) - len(files)}


def _change(diff: pygit2.Diff, number: int) -> dict[str, Any]:
    patch = diff[number]
    assert patch is not None
    text = "" if patch.delta.is_binary else patch.text or ""
    body = text[text.find("@@") :] if "@@" in text else ""
    return {
        "path": patch.delta.new_file.path,
        "status": patch.delta.status.name.lower(),
        "lines": body.splitlines() if len(body) <= PATCH_CHARACTERS else None,
    }


def _described(commit: pygit2.Commit) -> dict[str, Any]:
    return {
        "id": str(commit.id),
        "title": commit.message.split("\n", 1)[0],
        "author": commit.author.name,
        "date": iso_timestamp(commit.commit_time),
    }


routes = [
    route(f"{WEB_REPO}/commits/{{revision:part}}", commits),
    route(f"{WEB_REPO}/commit/{{revision:part}}", commit),
]
