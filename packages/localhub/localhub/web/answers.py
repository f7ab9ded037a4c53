"""The responses to errors."""

import errno
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pygit2
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from localhub.errors import HubError, RepoMoved, repo_not_found

DISK_FULL = "The disk of the embedded Hub is full. Free some space, and then try again."
_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT)


def error_response(error: HubError) -> Response:
    """Return the response for an error: the same sentence in the body and in the headers."""
    headers = dict(error.headers)
    message = error.message
    if error.status == 403 and error.code is None:  # the client adds a full stop
        message = message.removesuffix(".")
    if "\n" not in message:  # a client shows both body and header unless they are equal
        headers.setdefault("X-Error-Message", re.sub(r"[^ -~]+", " ", message)[:500])
    if error.code:
        headers["X-Error-Code"] = error.code
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Authentication required", charset="UTF-8"'
    return JSONResponse({"error": message, **error.body}, status_code=error.status, headers=headers)


_GIT = re.compile(r"/(?:info/refs|git-upload-pack|git-receive-pack|info/lfs/.+)$")


def _git_error_response(request: Request, error: HubError) -> Response:
    """Return the response for git and git-lfs. Both prompt for a password only after a challenge, and show only messages that they know."""
    if error.code == "RepoNotFound" and "authorization" not in request.headers:
        error = HubError(401, error.message, code=error.code)
    error.body["message"] = error.message
    response = error_response(error)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Embedded Hub"'
        response.headers["LFS-Authenticate"] = 'Basic realm="Embedded Hub"'
    if "/info/lfs/" not in request.scope["path"]:
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        response.body = f"{error.message}\n".encode()
        response.headers["Content-Length"] = str(len(response.body))
    return response


async def _on_hub_error(request: Request, error: HubError) -> Response:
    return (
        _git_error_response(request, error) if _GIT.search(request.scope["path"]) else error_response(error)
    )


async def _on_move(request: Request, moved: RepoMoved) -> Response:
    if str(moved.old_id) not in request.scope["path"]:  # it is in the body, where no redirect can change it
        return error_response(repo_not_found())
    path = request.scope["path"].replace(str(moved.old_id), str(moved.new_id), 1)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{path}{query}", status_code=307)


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    path = request.scope["path"]
    if path.startswith("/api/") or path.startswith("/oauth/"):
        return error_response(
            HubError(501, f"The embedded Hub does not support {request.method} {unquote(path)}.")
        )
    return error_response(HubError(error.status_code, error.detail))


async def _on_disk_error(_: Request, error: OSError | pygit2.GitError) -> Response:
    # libgit2 gives the reason only as text
    if getattr(error, "errno", None) not in _FULL_ERRORS and not any(
        os.strerror(n) in str(error) for n in _FULL_ERRORS
    ):
        raise error
    return error_response(HubError(507, DISK_FULL))


async def _on_disconnect(_: Request, __: ClientDisconnect) -> Response:
    return Response(status_code=400)  # nobody reads it


EXCEPTION_HANDLERS: Mapping[Any, Any] = {
    HubError: _on_hub_error,
    RepoMoved: _on_move,
    HTTPException: _on_http_exception,
    OSError: _on_disk_error,
    pygit2.GitError: _on_disk_error,
    ClientDisconnect: _on_disconnect,
}
