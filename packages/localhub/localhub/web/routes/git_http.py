"""git clone, fetch and push over HTTP (gitprotocol-http(5)), through git's own server."""

import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.files.durable import fsync_folder
from localhub.git.gitrepo import RefChange
from localhub.git.http_backend import PUSH_BYTES, Service, end, no_git
from localhub.git.push_commands import check_commands
from localhub.git.push_rules import Rights
from localhub.ids import RepoId
from localhub.storage.discussions import Discussions
from localhub.storage.repo import Repo
from localhub.web.addresses import WEB_REPO
from localhub.web.call import Call, Hub
from localhub.web.receive import receive
from localhub.web.rights import check_access

FETCH_BYTES = 64 << 20  # the client's list of commits it has and wants
CHUNK_BYTES = 1 << 16
PUSH, FETCH = "git-receive-pack", "git-upload-pack"


async def info_refs(request: Request) -> Response:
    """List the refs if the caller may fetch or push: a client requests this first."""
    service = request.query_params.get("service")
    if service not in (PUSH, FETCH):
        raise HubError(403, "This Hub supports only Git's smart HTTP protocol. Use Git 1.6.6 or later.")
    call, repo = await run_in_threadpool(_open, request, service == PUSH)
    return await _stream(call, repo, "info/refs", f"service={service}")


async def upload_pack(request: Request) -> Response:
    """Send the data for a clone or a fetch."""
    call, repo = await run_in_threadpool(_open, request, False)
    with tempfile.TemporaryFile(dir=repo.incoming) as file, call.hub.bodies.arriving(call.sender):
        body = _Body(file, FETCH_BYTES)
        await receive(request, body)
        return await _stream(call, repo, FETCH, "", body)


async def receive_pack(request: Request) -> Response:
    """Receive a push."""
    call, repo = await run_in_threadpool(_open, request, True)
    with tempfile.TemporaryFile(dir=repo.incoming) as file, call.hub.bodies.arriving(call.sender):
        body = _Body(file, PUSH_BYTES)
        await receive(request, body)
        return await run_in_threadpool(_push, call, repo, body)


def _open(request: Request, push: bool) -> tuple[Call, Repo]:
    """Return the repo if the caller may read it or, for a push, may push to anything in it."""
    hub: Hub = request.app.state.hub
    call = Call(hub, request, hub.accounts.caller(request.headers.get("authorization")))
    name = call.path("name").removesuffix(".git")
    repo = call.find(RepoId.of_path(call.type, call.path("namespace"), name))
    if not push:
        check_access(call, repo)
    else:
        rights = _rights(call, repo)
        if not rights.writes and not rights.pull_requests:
            call.caller.check_write(repo.id, repo.settings.private)
    return call, repo


def _rights(call: Call, repo: Repo) -> Rights:
    writes = call.caller.may_write(repo.id)
    if call.caller.token_role != "write":
        return Rights(writes=False, pull_requests=frozenset())
    name = call.account.name
    theirs = (item for item in Discussions(repo).all() if item.is_pull_request and item.status != "merged")
    return Rights(writes, frozenset(item.ref for item in theirs if writes or item.author == name))


def _push(call: Call, repo: Repo, body: "_Body") -> Response:
    check_commands(body.rewound(), gzipped="gzip" in call.request.headers.get("content-encoding", ""))
    service = _service(call, repo, PUSH)
    with tempfile.TemporaryDirectory(prefix="push-", dir=repo.incoming) as hooks, repo.lock:
        rights, lock = _rights(call, repo), repo.lock.descriptors
        before = dict(repo.git().references("refs/"))
        answer = service.push(body.rewound(), body.size, Path(hooks), rights, lock=lock)
        for folder, _, _ in os.walk(service.git_folder / "refs"):
            fsync_folder(folder)
        after = dict(repo.git().references("refs/"))
        changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        changes = [RefChange(f"refs/{name}", before.get(name), after.get(name)) for name in changed]
        call.hub.events.content(repo, changes)
    head, _, content = answer.partition(b"\r\n\r\n")
    status, headers = _parsed_head(head)
    return Response(content, status_code=status, headers=headers)


def _service(call: Call, repo: Repo, path: str, query: str = "") -> Service:
    account = call.caller.account
    headers = dict(call.request.headers.items())
    folder, user = (repo.folder / "git").absolute(), account.name if account else ""
    return Service(folder, path, query, headers, user, repo.id.type.singular)


async def _stream(call: Call, repo: Repo, path: str, query: str, body: "_Body | None" = None) -> Response:
    """Run git's server and stream its output."""
    service = _service(call, repo, path, query)
    process = await run_in_threadpool(
        lambda: service.start(body.rewound(), body.size) if body else service.start()
    )
    try:
        head = await run_in_threadpool(_read_head, _output_of(process))
        status, headers = _parsed_head(head)
    except BaseException:
        end(process)
        raise
    return StreamingResponse(_output(process), status_code=status, headers=headers)


async def _output(process: subprocess.Popen[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await run_in_threadpool(_output_of(process).read1, CHUNK_BYTES):
            yield chunk
    finally:
        end(process)  # also if the client has gone


def _output_of(process: subprocess.Popen[bytes]) -> BufferedReader:
    assert isinstance(process.stdout, BufferedReader)  # it is a pipe
    return process.stdout


def _read_head(output: BufferedReader) -> bytes:
    lines = []
    while (line := output.readline(1 << 16)).strip():
        lines.append(line)
    return b"".join(lines)


def _parsed_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Return status and headers of a CGI response (RFC 3875)."""
    headers = {}
    for line in head.decode("latin-1").splitlines():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if not headers:
        raise no_git()
    status = int(headers.pop("status", "200").split()[0])
    if status >= 500:
        raise HubError(400, "This is not a valid git request.")
    return status, headers


class _Body:
    """A request's body on the disk, with a limited length."""

    def __init__(self, file: BinaryIO, most: int):
        self._file = file
        self._most = most
        self.size = 0

    def write(self, pieces: list[bytes]) -> None:
        """Append."""
        self.size += sum(len(piece) for piece in pieces)
        if self.size > self._most:
            raise HubError(413, f"The body of this request is longer than {self._most} bytes.")
        self._file.writelines(pieces)

    def rewound(self) -> BinaryIO:
        """Return the file, at its start, for another program to read."""
        self._file.flush()
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        return self._file


routes = [
    Route(f"{WEB_REPO}/info/refs", info_refs),
    Route(f"{WEB_REPO}/git-upload-pack", upload_pack, methods=["POST"]),
    Route(f"{WEB_REPO}/git-receive-pack", receive_pack, methods=["POST"]),
]
