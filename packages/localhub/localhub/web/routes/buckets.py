"""Buckets: create, change and list them, and their files."""

import io
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localhub.errors import HubError, RepoMoved, entry_not_found, repo_not_found
from localhub.files.lfs import OID, LfsStore, Pointer
from localhub.ids import RepoId, RepoType, check_path
from localhub.jsonbody import parse_object
from localhub.storage.buckets import Bucket, BucketId
from localhub.times import iso_timestamp, now
from localhub.web.bodies import JSON_BYTES
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.download import content_headers, send_file
from localhub.web.rights import check_access
from localhub.web.routes.xet import bucket_read_headers, bucket_write_headers, token_answer

MOST_OPERATIONS = 10_000
MOST_PATHS = 1000
LATEST_MILLISECONDS = 1 << 45  # in the year 3084
_NO_CONTENT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # sha256 of no bytes


def create(call: Call) -> dict[str, Any]:
    """Create a bucket; the namespace ``me`` is the caller's."""
    namespace = call.path("namespace")
    id = BucketId.parse(f"{call.account.name if namespace == 'me' else namespace}/{call.path('name')}")
    call.caller.check_write(id.namespace, private=False)
    visibility = call.field("visibility", str)
    if visibility not in (None, "public", "private", "protected"):
        raise HubError(400, "`visibility` must be public, protected or private.")
    private = call.field("private", bool)
    if visibility is not None:
        private = visibility == "private"
    if private is None:
        org = call.hub.accounts.orgs.get(id.namespace)
        private = org.default_private if org else call.account.default_private
    try:
        call.hub.store.buckets.create(id, private=private)
    except HubError as error:
        if error.status == 409:
            error.body["url"] = f"{call.endpoint}/buckets/{id}"
        raise
    return {"url": f"{call.endpoint}/buckets/{id}", "name": str(id)}


def info(call: Call) -> dict[str, Any]:
    """Describe a bucket."""
    return _described(_bucket(call))


def list_all(call: Call) -> JSONResponse:
    """List the buckets of a namespace that the caller may see."""
    namespace, search = call.path("namespace"), call.query("search", "") or ""
    if namespace == "me":
        namespace = call.account.name
    accounts, buckets = call.hub.accounts, list(call.hub.store.buckets.all(namespace))
    if not buckets and namespace not in accounts.by_name and namespace not in accounts.orgs:
        raise HubError(404, "This namespace does not exist.")
    found = [
        _described(bucket)
        for bucket in buckets
        if search in bucket.id.name and call.caller.may_read(namespace, bucket.settings.private)
    ]
    return call.page(found, PAGE_SIZE)


def delete(call: Call) -> dict[str, Any]:
    """Delete a bucket and its files permanently."""
    call.hub.store.buckets.delete(_bucket(call, write=True))
    return {}


def no_bucket(call: Call) -> None:
    """Answer a request for a bucket without a namespace."""
    raise repo_not_found()


def settings(call: Call) -> dict[str, Any]:
    """Change who may see a bucket."""
    bucket = _bucket(call, write=True)
    private = call.field("private", bool)
    if private is None:
        raise HubError(400, "`private` must be true or false.")
    bucket.change_settings(private=private)
    return {"private": private}


def move(call: Call) -> dict[str, Any]:
    """Rename a bucket or move it to another namespace."""
    old = BucketId.parse(call.field("fromRepo", str, ""))
    new = BucketId.parse(call.field("toRepo", str, ""))
    bucket = _found(call, old, write=True)
    call.caller.check_write(new.namespace, private=False)
    call.hub.store.buckets.move(bucket, new)
    return {"url": f"{call.endpoint}/buckets/{new}"}


def tree(call: Call) -> JSONResponse:
    """List the files whose path begins with a prefix; without ``recursive``, list folders instead of their content."""
    files, prefix = _bucket(call).files(), call.request.path_params.get("prefix", "")
    recursive = call.query("recursive") != "false"
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted(files):
        if not path.startswith(prefix):
            continue
        start = len(prefix) + (path[len(prefix) : len(prefix) + 1] == "/")
        end = -1 if recursive else path.find("/", start)
        if end < 0:
            entries[path] = _entry(path, files[path])
            continue
        folder, uploaded = path[:end], files[path]["uploadedAt"]
        known = entries.setdefault(folder, {"type": "directory", "path": folder, "uploadedAt": uploaded})
        known["uploadedAt"] = max(known["uploadedAt"], uploaded)
    return call.page(list(entries.values()), PAGE_SIZE)


def paths_info(call: Call) -> list[dict[str, Any]]:
    """Describe the files at some paths; missing ones are left out."""
    files, paths = _bucket(call).files(), call.field("paths", list, [])
    if len(paths) > MOST_PATHS:
        raise HubError(413, "too many parameters")
    return [_entry(path, files[path]) for path in paths if isinstance(path, str) and path in files]


def resolve(call: Call) -> Response:
    """Return a file's content."""
    bucket, path = _bucket(call), call.path("path")
    file = bucket.files().get(path)
    if file is None:
        raise entry_not_found(path)
    oid, size = file["oid"], file["size"]
    headers = {"ETag": f'"{oid}"', "X-Linked-Etag": f'"{oid}"', "X-Linked-Size": str(size)}
    route = f"{call.endpoint}/api/buckets/{bucket.id}/xet-read-token"
    headers |= {"X-Xet-Hash": oid, "X-Xet-Refresh-Route": route, **content_headers(path)}
    return send_file(call.request, bucket.lfs.path(oid), size, headers)


def write_token(call: Call) -> Response:
    """Return where to upload."""
    return token_answer(bucket_write_headers(call, _bucket(call, write=True)))


def read_token(call: Call) -> Response:
    """Return where to download."""
    return token_answer(bucket_read_headers(call, _bucket(call)))


def batch(call: Call) -> JSONResponse:
    """Add, copy and remove files. The response names each operation that failed; all others are carried out."""
    bucket = _bucket(call, write=True)
    lines = [line for line in io.BytesIO(call.body.read(JSON_BYTES)) if line.strip()]
    if call.body.read(1) or len(lines) > MOST_OPERATIONS:
        raise HubError(413, f"A batch must not exceed {MOST_OPERATIONS} operations or {JSON_BYTES} bytes.")
    put: dict[str, dict[str, Any]] = {}
    removed: list[str] = []
    failed: list[dict[str, Any]] = []
    for line in lines:
        operation = parse_object(line, "An operation of this batch")
        path: Any = operation.get("path")
        try:
            check_path(path)
            if operation.get("type") == "deleteFile":
                removed.append(path)
                put.pop(path, None)
            else:
                put[path] = _file(call, bucket, operation)
        except HubError as error:
            failed.append({"path": path, "error": error.message})
    bucket.change(put, [path for path in removed if path not in put])
    answer = {
        "success": not failed,
        "processed": len(lines),
        "succeeded": len(lines) - len(failed),
        "failed": failed,
    }
    return JSONResponse(answer, status_code=422 if failed and len(failed) == len(lines) else 200)


def check_batch(call: Call) -> None:
    """Check that the caller may write, before the operations are read."""
    _bucket(call, write=True)


def _file(call: Call, bucket: Bucket, operation: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of a file to add or copy, whose content is then in the bucket."""
    name, mtime = operation.get("xetHash"), operation.get("mtime")
    if not isinstance(name, str):
        raise HubError(400, "Each file must have an `xetHash`.")
    if not isinstance(mtime, int) or isinstance(mtime, bool) or not 0 <= mtime < LATEST_MILLISECONDS:
        raise HubError(400, "`mtime` must be a whole number of milliseconds since 1970.")
    if operation.get("type") == "addFile":
        oid = call.hub.xet.oid(bucket.settings.id, name) or name
        if name == "0" * 64:
            oid = _empty(bucket)
        source: LfsStore | None = None
    elif operation.get("type") == "copyFile":
        oid, source = name, _source(call, operation)
    else:
        raise HubError(400, "The type of an operation must be addFile, copyFile or deleteFile.")
    size = (source or bucket.lfs).size(oid) if OID.fullmatch(oid) else None
    if size is None or (source is not None and not bucket.lfs.take_from(source, Pointer(oid, size))):
        raise HubError(404, f"The content {name} was not uploaded to this Hub.")
    return {"oid": oid, "size": size, "mtime": iso_timestamp(mtime / 1000), "uploadedAt": now()}


def _empty(bucket: Bucket) -> str:
    """Store the content of an empty file; return its object."""
    upload = bucket.lfs.receive(Pointer(_NO_CONTENT, 0))
    try:
        upload.finish()
    finally:
        upload.abandon()
    return _NO_CONTENT


def _source(call: Call, operation: dict[str, Any]) -> LfsStore:
    kind, name = operation.get("sourceRepoType"), operation.get("sourceRepoId")
    if not isinstance(kind, str) or not isinstance(name, str):
        raise HubError(400, "A copyFile operation must have a `sourceRepoType` and a `sourceRepoId`.")
    if kind == "bucket":
        return _found(call, BucketId.parse(name)).lfs
    id = RepoId.parse(RepoType.of(kind), name)
    try:
        repo = call.find(id)
    except RepoMoved as moved:
        repo = call.find(moved.new_id)
    check_access(call, repo)
    return repo.lfs


def _bucket(call: Call, *, write: bool = False) -> Bucket:
    return _found(call, BucketId.of_path(call.path("namespace"), call.path("name")), write=write)


def _found(call: Call, id: BucketId, *, write: bool = False) -> Bucket:
    """Return a bucket, if the caller may read (or write) it."""
    try:
        bucket = call.hub.store.buckets.get(id)
        private = bucket.settings.private
        if not call.caller.may_read(id.namespace, private):
            raise repo_not_found()
    except HubError:
        if call.caller.account is None:
            raise HubError(401, "Invalid username or password.") from None
        raise
    if write:
        call.caller.check_write(id.namespace, private)
    return bucket


def _described(bucket: Bucket) -> dict[str, Any]:
    found, files = bucket.settings, bucket.files()
    return {
        "_id": found.id,
        "id": str(bucket.id),
        "private": found.private,
        "createdAt": found.created_at,
        "updatedAt": max((file["uploadedAt"] for file in files.values()), default=found.created_at),
        "size": sum(file["size"] for file in files.values()),
        "totalFiles": len(files),
    }


def _entry(path: str, file: dict[str, Any]) -> dict[str, Any]:
    more = {"mtime": file["mtime"], "uploadedAt": file["uploadedAt"]}
    return {"type": "file", "path": path, "size": file["size"], "xetHash": file["oid"], **more}


_ALL = "/api/buckets/{namespace:part}"
_ONE = f"{_ALL}/{{name:part}}"

routes = [
    Route(_ALL, endpoint(list_all)),
    Route(_ALL, endpoint(no_bucket), methods=["DELETE", "PUT", "POST"]),
    Route(_ONE, endpoint(info)),
    Route(_ONE, endpoint(create, body="json"), methods=["POST"]),
    Route(_ONE, endpoint(delete), methods=["DELETE"]),
    Route(f"{_ONE}/settings", endpoint(settings, body="json"), methods=["PUT"]),
    Route(f"{_ONE}/tree", endpoint(tree)),
    Route(f"{_ONE}/tree/{{prefix:rest}}", endpoint(tree)),
    Route(f"{_ONE}/paths-info", endpoint(paths_info, body="json", strangers=True), methods=["POST"]),
    Route(f"{_ONE}/batch", endpoint(batch, body="lines", check=check_batch), methods=["POST"]),
    Route(f"{_ONE}/xet-write-token", endpoint(write_token)),
    Route(f"{_ONE}/xet-read-token", endpoint(read_token)),
    Route("/buckets/{namespace:part}/{name:part}/resolve/{path:rest}", endpoint(resolve)),
]
