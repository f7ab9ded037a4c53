"""Send a file, or a range of it, or a 304 if the client already has it."""

import mimetypes
import os
import re
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from localhub.errors import HubError
from localhub.files.positioned import BINARY, pread

CHUNK_BYTES = 1 << 20
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")

# No uploaded file may run as a page of this address.
_NO_SCRIPTS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


def send_bytes(request: Request, data: bytes, headers: dict[str, str]) -> Response:
    """Respond with these bytes, applying Range and If-None-Match; `headers` must contain the ETag."""
    answer = _prepare(request, len(data), headers)
    if isinstance(answer, Response):
        return answer
    status, headers, start, stop = answer
    return Response(data[start:stop], status_code=status, headers=headers)


def send_file(request: Request, path: Path, size: int, headers: dict[str, str]) -> Response:
    """Respond with a file of `size` bytes as `send_bytes` does, in chunks, with flat memory."""
    answer = _prepare(request, size, headers)
    if isinstance(answer, Response):
        return answer
    status, headers, start, stop = answer
    return _FileResponse(path, start, stop, status, headers)


def content_headers(name: str) -> dict[str, str]:
    """Return headers for a browser: show a media file as media, and any other file as text or as a download."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if guessed.startswith("text/") or name.endswith((".md", ".yml", ".yaml", ".toml", ".jsonl")):
        guessed = "text/plain; charset=utf-8"
    base = name.rsplit("/", 1)[-1]
    plain = re.sub(r'[^ -~]|["\\]', "_", base)
    disposition = f"inline; filename*=UTF-8''{quote(base, safe='')}; filename=\"{plain}\";"
    return {"Content-Type": guessed, "Content-Disposition": disposition}


def _prepare(request: Request, size: int, headers: dict[str, str]):
    """Return the response itself if it has no content (304, 416), otherwise status, headers and the range of bytes."""
    headers = {**headers, **_NO_SCRIPTS, "Accept-Ranges": "bytes", "Cache-Control": "no-cache"}
    if _names(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    status, start, stop = 200, 0, size
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    unchanged = request.headers.get("if-range", headers["ETag"]) == headers["ETag"]
    if match and any(match.groups()) and unchanged:
        first, last = match.groups()
        if first:
            start, stop = int(first), min(int(last) + 1 if last else size, size)
        else:
            start = max(size - int(last), 0)
        if start >= stop:
            if last and first and int(last) < int(first):  # not a valid range: ignore it
                start, stop = 0, size
            else:
                message = f"The requested range is outside the file's {size} bytes."
                raise HubError(416, message, headers={"Content-Range": f"bytes */{size}"})
        else:
            status = 206
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return status, headers, start, stop


def _names(if_none_match: str, etag: str) -> bool:
    values = [value.strip().removeprefix("W/") for value in if_none_match.split(",")]
    return etag in values or values == ["*"]


class _FileResponse(Response):
    """Yield a part of a file, read in a thread one chunk ahead of sending."""

    def __init__(self, path: Path, start: int, stop: int, status: int, headers: dict[str, str]):
        super().__init__(status_code=status, headers=headers)
        self._path, self._start, self._stop = path, start, stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        descriptor = await run_in_threadpool(os.open, self._path, os.O_RDONLY | BINARY)
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            position = self._start
            while position < self._stop:
                wanted = min(CHUNK_BYTES, self._stop - position)
                piece = await run_in_threadpool(pread, descriptor, wanted, position)
                if not piece:
                    raise OSError(f"The file {self._path} is shorter than expected")
                position += len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": position < self._stop})
            if self._start == self._stop:
                await send({"type": "http.response.body", "body": b""})
        finally:
            os.close(descriptor)
