"""Git-LFS: give addresses for large files, receive the files, and confirm that they arrived."""

import secrets
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localhub.errors import HubError, entry_not_found
from localhub.extras import has
from localhub.files.lfs import OID, LfsStore, Pointer
from localhub.git.gitrepo import MAIN
from localhub.ids import RepoId, RepoType
from localhub.jsonbody import parse_object
from localhub.storage import multipart
from localhub.storage.repo import Repo
from localhub.web.addresses import WEB_REPO
from localhub.web.bodies import JSON_BYTES
from localhub.web.call import Call, Hub, endpoint
from localhub.web.download import send_file
from localhub.web.receive import receive
from localhub.web.rights import check_access, repo_to_commit_to, repo_to_propose_to
from localhub.web.routes.xet import write_headers

LFS_JSON = "application/vnd.git-lfs+json"
OBJECTS_PER_BATCH = 1000
PARTS_PER_BATCH = 10_000


def batch(call: Call) -> JSONResponse:
    """Return for each object where to upload or download it. An object that is already stored needs no upload."""
    operation = call.field("operation", str, "")
    if operation not in ("upload", "download"):
        raise HubError(422, "`operation` must be upload or download.")
    if call.field("hash_algo", str, "sha256") not in ("sha256", "sha_256"):  # git-lfs; the JavaScript client
        raise HubError(409, "The oid of an object must be its sha256.")
    objects = call.field("objects", list, [])
    if len(objects) > OBJECTS_PER_BATCH:
        raise HubError(413, f"A request may contain at most {OBJECTS_PER_BATCH} objects.")
    pointers = [_pointer(item) for item in objects]
    transfer = "basic"
    if operation == "download":
        repo = call.repo()
        check_access(call, repo)
        answer = [_download_actions(call, repo, pointer) for pointer in pointers]
    else:
        ref = call.field("ref", dict, {}).get("name")
        repo = repo_to_commit_to(call, ref) if isinstance(ref, str) else repo_to_propose_to(call)
        if "xet" in call.field("transfers", list, []) and has("xet"):  # clients that offer it prefer it
            transfer = "xet"
            answer = _xet_actions(call, repo, pointers, ref if isinstance(ref, str) else MAIN)
        else:
            transfer = "multipart" if _in_parts(call, pointers) else "basic"
            answer = [_upload_actions(call, repo, pointer, transfer) for pointer in pointers]
    return JSONResponse({"transfer": transfer, "objects": answer, "hash_algo": "sha256"}, media_type=LFS_JSON)


def _in_parts(call: Call, pointers: list[Pointer]) -> bool:
    """Return whether the client can send large files in parts, and one of the files is large enough for that."""
    return (
        "multipart" in call.field("transfers", list, [])
        and any(pointer.size > multipart.MULTIPART_BYTES for pointer in pointers)
        and sum(multipart.part_count(pointer.size) for pointer in pointers) <= PARTS_PER_BATCH
    )


def _upload_actions(call: Call, repo: Repo, pointer: Pointer, transfer: str) -> dict[str, Any]:
    answer = {"oid": pointer.oid, "size": pointer.size}
    if repo.lfs.claim(pointer):
        return answer
    base = _address(call, repo, pointer)
    upload = {"href": _signed(call, base, repo.id, pointer, "upload")}
    if transfer == "multipart":
        base = f"{base}/parts/{secrets.token_hex(16)}"
        upload = {
            "href": _signed(call, base, repo.id, pointer, "complete"),
            "header": {
                "chunk_size": str(multipart.part_bytes(pointer.size)),
                **{
                    f"{number:05}": _signed(call, f"{base}/{number}", repo.id, pointer, "part")
                    for number in range(1, multipart.part_count(pointer.size) + 1)
                },
            },
        }
    verify = {"href": f"{_address(call, repo, pointer)}/verify", "header": _credentials(call)}
    return {**answer, "authenticated": True, "actions": {"upload": upload, "verify": verify}}


def _xet_actions(call: Call, repo: Repo, pointers: list[Pointer], revision: str) -> list[dict[str, Any]]:
    """Return one token to upload all missing objects to the Xet store."""
    missing = {pointer.oid for pointer in pointers if not repo.lfs.claim(pointer)}
    route = f"api/{repo.id.type.plural}/{repo.id}/xet-write-token/{quote(revision, safe='')}"
    upload: dict[str, Any] = {"href": f"{call.endpoint}/{route}"}
    if missing:
        upload["header"] = write_headers(call, repo)
    return [
        {"oid": pointer.oid, "size": pointer.size}
        | ({"authenticated": True, "actions": {"upload": upload}} if pointer.oid in missing else {})
        for pointer in pointers
    ]


def _download_actions(call: Call, repo: Repo, pointer: Pointer) -> dict[str, Any]:
    answer = {"oid": pointer.oid, "size": pointer.size}
    if not repo.lfs.holds(pointer):
        return {**answer, "error": {"code": 404, "message": "This object does not exist"}}
    download = {"href": _address(call, repo, pointer), "header": _credentials(call)}
    return {**answer, "authenticated": True, "actions": {"download": download}}


def _address(call: Call, repo: Repo, pointer: Pointer) -> str:
    return f"{call.endpoint}/lfs/{repo.id.type.plural}/{repo.id}/{pointer.oid}"


def _signed(call: Call, address: str, id: RepoId, pointer: Pointer, purpose: str) -> str:
    """Return an address whose signature permits an upload to it."""
    signed = call.hub.signer.sign(*_claims(purpose, id, pointer, urlsplit(address).path))
    return f"{address}?{urlencode({'size': str(pointer.size), **signed})}"


def _credentials(call: Call) -> dict[str, str]:
    """Return the headers that git-lfs must send back."""
    sent = call.request.headers.get("authorization")
    return {"Authorization": sent} if sent else {}


def download(call: Call) -> Response:
    """Send an object to a caller that may read the repo."""
    repo, oid = call.repo(), call.path("oid")
    check_access(call, repo)
    size = repo.lfs.size(oid) if OID.fullmatch(oid) else None
    if size is None:
        raise entry_not_found(oid)
    return send_file(call.request, repo.lfs.path(oid), size, {"ETag": f'"{oid}"'})


def verify(call: Call) -> dict[str, Any]:
    """Confirm that an object has arrived."""
    repo = repo_to_propose_to(call)
    pointer = _pointer(call.body)
    if pointer.oid != call.path("oid") or not repo.lfs.holds(pointer):
        raise entry_not_found(pointer.oid)
    return {}


async def upload(request: Request) -> Response:
    """Receive an object; the signature in the address is the permission."""
    id, pointer = _checked(request, "upload")
    incoming = await run_in_threadpool(lambda: _lfs(request, id).receive(pointer))
    try:
        await receive(request, incoming)
        await run_in_threadpool(incoming.finish)
    finally:
        incoming.abandon()
    return Response(headers={"ETag": f'"{pointer.oid}"'})


async def upload_part(request: Request) -> Response:
    """Receive a part of an object."""
    id, pointer = _checked(request, "part")
    hub: Hub = request.app.state.hub
    parts = request.path_params
    uploads = hub.multipart
    upload = await run_in_threadpool(lambda: uploads.get(parts["upload"], _lfs(request, id), pointer))
    part = upload.part(_int(parts["number"]) or 0)
    await receive(request, part)
    return Response(headers={"ETag": f'"{await run_in_threadpool(part.finish)}"'})


async def complete(request: Request) -> Response:
    """Join the parts of an object."""
    id, pointer = _checked(request, "complete")
    data = await request.app.state.hub.bodies.read(request, str(id), JSON_BYTES)
    body = parse_object(data, "The body of this request")
    await run_in_threadpool(_complete, request, id, pointer, body)
    return JSONResponse({}, media_type=LFS_JSON)


def _complete(request: Request, id: RepoId, pointer: Pointer, body: dict[str, Any]) -> None:
    lfs, name = _lfs(request, id), request.path_params["upload"]
    etags = _etags(body)
    if not request.app.state.hub.multipart.complete(name, lfs, etags) and not lfs.holds(pointer):
        raise HubError(
            400,
            "No part of this upload has arrived, or the upload is no longer active. Request new upload URLs.",
        )


def _etags(body: dict[str, Any]) -> dict[int, str]:
    parts = body.get("parts")
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise HubError(400, "`parts` must be a list of objects with `partNumber` and `etag`.")
    return {part.get("partNumber"): str(part.get("etag")).strip('"') for part in parts if _is_number(part)}


def _is_number(part: dict[str, Any]) -> bool:
    return isinstance(part.get("partNumber"), int)


def _lfs(request: Request, id: RepoId) -> LfsStore:
    return request.app.state.hub.store.get(id).lfs


def _checked(request: Request, purpose: str) -> tuple[RepoId, Pointer]:
    """Return the repo and the object of a signed address."""
    parts, query = request.path_params, request.query_params
    id = RepoId.of_path(RepoType.of(parts["type"]), parts["namespace"], parts["name"])
    pointer = _pointer({"oid": parts["oid"], "size": _int(query.get("size", ""))})
    claims = _claims(purpose, id, pointer, request.scope["path"])
    request.app.state.hub.signer.check(query.get("expires", ""), query.get("signature", ""), *claims)
    return id, pointer


def _claims(purpose: str, id: RepoId, pointer: Pointer, path: str) -> tuple[str, ...]:
    return (purpose, id.type.plural, str(id), pointer.oid, str(pointer.size), path)


def locks(call: Call) -> None:
    """Reject file locks; git-lfs works without them."""
    raise HubError(501, "This Hub does not support file locks.")


def _int(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _pointer(value: Any) -> Pointer:
    oid, size = (value.get("oid"), value.get("size")) if isinstance(value, dict) else (None, None)
    valid_size = isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 60
    if not isinstance(oid, str) or not OID.fullmatch(oid) or not valid_size:
        raise HubError(422, "An object must have a size and an oid (its sha256).")
    return Pointer(oid, size)


_OBJECT = "/lfs/{type:type}/{namespace:part}/{name:part}/{oid:part}"
_LFS = f"{WEB_REPO}.git/info/lfs"

routes = [
    Route(f"{_LFS}/objects/batch", endpoint(batch, body="json", strangers=True), methods=["POST"]),
    Route(f"{_LFS}/locks", endpoint(locks), methods=["GET", "POST"]),
    Route(f"{_LFS}/locks/{{rest:rest}}", endpoint(locks), methods=["GET", "POST"]),
    Route(_OBJECT, upload, methods=["PUT"]),
    Route(_OBJECT, endpoint(download)),
    Route(f"{_OBJECT}/parts/{{upload:part}}", complete, methods=["POST"]),
    Route(f"{_OBJECT}/parts/{{upload:part}}/{{number:part}}", upload_part, methods=["PUT"]),
    Route(f"{_OBJECT}/verify", endpoint(verify, body="json"), methods=["POST"]),
]
