"""Git-LFS: where to send large files, taking them in, and confirming that they are here."""

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spacehub.localhub.errors import HubError, entry_not_found
from spacehub.localhub.ids import RepoId, RepoType
from spacehub.localhub.storage.lfs import OID, Pointer
from spacehub.localhub.web.call import Call, Hub, endpoint
from spacehub.localhub.web.download import send_file
from spacehub.localhub.web.receive import receive

LFS_JSON = "application/vnd.git-lfs+json"
OBJECTS_PER_BATCH = 1000


def batch(call: Call) -> JSONResponse:
    """For each object: where to send or get it; nothing to do for one that is here already."""
    operation = call.field("operation", str, "")
    if operation not in ("upload", "download"):
        raise HubError(422, "operation must be upload or download")
    if call.field("hash_algo", str, "sha256") != "sha256":
        raise HubError(409, "Objects are named by their sha256 here")
    repo = call.repo(write=operation == "upload")
    objects = call.field("objects", list, [])
    if len(objects) > OBJECTS_PER_BATCH:
        raise HubError(413, f"At most {OBJECTS_PER_BATCH} objects a call")
    answer = [
        _upload_actions(call, repo, pointer)
        if operation == "upload"
        else _download_actions(call, repo, pointer)
        for pointer in map(_pointer, objects)
    ]
    return JSONResponse({"transfer": "basic", "objects": answer, "hash_algo": "sha256"}, media_type=LFS_JSON)


def _upload_actions(call: Call, repo, pointer: Pointer) -> dict:
    answer = {"oid": pointer.oid, "size": pointer.size}
    if repo.lfs.claim(pointer):
        return answer
    base = f"{call.endpoint}/lfs/{repo.id.type.plural}/{repo.id}/{pointer.oid}"
    query = {"size": str(pointer.size), **call.hub.signer.sign(*_claims(repo.id, pointer))}
    return {
        **answer,
        "actions": {
            "upload": {"href": f"{base}?{urlencode(query)}"},
            "verify": {"href": f"{base}/verify"},
        },
    }


def _download_actions(call: Call, repo, pointer: Pointer) -> dict:
    answer = {"oid": pointer.oid, "size": pointer.size}
    if not repo.lfs.holds(pointer):
        return {**answer, "error": {"code": 404, "message": "This object is not here"}}
    base = f"{call.endpoint}/lfs/{repo.id.type.plural}/{repo.id}/{pointer.oid}"
    return {**answer, "actions": {"download": {"href": base}}}


def download(call: Call) -> Response:
    """Send an object; the caller must be one who may read the repo."""
    repo, oid = call.repo(), call.path("oid")
    size = repo.lfs.size(oid) if OID.fullmatch(oid) else None
    if size is None:
        raise entry_not_found(oid)
    return send_file(call.request, repo.lfs.path(oid), size, {"ETag": f'"{oid}"'})


def verify(call: Call) -> dict:
    """Confirm that an object has arrived."""
    repo = call.repo(write=True)
    pointer = _pointer(call.body)
    if pointer.oid != call.path("oid") or not repo.lfs.holds(pointer):
        raise entry_not_found(pointer.oid)
    return {}


async def upload(request: Request) -> Response:
    """Take an object in; the signature in the address is the permission."""
    hub: Hub = request.app.state.hub
    parts, query = request.path_params, request.query_params
    id = RepoId.of_path(RepoType.of(parts["type"]), parts["namespace"], parts["name"])
    pointer = _pointer({"oid": parts["oid"], "size": _int(query.get("size", ""))})
    hub.signer.check(query.get("expires", ""), query.get("signature", ""), *_claims(id, pointer))
    incoming = await run_in_threadpool(lambda: hub.store.get(id).lfs.receive(pointer))
    try:
        await receive(request, incoming)
        await run_in_threadpool(incoming.finish)
    finally:
        incoming.abandon()
    return Response(headers={"ETag": f'"{pointer.oid}"'})


def _claims(id: RepoId, pointer: Pointer) -> tuple[str, ...]:
    return ("upload", id.type.plural, str(id), pointer.oid, str(pointer.size))


def _int(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _pointer(value) -> Pointer:
    oid, size = (value.get("oid"), value.get("size")) if isinstance(value, dict) else (None, None)
    valid_size = isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 60
    if not isinstance(oid, str) or not OID.fullmatch(oid) or not valid_size:
        raise HubError(422, "An object needs its sha256 as oid, and its size")
    return Pointer(oid, size)


_OBJECT = "/lfs/{type:type}/{namespace:part}/{name:part}/{oid:part}"

routes = [
    Route(
        "/{type:prefix}{namespace:part}/{name:part}.git/info/lfs/objects/batch",
        endpoint(batch, body="json"),
        methods=["POST"],
    ),
    Route(_OBJECT, upload, methods=["PUT"]),
    Route(_OBJECT, endpoint(download)),
    Route(f"{_OBJECT}/verify", endpoint(verify, body="json"), methods=["POST"]),
]
