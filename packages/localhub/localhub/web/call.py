"""The request object for handlers (caller, repo, body), and the endpoint that creates it."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar, overload
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from localhub.accounts import Account, Accounts, Caller
from localhub.errors import HubError, RepoMoved, repo_not_found
from localhub.ids import RepoId, RepoType
from localhub.jobs.runner import JobRunner
from localhub.jsonbody import parse_object
from localhub.spaces.runner import SpaceRunner
from localhub.storage.multipart import MultipartUploads
from localhub.storage.repo import Repo
from localhub.storage.store import Store
from localhub.web.bodies import JSON_BYTES, STRANGER_BYTES, Bodies, check_length, stream, too_long
from localhub.web.events import Events
from localhub.web.signing import Signer
from localhub.xet.cas import CasStores

COMMIT_BYTES = 4 << 30  # largest commit; a file in it has at most REGULAR_BYTES
COMMIT_MEMORY_BYTES = 8 << 20  # a longer commit is buffered on the disk
PAGE_SIZE = 1000
FORM_FIELDS = 5000

_HOST = re.compile(r"[\w.\-]+(?::[0-9]+)?|\[[0-9a-fA-F:.]+\](?::[0-9]+)?", re.ASCII)


T = TypeVar("T")


@dataclass
class Hub:
    """The state that every request needs: repos, accounts, the key for upload addresses, running uploads, webhooks, Spaces, jobs."""

    store: Store
    accounts: Accounts
    signer: Signer
    xet: CasStores
    multipart: MultipartUploads
    events: Events
    bodies: Bodies = field(default_factory=Bodies)
    spaces: SpaceRunner | None = None
    jobs: JobRunner | None = None
    inference: bool = False


@dataclass
class Call:
    """One request, as a handler sees it.

    Attributes
    ----------
    hub : Hub
    request : Request
    caller : Caller
    body : object
        The parsed JSON, the form as a dict of lists, or a file with the commit's lines.
    """

    hub: Hub
    request: Request
    caller: Caller
    body: Any = None

    def path(self, name: str) -> str:
        """Return a part of the path, decoded."""
        return self.request.path_params[name]

    def query(self, name: str, default: str | None = None) -> str | None:
        """Return a query parameter."""
        return self.request.query_params.get(name, default)

    def flag(self, name: str) -> bool:
        """Return whether a query parameter is true."""
        return (self.query(name) or "").lower() in ("true", "1")

    @property
    def expand(self) -> list[str]:
        """Return the repo fields that the query names, without repetition."""
        query = self.request.query_params
        return list(dict.fromkeys(query.getlist("expand") + query.getlist("expand[]")))

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a query parameter as an integer within bounds; 400 for anything else."""
        text = self.query(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 12:
            raise HubError(400, f"`{name}` must be a whole number.")
        return min(max(int(text), low), high)

    @overload
    def field(self, name: str, kind: type[T]) -> T | None: ...
    @overload
    def field(self, name: str, kind: type[T], default: T) -> T: ...
    def field(self, name: str, kind: type[T], default: T | None = None) -> T | None:
        """Return a field of the JSON body; 400 if it has another type (None and missing give the default)."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise HubError(400, f"`{name}` must be of type {kind.__name__}.")
        return value

    @property
    def endpoint(self) -> str:
        """The embedded Hub's address as the client knows it."""
        host = self.request.headers.get("host", "")
        if not _HOST.fullmatch(host):
            raise HubError(400, "The Host header is not a valid host name.")
        return f"{self.request.url.scheme}://{host}"

    def next_page(self, **parameters: str) -> dict[str, str]:
        """Return the header for the next page: this address with some parameters changed."""
        query = [
            (key, value) for key, value in self.request.query_params.multi_items() if key not in parameters
        ]
        query += list(parameters.items())
        url = f"{self.endpoint}{self.request.scope['path']}?{urlencode(query)}"
        return {"Link": f'<{url}>; rel="next"'}

    def page(self, items: list[Any], size: int) -> JSONResponse:
        """Return one page of a list, from ``skip``, with at most ``limit`` and `size` items, and the link to the next."""
        skip = self.number("skip", 0, low=0, high=1 << 30)
        limit = self.number("limit", size, low=1, high=size)
        more = skip + limit < len(items)
        headers = self.next_page(skip=str(skip + limit)) if more else {}
        return JSONResponse(items[skip : skip + limit], headers=headers)

    @property
    def account(self) -> Account:
        """The caller's account; 401 if anonymous."""
        if self.caller.account is None:
            raise HubError(401, "Invalid username or password.")
        return self.caller.account

    @property
    def type(self) -> RepoType:
        """The repo type in the path."""
        return RepoType.of(self.path("type"))

    def repo(self, *, write: bool = False) -> Repo:
        """Return the repo in the path, if the caller may read (or write) it.

        Raises
        ------
        HubError
            404 if the repo does not exist for the caller, 401 or 403 if the caller may not write it.
        """
        return self.find(self.repo_id, write=write)

    @property
    def repo_id(self) -> RepoId:
        """Return the id of the repo in the path; 404 for an invalid name."""
        return RepoId.of_path(self.type, self.path("namespace"), self.path("name"))

    def find(self, id: RepoId, *, write: bool = False) -> Repo:
        """Return the repo with an id, under the same conditions as `repo`."""
        try:
            repo = self.hub.store.get(id)
        except RepoMoved as moved:
            self.find(moved.new_id)  # a caller that may not read it must not learn its new id
            raise
        private = repo.settings.private
        if not self.caller.may_read(id, private):
            raise repo_not_found()
        if write:
            self.caller.check_write(id, private)
        return repo

    @property
    def sender(self) -> str:
        """The name of the account for counting bodies; empty for all callers without an account."""
        return self.caller.account.name if self.caller.account else ""

    @property
    def author(self) -> tuple[str, str]:
        """Return name and email for commits."""
        account = self.caller.account
        return (account.name, account.email) if account else ("unknown", "unknown@localhost")


def endpoint(
    handler: Callable[[Call], Any],
    *,
    body: str | None = None,
    check: Callable[[Call], Any] | None = None,
    strangers: bool = False,
):
    """Turn a function that may block into an endpoint; it runs in a thread.

    Parameters
    ----------
    handler : callable
        Takes a `Call`; returns a response, or a value that is sent as JSON.
    body : str, optional
        The body to read first: "json", "form" or "lines" (a commit).
    check : callable, optional
        Called before a body of lines is read, so that only authorised clients can write to the disk.
    strangers : bool
        Whether a short body is also read without a write token; otherwise it is rejected unread.
    """

    async def run(request: Request) -> Response:
        hub: Hub = request.app.state.hub
        call = Call(hub, request, hub.accounts.caller(request.headers.get("authorization")))
        if body == "lines":
            if check is not None:
                await run_in_threadpool(check, call)
            with tempfile.SpooledTemporaryFile(COMMIT_MEMORY_BYTES, dir=str(hub.store.incoming)) as file:
                with hub.bodies.arriving(call.sender):
                    await _spool(request, file)
                call.body = file
                return _answer(await run_in_threadpool(handler, call))
        if body is not None:
            data = await _read(call, strangers)
            call.body = await run_in_threadpool(_parsed, body, data, request.headers.get("content-type", ""))
        return _answer(await run_in_threadpool(handler, call))

    setattr(run, "handler", handler)  # noqa: B010  # for the description of the API
    setattr(run, "body", body)  # noqa: B010
    return run


async def _read(call: Call, strangers: bool) -> bytes:
    caller = call.caller
    if caller.account is not None and caller.token_role == "write":
        return await call.hub.bodies.read(call.request, caller.account.name, JSON_BYTES)
    if strangers:
        return await call.hub.bodies.read(call.request, "", STRANGER_BYTES)
    if {"type", "namespace", "name"} <= call.request.path_params.keys():
        await run_in_threadpool(call.repo)  # a repo that the caller may not see does not exist
    if caller.account is None:
        raise HubError(401, "Invalid username or password. To write, log in with a token.")
    raise HubError(403, "This token is read-only. Use a token with write access.")


def _parsed(body: str, data: bytes, content_type: str) -> dict[str, Any]:
    if body == "json":
        return parse_object(data or b"{}", "The body of this request")
    return _form(data, content_type)


def _answer(result: Any) -> Response:
    return result if isinstance(result, Response) else JSONResponse(result)


def too_many_parameters() -> HubError:
    """Return huggingface.co's error for a form with too many fields."""
    return HubError(413, "too many parameters")


async def _spool(request: Request, file: IO[bytes]) -> None:
    check_length(request, COMMIT_BYTES)
    size = 0
    async for chunk in stream(request):
        size += len(chunk)
        if size > COMMIT_BYTES:
            raise too_long(COMMIT_BYTES)
        if size > COMMIT_MEMORY_BYTES:
            await run_in_threadpool(file.write, chunk)
        else:
            file.write(chunk)
    file.seek(0)


def _form(data: bytes, content_type: str) -> dict[str, list[Any]]:
    """Parse a form, or the same fields as JSON."""
    if content_type.startswith("application/json"):
        return {
            key: value if isinstance(value, list) else [value]
            for key, value in parse_object(data, "The body of this request").items()
        }
    if data.count(b"&") >= FORM_FIELDS:
        raise too_many_parameters()
    try:
        return parse_qs(data.decode(), keep_blank_values=True)
    except ValueError as error:
        raise HubError(400, "The body of this request is not valid form data.") from error
