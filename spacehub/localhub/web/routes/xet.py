"""Xet: permission to use a repo's content-addressed store, and that store's own addresses.

The store's API: https://huggingface.co/docs/xet/api
"""

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spacehub.localhub.errors import HubError, RepoMoved
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.web.call import Call, Hub, endpoint
from spacehub.localhub.web.receive import receive
from spacehub.localhub.xet.cas import Cas
from spacehub.localhub.xet.hashing import from_hex
from spacehub.localhub.xet.shard import SHARD_BYTES, read_shard
from spacehub.localhub.xet.xorb import SERIALIZED_BYTES

_HASH = re.compile("[0-9a-f]{64}")
_TOKEN = re.compile(r"Bearer ([0-9]{1,18})\.([0-9a-f]{64})")


def write_token(call: Call) -> Response:
    """Where to upload, for who may write to the repo."""
    return _token(call, call.repo(write=True), "write")


def read_token(call: Call) -> Response:
    """Where to download, for who may read the repo."""
    return _token(call, call.repo(), "read")


def _token(call: Call, repo: Repo, scope: str) -> Response:
    if not call.flag("create_pr"):
        repo.git().resolve(call.path("revision"))
    cas = call.hub.xet.of(repo)
    signed = call.hub.signer.sign("xet", scope, cas.id)
    url = f"{call.endpoint}/xet/{cas.id}"
    token = f"{signed['expires']}.{signed['signature']}"
    headers = {
        "X-Xet-Cas-Url": url,
        "X-Xet-Access-Token": token,
        "X-Xet-Token-Expiration": signed["expires"],
    }
    return JSONResponse({"casUrl": url, "accessToken": token, "exp": int(signed["expires"])}, headers=headers)


async def upload_xorb(request: Request) -> Response:
    """Take a xorb in."""
    cas = _cas(request, "write")
    name = request.path_params["hash"]
    if not _HASH.fullmatch(name):
        raise HubError(400, "A xorb is named by its hash, in hex")
    hash = from_hex(name)
    if cas.has(hash):
        async for _ in request.stream():
            pass  # a client that is still sending would not see the answer
        return JSONResponse({"was_inserted": False})
    size = _length(request, SERIALIZED_BYTES)
    await run_in_threadpool(_repo, request, cas)
    incoming = await run_in_threadpool(cas.receive, hash, size)
    try:
        await receive(request, incoming)
        await run_in_threadpool(cas.keep, hash, incoming)
    finally:
        incoming.abandon()
    return JSONResponse({"was_inserted": True})


async def upload_shard(request: Request) -> Response:
    """Take a shard in, and build its files of the xorbs that came before."""
    cas = _cas(request, "write")
    _length(request, SHARD_BYTES)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > SHARD_BYTES:
            raise HubError(413, f"A shard is at most {SHARD_BYTES} bytes long")
        pieces.append(piece)
    await run_in_threadpool(_build, request, cas, b"".join(pieces))
    return JSONResponse({"result": 1})


def _build(request: Request, cas: Cas, shard: bytes) -> None:
    repo = _repo(request, cas)
    for file in read_shard(shard):
        cas.build(file, repo.lfs)


async def not_served(request: Request) -> Response:
    """What a client may do without."""
    raise HubError(404, "This Hub's Xet store takes uploads only")


async def telemetry(request: Request) -> Response:
    """What a client tells of its transfers is taken and dropped."""
    return Response(status_code=202)


def _cas(request: Request, scope: str) -> Cas:
    hub: Hub = request.app.state.hub
    cas = hub.xet.get(request.path_params["cas"])
    token = _TOKEN.fullmatch(request.headers.get("authorization", ""))
    if token is None:
        raise HubError(401, "This address needs the token that came with it")
    hub.signer.check(token[1], token[2], "xet", scope, cas.id)
    return cas


def _repo(request: Request, cas: Cas) -> Repo:
    """The repo that the store is for, perhaps under another name by now; 404 if it was deleted."""
    store, id = request.app.state.hub.store, cas.repo_id
    try:
        repo = store.get(id)
    except RepoMoved as moved:
        repo = store.get(moved.new_id)
    if repo.settings.id != cas.identity:
        raise HubError(404, "The repository was deleted", code="RepoNotFound")
    return repo


def _length(request: Request, most: int) -> int:
    text = request.headers.get("content-length", "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise HubError(411, "This request needs a Content-Length")
    if int(text) > most:
        raise HubError(413, f"At most {most} bytes can be sent here")
    return int(text)


_REPO = "/api/{type:type}/{namespace:part}/{name:part}"

routes = [
    Route(f"{_REPO}/xet-write-token/{{revision:part}}", endpoint(write_token)),
    Route(f"{_REPO}/xet-read-token/{{revision:part}}", endpoint(read_token)),
    Route("/xet/{cas:part}/v1/xorbs/default/{hash:part}", upload_xorb, methods=["POST"]),
    Route("/xet/{cas:part}/v1/shards", upload_shard, methods=["POST"]),
    Route("/xet/{cas:part}/{rest:rest}", not_served, methods=["GET", "HEAD", "POST"]),
    Route("/v1/telemetry", telemetry, methods=["POST"]),
]
