"""Addresses: routed as sent and decoded part by part afterwards, so that ``refs%2Fpr%2F1`` is one part."""

import re
import uuid
from email.utils import formatdate
from urllib.parse import unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.errors import HubError
from localhub.web.answers import error_response
from localhub.web.browsers import check_browser, shared_headers


class _Quoted(Convertor[str]):
    """One part of a path, decoded after routing, so that ``refs%2Fpr%2F1`` is one part."""

    regex = "[^/]+"

    def convert(self, value: str) -> str:
        return _decode(value)

    def to_string(self, value: str) -> str:
        return value


class _QuotedPath(_Quoted):
    """The rest of a path, decoded after routing."""

    regex = ".*"


class _TypeConvertor(_Quoted):
    """The type of a repo in an API path."""

    regex = "models|datasets|spaces|kernels"


class _PrefixConvertor(_Quoted):
    """The type of a repo in a web or git address: empty, ``datasets/``, ``spaces/`` or ``kernels/``."""

    regex = "(?:datasets/|spaces/|kernels/)?"

    def convert(self, value: str) -> str:
        return value.rstrip("/") or "models"


def _decode(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as error:
        raise HubError(400, "The decoded URL is not valid UTF-8.") from error


register_url_convertor("part", _Quoted())
register_url_convertor("rest", _QuotedPath())
register_url_convertor("type", _TypeConvertor())
register_url_convertor("prefix", _PrefixConvertor())


# Addresses of a repo, for routes.
API_REPO = "/api/{type:type}/{namespace:part}/{name:part}"
WEB_REPO = "/{type:prefix}{namespace:part}/{name:part}"

# The name of a pull request or a converted branch with plain slashes, as people and the Rust client write it.
_OWN_REF = re.compile(
    r"(/(?:revision|resolve|raw|blob|tree|commits?|preupload|paths-info|branch|tag|super-squash|xet-\w+-token)/)"
    r"refs/(pr|convert)/([^/]+)"
)


class Envelope:
    """The outermost layer: routes on the path as sent, rejects other origins, and adds a request id to every response.

    A page of this machine gets the headers that let it read files.

    Parameters
    ----------
    app : ASGI application
    loopback : bool
        Whether the Hub listens on loopback only.
    """

    def __init__(self, app: ASGIApp, *, loopback: bool = True):
        self.app = app
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send):
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["raw_path"].decode("ascii", "replace")
        scope = dict(scope, path=_OWN_REF.sub(r"\1refs%2F\2%2F\3", path, count=1))
        headers = dict(scope["headers"])
        given = headers.get(b"x-amzn-trace-id") or headers.get(b"x-request-id") or b""
        shared = shared_headers(scope["method"], path, headers)
        request_id = given[:200] or f"Root={uuid.uuid4()}".encode()

        async def send_with_id(message: Message):
            if message["type"] == "http.response.start":
                # Uvicorn's date is up to two seconds old, but clients compare it with the times of log lines.
                date = (b"date", formatdate(usegmt=True).encode())
                message["headers"] = [*message["headers"], *shared, (b"x-request-id", request_id), date]
            await send(message)

        try:
            check_browser(scope["method"], headers, loopback=self._loopback)
        except HubError as error:
            await error_response(error)(scope, receive, send_with_id)
            return
        await self.app(scope, receive, send_with_id)
