"""Add files to a repo: how to upload each one, and the commit."""

import base64
import binascii
from typing import Any

from starlette.routing import Route

from localhub.errors import HubError
from localhub.git.entries import Snapshot
from localhub.ids import check_path
from localhub.rules import refusals
from localhub.rules.patterns import FolderAttributes, IgnoreRules
from localhub.rules.upload_mode import REGULAR_BYTES, upload_mode
from localhub.storage.commit import commit, commit_as_pull_request
from localhub.storage.discussions import Discussions
from localhub.storage.repo import Repo
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint
from localhub.web.rights import repo_to_commit_to, repo_to_take_part_in

FILES_PER_PREUPLOAD = 1000


def preupload(call: Call) -> dict[str, Any]:
    """Return for each file whether it is a git blob or a large file, whether .gitignore excludes it, and its current id."""
    snapshot = _repo(call).snapshot(call.path("revision"))
    files = call.field("files", list, [])
    if len(files) > FILES_PER_PREUPLOAD:
        raise HubError(400, f"A request may contain at most {FILES_PER_PREUPLOAD} files.")
    attributes = FolderAttributes(snapshot.read, lambda path: _id(snapshot, path))
    ignore = call.field("gitIgnore", str)
    rules = IgnoreRules(_text(snapshot.read(".gitignore")) if ignore is None else ignore)
    return {"files": [_preupload(file, snapshot, attributes, rules) for file in files]}


def _id(snapshot: Snapshot, path: str) -> str | None:
    entry = snapshot.file(path)
    return entry.oid if entry else None


def _preupload(
    file: dict[str, Any], snapshot: Snapshot, attributes: FolderAttributes, rules: IgnoreRules
) -> dict[str, Any]:
    if not isinstance(file, dict) or not isinstance(file.get("size", 0), int):
        raise HubError(400, "Each file must be an object with path, size and sample.")
    path = check_path(file.get("path"))
    try:
        sample = base64.b64decode(file.get("sample") or "", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise HubError(400, f"The sample of {path!r} is not valid base64.") from error
    entry, size = snapshot.file(path), file.get("size", 0)
    own_rules = refusals.is_attributes(path)  # never a large file, whatever their own rules say
    if own_rules and size > REGULAR_BYTES:
        raise HubError(400, refusals.attributes_as_pointer(path))
    return {
        "path": path,
        "uploadMode": "regular" if own_rules else upload_mode(path, size, sample, attributes),
        "shouldIgnore": rules.ignores(path),
        "oid": entry.etag if entry else None,
    }


def make_commit(call: Call) -> dict[str, Any]:
    """Create a commit on a branch, or open a pull request with it."""
    repo = _repo(call)
    page = f"{call.endpoint}/{repo.id.web_path}"
    answer = {"success": True, "hookOutput": ""}
    if call.flag("create_pr"):
        oid, num = commit_as_pull_request(repo, call.path("revision"), call.body, author=call.author)
        opened = Discussions(repo).get(num)
        call.hub.events.discussion("create", repo, opened, opened.events[0] if opened.events else None)
        answer["pullRequestUrl"] = f"{page}/discussions/{num}"
    else:
        oid = commit(repo, call.path("revision"), call.body, author=call.author)
    return {**answer, "commitOid": oid, "commitUrl": f"{page}/commit/{oid}"}


def _repo(call: Call) -> Repo:
    """Return the repo if the caller may commit to the revision or, if requested, open a pull request."""
    if call.flag("create_pr"):
        return repo_to_take_part_in(call)
    return repo_to_commit_to(call, call.path("revision"))


def _text(data: bytes | None) -> str:
    return (data or b"").decode(errors="replace")


routes = [
    Route(f"{API_REPO}/preupload/{{revision:part}}", endpoint(preupload, body="json"), methods=["POST"]),
    Route(
        f"{API_REPO}/commit/{{revision:part}}",
        endpoint(make_commit, body="lines", check=_repo),
        methods=["POST"],
    ),
]
