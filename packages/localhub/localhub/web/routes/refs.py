"""Branches, tags and history."""

from functools import lru_cache
from itertools import islice
from typing import Any

import pygit2
from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.git.gitrepo import CONVERT, MAIN, GitRepo
from localhub.git.objects import ObjectWriter
from localhub.times import iso_timestamp
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint

COMMITS_PER_PAGE = 50


def refs(call: Call) -> dict[str, Any]:
    """List all branches and tags."""
    git = call.repo().git()
    answer = {
        "branches": _refs(git, "refs/heads/"),
        "converts": _refs(git, "refs/convert/"),
        "tags": _refs(git, "refs/tags/"),
    }
    if call.flag("include_prs"):
        answer["pullRequests"] = _refs(git, "refs/pr/")
    return answer


def create_branch(call: Call) -> dict[str, Any]:
    """Create a branch, from main or from a given revision."""
    repo = call.repo(write=True)
    with repo.lock:
        git = repo.git()
        start = call.field("startingPoint", str) or MAIN
        git.create_branch(call.path("branch"), git.resolve(start))
    return {}


def delete_branch(call: Call) -> dict[str, Any]:
    """Delete a branch other than main."""
    branch = call.path("branch")
    return _delete(call, branch if branch.startswith(CONVERT) else f"refs/heads/{branch}")


def create_tag(call: Call) -> dict[str, Any]:
    """Tag a revision; with a message it is an annotated tag."""
    repo = call.repo(write=True)
    name = call.field("tag", str)
    if not name:
        raise HubError(400, "A tag must have a name.")
    with repo.lock:
        git = repo.git()
        git.create_tag(name, git.resolve(call.path("revision")), call.field("message", str, ""), call.author)
    return {}


def delete_tag(call: Call) -> dict[str, Any]:
    """Delete a tag."""
    return _delete(call, f"refs/tags/{call.path('revision')}")


def super_squash(call: Call) -> dict[str, Any]:
    """Replace a branch's history with one commit that has the same files."""
    repo = call.repo(write=True)
    message = (call.field("message", str) or f"Super-squash branch {call.path('branch')!r}").strip()
    with repo.lock:
        git = repo.git()
        if git.target(f"refs/tags/{call.path('branch')}") and not git.target(
            f"refs/heads/{call.path('branch')}"
        ):
            raise HubError(400, f"Invalid reference for a branch: {call.path('branch')} is a tag")
        ref = git.branch_ref(call.path("branch"))
        tip = git.resolve(ref)
        with ObjectWriter(git.handle, repo.incoming) as writer:
            git.commit(
                writer,
                tree=tip.tree.id.raw,
                parents=[],
                author=call.author,
                message=f"{message}\n",
                ref=ref,
                expected=str(tip.id),
            )
    return {}


def commits(call: Call) -> JSONResponse:
    """List the history in pages, newest first."""
    page = call.number("p", 0, low=0, high=1 << 30)
    limit = call.number("limit", COMMITS_PER_PAGE, low=1, high=1000)
    git = call.repo().git()
    newest = git.resolve(call.path("revision"))
    found = list(islice(git.history(newest), page * limit, (page + 1) * limit + 1))
    formatted = bool({"expand", "expand[]"} & set(call.request.query_params))
    headers = {"X-Total-Count": str(_count(git.handle.path, str(newest.id)))}
    if len(found) > limit:
        headers |= call.next_page(p=str(page + 1))
    return JSONResponse([_commit(commit, formatted) for commit in found[:limit]], headers=headers)


@lru_cache(maxsize=1024)
def _count(folder: str, newest: str) -> int:
    """Return the number of commits up to and including this one."""
    repo = pygit2.Repository(folder)
    return sum(1 for _ in repo.walk(newest, pygit2.enums.SortMode.NONE))


def _commit(commit: pygit2.Commit, formatted: bool) -> dict[str, Any]:
    title, _, message = commit.message.partition("\n")
    answer: dict[str, Any] = {
        "id": str(commit.id),
        "title": title,
        "message": message.strip(),
        "date": iso_timestamp(commit.commit_time),
        "authors": [{"user": commit.author.name}],
    }
    if formatted:
        answer["formatted"] = {"title": title, "message": message.strip()}
    return answer


def _refs(git: GitRepo, prefix: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "ref": f"{prefix}{name}", "targetCommit": target}
        for name, target in git.references(prefix)
    ]


def _delete(call: Call, ref: str) -> dict[str, Any]:
    repo = call.repo(write=True)
    with repo.lock:
        repo.git().delete_ref(ref)
    return {}


routes = [
    Route(f"{API_REPO}/refs", endpoint(refs)),
    Route(f"{API_REPO}/branch/{{branch:part}}", endpoint(create_branch, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/branch/{{branch:part}}", endpoint(delete_branch), methods=["DELETE"]),
    Route(f"{API_REPO}/tag/{{revision:part}}", endpoint(create_tag, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/tag/{{revision:part}}", endpoint(delete_tag), methods=["DELETE"]),
    Route(f"{API_REPO}/super-squash/{{branch:part}}", endpoint(super_squash, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/commits/{{revision:part}}", endpoint(commits)),
]
