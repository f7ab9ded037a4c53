"""The large files of a whole repo: list them, and delete some permanently."""

import re
from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.storage.large_files import large_files, remove_large_files
from localhub.times import iso_timestamp
from localhub.web.addresses import API_REPO
from localhub.web.call import PAGE_SIZE, Call, endpoint

_SHA256 = re.compile(r"[0-9a-f]{64}")


def listing(call: Call) -> JSONResponse:
    """List all large files, on every branch, in pages, for people who may write to the repo."""
    found = [
        {
            "fileOid": file.pointer.oid,
            "filename": file.path,
            "oid": file.pointer.oid,
            "pushedAt": iso_timestamp(file.committed),
            "ref": file.ref.removeprefix("refs/heads/"),
            "size": file.pointer.size,
        }
        for file in large_files(call.repo(write=True))
    ]
    return call.page(found, PAGE_SIZE)


def delete(call: Call) -> dict[str, Any]:
    """Delete large files permanently and, by default, also remove them from history."""
    repo, deletions = call.repo(write=True), call.field("deletions", dict, {})
    oids = deletions.get("sha")
    if not isinstance(oids, list) or not all(isinstance(oid, str) and _SHA256.fullmatch(oid) for oid in oids):
        raise HubError(400, "`deletions.sha` must be a list of sha256 hashes.")
    remove_large_files(repo, set(oids), rewrite_history=deletions.get("rewriteHistory") is not False)
    return {"success": True}


_FILES = f"{API_REPO}/lfs-files"

routes = [
    Route(_FILES, endpoint(listing)),
    Route(f"{_FILES}/batch", endpoint(delete, body="json"), methods=["POST"]),
]
