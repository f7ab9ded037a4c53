"""Reading: folders, paths, and the files themselves."""

from itertools import islice
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localhub import bounded
from localhub.errors import entry_not_found
from localhub.git.entries import Entry, Snapshot
from localhub.git.last_commit import last_commits
from localhub.web import safetensors
from localhub.web.addresses import API_REPO, WEB_REPO
from localhub.web.call import PAGE_SIZE, Call, endpoint, too_many_parameters
from localhub.web.download import content_headers, send_bytes, send_file
from localhub.web.rights import check_access
from localhub.xet.reconstruction import LEAST_BYTES

EXPANDED_PER_PAGE = 100
PATHS_PER_CALL = 1000


def tree(call: Call) -> JSONResponse:
    """List a folder in pages; every page after the first stays at the same commit."""
    snapshot = call.repo().snapshot(call.query("at") or call.path("revision"))
    path = call.request.path_params.get("path", "").strip("/")
    expand = call.flag("expand")
    most = EXPANDED_PER_PAGE if expand else PAGE_SIZE
    limit = call.number("limit", most, low=1, high=most)
    try:
        listing = snapshot.walk(path, recursive=call.flag("recursive"), after=call.query("cursor"))
        entries = list(islice(listing, limit + 1))
    except KeyError:
        raise entry_not_found(path, snapshot.commit_id) from None
    headers = {"X-Repo-Commit": snapshot.commit_id}
    if len(entries) > limit:
        entries.pop()
        headers |= call.next_page(cursor=entries[-1].path, at=snapshot.commit_id)
    return JSONResponse(_described(snapshot, entries, expand, xet_from=LEAST_BYTES), headers=headers)


def paths_info(call: Call) -> list[dict[str, Any]]:
    """Return the files and folders at the requested paths; missing ones are left out."""
    snapshot = call.repo().snapshot(call.path("revision"))
    paths = [path for path in call.body.get("paths", []) if isinstance(path, str)]
    if len(paths) > PATHS_PER_CALL:
        raise too_many_parameters()
    found = [entry for path in dict.fromkeys(paths) if (entry := snapshot.find(path)) is not None]
    expand = call.body.get("expand") in (["true"], ["True"], [True])
    return _described(snapshot, found, expand, xet_from=1)  # without it, clients copy no file to another repo


def resolve(call: Call) -> Response:
    """Return a file's content, for a large one from the LFS store."""
    snapshot, entry = _file(call)
    headers = {
        "X-Repo-Commit": snapshot.commit_id,
        "ETag": f'"{entry.etag}"',
        **content_headers(entry.path),
    }
    if entry.pointer is None:
        return send_bytes(call.request, snapshot.blob(entry), headers)
    headers |= {"X-Linked-Etag": f'"{entry.etag}"', "X-Linked-Size": str(entry.size)}
    if entry.size >= LEAST_BYTES:
        repo = f"{call.type.plural}/{call.path('namespace')}/{call.path('name')}"
        route = f"{call.endpoint}/api/{repo}/xet-read-token/{snapshot.commit_id}"
        headers |= {"X-Xet-Hash": entry.pointer.oid, "X-Xet-Refresh-Route": route}
    return send_file(call.request, snapshot.lfs.path(entry.pointer.oid), entry.size, headers)


def raw(call: Call) -> Response:
    """Return git's content: for a large file its pointer."""
    snapshot, entry = _file(call)
    headers = {"X-Repo-Commit": snapshot.commit_id, "ETag": f'"{entry.oid}"', **content_headers(entry.path)}
    return send_bytes(call.request, snapshot.blob(entry), headers)


def safetensors_metadata(call: Call) -> dict[str, Any]:
    """Return the headers of all files that a safetensors index names, and the index without its map."""
    repo, path = call.repo(), call.path("path")
    check_access(call, repo)
    snapshot = repo.snapshot()
    files = safetensors.index_files(snapshot, path)
    headers = {name: safetensors.header(snapshot, name) for name in files}
    if not files or None in headers.values():
        raise entry_not_found(path, snapshot.commit_id)
    index = bounded.loads(snapshot.read(path) or b"", values=safetensors.MOST_VALUES)
    return {"index": {key: value for key, value in index.items() if key != "weight_map"}, "headers": headers}


def _file(call: Call) -> tuple[Snapshot, Entry]:
    repo, path = call.repo(), call.path("path")
    check_access(call, repo)
    snapshot = repo.snapshot(call.path("revision"))
    entry = snapshot.file(path)
    if entry is None:
        raise entry_not_found(path, snapshot.commit_id)
    return snapshot, entry


def _described(
    snapshot: Snapshot, entries: list[Entry], expand: bool, *, xet_from: int
) -> list[dict[str, Any]]:
    answer = [_entry(entry, xet_from) for entry in entries]
    if expand:
        commits = last_commits(snapshot, [entry.path for entry in entries])
        for item in answer:
            item["lastCommit"] = commits.get(item["path"])
            if item["type"] == "file":
                item["securityFileStatus"] = None
    return answer


def _entry(entry: Entry, xet_from: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "type": "directory" if entry.is_folder else "file",
        "oid": entry.oid,
        "size": entry.size,
        "path": entry.path,
    }
    if entry.pointer:
        answer["lfs"] = {
            "oid": entry.pointer.oid,
            "size": entry.pointer.size,
            "pointerSize": entry.pointer_size,
        }
        if entry.size >= xet_from:
            answer["xetHash"] = entry.pointer.oid  # see `reconstruction`
    return answer


routes = [
    Route(f"{API_REPO}/tree/{{revision:part}}", endpoint(tree)),
    Route(f"{API_REPO}/tree/{{revision:part}}/{{path:rest}}", endpoint(tree)),
    Route(
        f"{API_REPO}/paths-info/{{revision:part}}",
        endpoint(paths_info, body="form", strangers=True),
        methods=["POST"],
    ),
    Route(f"{WEB_REPO}/resolve/{{revision:part}}/{{path:rest}}", endpoint(resolve)),
    Route(f"{WEB_REPO}/raw/{{revision:part}}/{{path:rest}}", endpoint(raw)),
    Route(f"{API_REPO}/safetensors-metadata/{{path:rest}}", endpoint(safetensors_metadata)),
]
