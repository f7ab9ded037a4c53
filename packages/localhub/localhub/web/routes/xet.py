"""Xet: permission to use a repo's content-addressed store, and that store's own addresses.

The store's API: https://huggingface.co/docs/xet/api
"""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from localhub.errors import HubError, RepoMoved, entry_not_found, repo_not_found
from localhub.extras import need
from localhub.files.lfs import OID
from localhub.ids import RepoId, RepoType
from localhub.storage.buckets import Bucket, BucketId
from localhub.storage.repo import Repo
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, Hub, endpoint
from localhub.web.receive import receive
from localhub.web.rights import check_access, repo_to_commit_to, repo_to_propose_to
from localhub.xet.cas import Cas
from localhub.xet.hashing import from_hex
from localhub.xet.reconstruction import plain_xorbs, reconstruction
from localhub.xet.shard import SHARD_BYTES, read_shard
from localhub.xet.xorb import SERIALIZED_BYTES

_HASH = re.compile("[0-9a-f]{64}")
_TOKEN = re.compile(r"Bearer ([0-9]{1,18})\.([0-9a-f]{64})")
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{1,20})")


def write_token(call: Call) -> Response:
    """Return where to upload, for callers that may write to the repo or propose a change to it."""
    revision = call.path("revision")
    if call.flag("create_pr"):  # the revision is not known yet
        repo = repo_to_propose_to(call)
    else:
        repo = repo_to_commit_to(call, revision)
        repo.git().resolve(revision)
    return token_answer(write_headers(call, repo))


def write_headers(call: Call, repo: Repo) -> dict[str, str]:
    """Return where to upload, with a token. The caller was already checked."""
    need("xet", "An upload through Xet")
    cas = call.hub.xet.of(repo)
    return _token(call, f"xet/{cas.id}", "write", cas.id)


def read_token(call: Call) -> Response:
    """Return where to download, for callers that may read the repo's files."""
    repo = call.repo()
    check_access(call, repo)
    repo.git().resolve(call.path("revision"))
    return token_answer(_token(call, f"xet/{repo.id.type.plural}/{repo.id}", "read", repo.settings.id))


def bucket_write_headers(call: Call, bucket: Bucket) -> dict[str, str]:
    """Return where to upload to a bucket. The caller was already checked."""
    need("xet", "An upload through Xet")
    cas = call.hub.xet.of(bucket)
    return _token(call, f"xet/{cas.id}", "write", cas.id)


def bucket_read_headers(call: Call, bucket: Bucket) -> dict[str, str]:
    """Return where to download from a bucket. The caller was already checked."""
    return _token(call, f"xet/buckets/{bucket.id}", "read", bucket.settings.id)


def _token(call: Call, path: str, *claims: str) -> dict[str, str]:
    signed = call.hub.signer.sign("xet", *claims)
    return {
        "X-Xet-Cas-Url": f"{call.endpoint}/{path}",
        "X-Xet-Access-Token": f"{signed['expires']}.{signed['signature']}",
        "X-Xet-Token-Expiration": signed["expires"],
    }


def token_answer(headers: dict[str, str]) -> Response:
    """Return a permission, in the body and in the headers."""
    url, token, expires = headers.values()
    return JSONResponse({"casUrl": url, "accessToken": token, "exp": int(expires)}, headers=headers)


async def upload_xorb(request: Request) -> Response:
    """Receive a xorb."""
    cas = _cas(request)
    name = request.path_params["hash"]
    if not _HASH.fullmatch(name):
        raise HubError(400, "The name of a xorb must be its hash in hexadecimal digits.")
    hash = from_hex(name)
    if cas.has(hash):
        async for _ in request.stream():
            pass  # a client that is still sending would not see the response
        return JSONResponse({"was_inserted": False})
    size = _length(request, SERIALIZED_BYTES)
    await run_in_threadpool(_repo_of, request, cas)
    incoming = await run_in_threadpool(cas.receive, hash, size)
    try:
        await receive(request, incoming)
        await run_in_threadpool(cas.keep, hash, incoming)
    finally:
        incoming.abandon()
    return JSONResponse({"was_inserted": True})


async def upload_shard(request: Request) -> Response:
    """Receive a shard, and build its files from the xorbs that arrived before it."""
    cas = _cas(request)
    _length(request, SHARD_BYTES)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > SHARD_BYTES:
            raise HubError(413, f"A shard must not exceed {SHARD_BYTES} bytes.")
        pieces.append(piece)
    await run_in_threadpool(_build, request, cas, b"".join(pieces))
    return JSONResponse({"result": 1})


def _build(request: Request, cas: Cas, shard: bytes) -> None:
    repo = _repo_of(request, cas)
    files = read_shard(shard)
    if isinstance(repo, Repo) and any(file.oid is None for file in files):
        raise HubError(400, "A file in the shard has no sha256.")
    cas.build_all(files, repo.lfs)


def reconstruct(request: Request) -> Response:
    """Return what to fetch for a file, or for the requested range of it."""
    hub, parts = _hub(request), request.path_params
    oid = parts["oid"]
    repo = _permitted(request, lambda identity: _check_token(request, "read", identity))
    size = repo.lfs.size(oid) if OID.fullmatch(oid) else None
    if size is None:
        raise entry_not_found(oid)
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    start, stop = (int(match[1]), int(match[2]) + 1) if match else (0, size)
    if start >= size > 0:
        raise HubError(416, f"The requested range is outside the file's {size} bytes.")
    xorbs = plain_xorbs(size, start, stop)
    kind = "buckets" if isinstance(repo.id, BucketId) else repo.id.type.plural
    base = f"{Call(hub, request, hub.accounts.caller(None)).endpoint}/xet/{kind}/{repo.id}/xorbs/{oid}"
    urls = [f"{base}/{xorb.start}?{urlencode(_sign_xorb(hub, repo, oid, xorb.start))}" for xorb in xorbs]
    skip = start - xorbs[0].start if xorbs else 0
    version = 2 if parts.get("version") == "v2" else 1
    return JSONResponse(reconstruction(oid, xorbs, skip, urls, version=version))


def download_xorb(request: Request) -> Response:
    """Send a part of a file as a xorb; the signature in the address is the permission."""
    hub, parts, query = _hub(request), request.path_params, request.query_params
    oid, given = parts["oid"], (query.get("expires", ""), query.get("signature", ""))
    repo = _permitted(
        request, lambda identity: hub.signer.check(*given, "xet", "xorb", identity, oid, parts["start"])
    )
    size = repo.lfs.size(oid)
    if size is None:
        raise entry_not_found(oid)
    start = int(parts["start"])
    (xorb,) = plain_xorbs(size, start, start + 1)
    headers = {"Content-Length": str(xorb.serialized_size)}
    return StreamingResponse(xorb.serialize(repo.lfs.path(oid)), status_code=206, headers=headers)


def _sign_xorb(hub: Hub, repo: Repo | Bucket, oid: str, start: int) -> dict[str, str]:
    return hub.signer.sign("xet", "xorb", repo.settings.id, oid, str(start))


async def not_served(request: Request) -> Response:
    """Answer requests that a client does not need."""
    raise HubError(404, "The Xet store of this Hub does not contain this object.")


async def telemetry(request: Request) -> Response:
    """Accept a client's transfer statistics and drop them."""
    return Response(status_code=202)


def _hub(request: Request) -> Hub:
    return request.app.state.hub


def _id(request: Request) -> RepoId | BucketId:
    parts = request.path_params
    if "type" not in parts:
        return BucketId.of_path(parts["namespace"], parts["name"])
    return RepoId.of_path(RepoType.of(parts["type"]), parts["namespace"], parts["name"])


def _permitted(request: Request, check: Callable[[str], None]) -> Repo | Bucket:
    """Return the repo in the path after `check` has accepted it. A rejected caller does not learn whether the repo exists."""
    try:
        repo = _repo(_hub(request), _id(request))
        identity = repo.settings.id
    except HubError:
        check("")
        raise
    check(identity)
    return repo


def _cas(request: Request) -> Cas:
    cas = _hub(request).xet.get(request.path_params["cas"])
    _check_token(request, "write", cas.id)
    return cas


def _check_token(request: Request, *claims: str) -> None:
    token = _TOKEN.fullmatch(request.headers.get("authorization", ""))
    if token is None:
        raise HubError(401, "This request requires the token that was returned with this URL.")
    _hub(request).signer.check(token[1], token[2], "xet", *claims)


def _repo_of(request: Request, cas: Cas) -> Repo | Bucket:
    """Return the store's repo; 404 if it was deleted."""
    repo = _repo(_hub(request), cas.repo_id)
    if repo.settings.id != cas.identity:
        raise repo_not_found()
    return repo


def _repo(hub: Hub, id: RepoId | BucketId) -> Repo | Bucket:
    """Return a repo, even if it has a new name."""
    if isinstance(id, BucketId):
        return hub.store.buckets.get(id)
    try:
        return hub.store.get(id)
    except RepoMoved as moved:
        return hub.store.get(moved.new_id)


def _length(request: Request, most: int) -> int:
    text = request.headers.get("content-length", "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise HubError(411, "This request must have a Content-Length header.")
    if int(text) > most:
        raise HubError(413, f"The body of this request is longer than {most} bytes.")
    return int(text)


_READ = "/xet/{type:type}/{namespace:part}/{name:part}"
_BUCKET = "/xet/buckets/{namespace:part}/{name:part}"
_WRITE = "/xet/{cas:part}"

routes = [
    Route(f"{API_REPO}/xet-write-token/{{revision:part}}", endpoint(write_token)),
    Route(f"{API_REPO}/xet-read-token/{{revision:part}}", endpoint(read_token)),
    Route(f"{_READ}/{{version:part}}/reconstructions/{{oid:part}}", reconstruct),
    Route(f"{_READ}/reconstructions/{{oid:part}}", reconstruct),  # hf_xet 1.2
    Route(f"{_READ}/reconstruction/{{oid:part}}", reconstruct),  # hf_xet 1.1
    Route(f"{_BUCKET}/{{version:part}}/reconstructions/{{oid:part}}", reconstruct),
    Route(f"{_BUCKET}/xorbs/{{oid:part}}/{{start:part}}", download_xorb),
    Route(f"{_READ}/xorbs/{{oid:part}}/{{start:part}}", download_xorb),
    Route(f"{_WRITE}/v1/xorbs/default/{{hash:part}}", upload_xorb, methods=["POST"]),
    Route(f"{_WRITE}/v1/shards", upload_shard, methods=["POST"]),
    Route("/xet/{rest:rest}", not_served, methods=["GET", "HEAD", "POST"]),
    Route("/v1/telemetry", telemetry, methods=["POST"]),
]
