"""From an HTTP request to a handler's arguments, and from its result or error to the answer."""

import errno
import re
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .accounts import Accounts, Caller
from .errors import HubError, RepoMoved, repo_not_found
from .ids import RepoId, RepoType
from .jsonbody import parse_object
from .signing import Signer
from .store import Repo, Store

JSON_BYTES = 16 << 20  # largest body of JSON or a form
COMMIT_BYTES = 4 << 30  # largest commit; a file in it has at most REGULAR_BYTES
COMMIT_MEMORY_BYTES = 8 << 20  # a longer commit waits on the disk
PAGE_SIZE = 1000

_HOST = re.compile(r"[\w.\-]+(?::[0-9]+)?|\[[0-9a-fA-F:.]+\](?::[0-9]+)?", re.ASCII)


@dataclass
class Hub:
    """What every request needs: repos, accounts, and the key of the upload addresses."""

    store: Store
    accounts: Accounts
    signer: Signer


@dataclass
class Call:
    """One request, as a handler sees it.

    Attributes
    ----------
    hub : Hub
    request : Request
    caller : Caller
    body : object
        The parsed JSON, the form as dict of lists, or a file with the commit's lines.
    """

    hub: Hub
    request: Request
    caller: Caller
    body: Any = None

    def path(self, name: str) -> str:
        """A part of the path, decoded."""
        return self.request.path_params[name]

    def query(self, name: str, default: str | None = None) -> str | None:
        """A query parameter."""
        return self.request.query_params.get(name, default)

    def flag(self, name: str) -> bool:
        """Whether a query parameter says yes."""
        return (self.query(name) or "").lower() in ("true", "1")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """A query parameter as an integer, kept between bounds; 400 for anything else."""
        text = self.query(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 12:
            raise HubError(400, f"{name} must be a number")
        return min(max(int(text), low), high)

    def field(self, name: str, kind: type, default=None):
        """A field of the JSON body; 400 if it is of another type (None and missing are the default)."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise HubError(400, f"{name} must be of type {kind.__name__}")
        return value

    @property
    def endpoint(self) -> str:
        """The Hub's address as the client knows it."""
        host = self.request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            raise HubError(400, "The Host header is not the name of a host")
        return f"{self.request.url.scheme}://{host}"

    def next_page(self, **parameters: str) -> dict[str, str]:
        """The header that leads to the next page: this address with some parameters changed."""
        query = [
            (key, value) for key, value in self.request.query_params.multi_items() if key not in parameters
        ]
        query += list(parameters.items())
        url = f"{self.endpoint}{self.request.scope['path']}?{urlencode(query)}"
        return {"Link": f'<{url}>; rel="next"'}

    @property
    def type(self) -> RepoType:
        """The repo type in the path."""
        return RepoType.of(self.path("type"))

    def repo(self, *, write: bool = False) -> Repo:
        """The repo in the path, if the caller may read (or write) it.

        Raises
        ------
        HubError
            404 if it is not there for the caller, 401 or 403 if it may not be written.
        """
        return self.find(RepoId.of_path(self.type, self.path("namespace"), self.path("name")), write=write)

    def find(self, id: RepoId, *, write: bool = False) -> Repo:
        """A repo, under the same conditions."""
        try:
            repo = self.hub.store.get(id)
        except RepoMoved as moved:
            self.find(RepoId.parse(id.type, moved.new_id))  # to others the new id stays unknown, too
            raise
        private = repo.settings.private
        if not self.caller.may_read(id.namespace, private):
            raise repo_not_found()
        if write:
            self.caller.check_write(id.namespace, private)
        return repo

    @property
    def author(self) -> tuple[str, str]:
        """Name and email for commits."""
        account = self.caller.account
        return (account.name, account.email) if account else ("unknown", "unknown@localhost")


def endpoint(handler: Callable[[Call], Any], *, body: str | None = None):
    """Make an endpoint of a function that may block; it runs in a thread.

    Parameters
    ----------
    handler : callable
        Takes a `Call`; returns a response, or what becomes one as JSON.
    body : str, optional
        What to read first: "json", "form" or "lines" (a commit).
    """

    async def run(request: Request) -> Response:
        hub: Hub = request.app.state.hub
        call = Call(hub, request, hub.accounts.caller(request.headers.get("authorization")))
        if body == "lines":
            with tempfile.SpooledTemporaryFile(COMMIT_MEMORY_BYTES, dir=hub.store.incoming) as file:
                await _spool(request, file)
                call.body = file
                return _answer(await run_in_threadpool(handler, call))
        if body is not None:
            call.body = (
                parse_object(await _read(request) or b"{}", "The body of this request")
                if body == "json"
                else await _form(request)
            )
        return _answer(await run_in_threadpool(handler, call))

    return run


def _answer(result: Any) -> Response:
    return result if isinstance(result, Response) else JSONResponse(result)


async def _read(request: Request) -> bytes:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > JSON_BYTES:
            raise HubError(413, f"The body of this request is longer than {JSON_BYTES} bytes")
        parts.append(chunk)
    return b"".join(parts)


async def _spool(request: Request, file) -> None:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > COMMIT_BYTES:
            raise HubError(413, f"A commit may be at most {COMMIT_BYTES} bytes long")
        if size > COMMIT_MEMORY_BYTES:
            await run_in_threadpool(file.write, chunk)
        else:
            file.write(chunk)
    file.seek(0)


async def _form(request: Request) -> dict[str, list]:
    """A form, or the same fields as JSON."""
    data = await _read(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        return {
            key: value if isinstance(value, list) else [value]
            for key, value in parse_object(data, "The body of this request").items()
        }
    try:
        return parse_qs(data.decode(), keep_blank_values=True, max_num_fields=5000)
    except ValueError as error:
        raise HubError(400, "The body of this request is not a form") from error


class _Quoted(Convertor[str]):
    """One part of a path, decoded after routing, so that ``refs%2Fpr%2F1`` is one part."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return _decode(value)

    def to_string(self, value: str) -> str:
        return value


class _QuotedPath(_Quoted):
    """The rest of a path."""

    regex = ".*"


class _TypeConvertor(_Quoted):
    """The type of a repo in an API path."""

    regex = "models|datasets|spaces"


class _PrefixConvertor(_Quoted):
    """The type of a repo in a web or git address: nothing, ``datasets/`` or ``spaces/``."""

    regex = "(?:datasets/|spaces/)?"

    def convert(self, value: str) -> str:
        return value.rstrip("/") or "models"


def _decode(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise HubError(400, "The address is not UTF-8") from error


register_url_convertor("part", _Quoted())
register_url_convertor("rest", _QuotedPath())
register_url_convertor("type", _TypeConvertor())
register_url_convertor("prefix", _PrefixConvertor())


class Envelope:
    """Outermost layer: routes on the path as it was sent, and gives every answer a request id."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = dict(scope, path=scope["raw_path"].decode("ascii", "replace"))
        headers = dict(scope["headers"])
        given = headers.get(b"x-amzn-trace-id") or headers.get(b"x-request-id") or b""
        request_id = given[:200] or f"Root={uuid.uuid4()}".encode()

        async def send_with_id(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        await self.app(scope, receive, send_with_id)


def error_response(error: HubError) -> Response:
    """The answer for an error: the same sentence in the body and in the headers."""
    line = re.sub(r"[^ -~]+", " ", error.message)[:500]  # a header takes no more than this
    headers = {"X-Error-Message": line, **error.headers}
    if error.code:
        headers["X-Error-Code"] = error.code
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Authentication required", charset="UTF-8"'
    return JSONResponse({"error": error.message, **error.body}, status_code=error.status, headers=headers)


async def _on_hub_error(_: Request, error: HubError) -> Response:
    return error_response(error)


async def _on_move(request: Request, moved: RepoMoved) -> Response:
    path = request.scope["path"].replace(moved.old_id, moved.new_id, 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", status_code=307)


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    path = request.scope["path"]
    if path.startswith("/api/") or path.startswith("/oauth/"):
        return error_response(
            HubError(501, f"The embedded Hub does not support {request.method} {unquote(path)}")
        )
    return error_response(HubError(error.status_code, error.detail))


async def _on_os_error(request: Request, error: OSError) -> Response:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return error_response(HubError(507, "No space is left on the Hub's disk: make room and try again"))
    raise error


async def _on_disconnect(_: Request, __: ClientDisconnect) -> Response:
    return Response(status_code=400)  # nobody is there to read it


EXCEPTION_HANDLERS = {
    HubError: _on_hub_error,
    RepoMoved: _on_move,
    HTTPException: _on_http_exception,
    OSError: _on_os_error,
    ClientDisconnect: _on_disconnect,
}
