"""Read a request's body within limits: a JSON object, or a file."""

import asyncio
import contextlib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from space_app.rest.problems import ProblemError
from space_app.scratch import scratch
from spacehub.serving.satellite import decode

MOST_JSON = 2**20
SECONDS = 60


async def read_json(request: Request, most: int = MOST_JSON) -> dict:
    """Return the JSON object in a request's body of at most `most` bytes.

    Raises
    ------
    ProblemError
        415, 413, 408 or 400.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ProblemError(415, "Send JSON, with the header Content-Type: application/json.")
    raw = await _read(request, most)
    try:
        body = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProblemError(400, f"The request body is not valid JSON: {str(error)[:200]}.") from error
    if not isinstance(body, dict):
        raise ProblemError(400, "The request body is not a JSON object.")
    return body


@contextlib.asynccontextmanager
async def read_file(request: Request, field: str) -> AsyncIterator[Path]:
    """Yield the file in a request, sent as ``multipart/form-data`` in `field` or as the whole body.

    Raises
    ------
    ProblemError
        413, 408, 400, or 422 if the body is missing.
    """
    folder = await asyncio.to_thread(scratch)
    path = folder / "upload"
    try:
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            await _save_part(request, field, path)
        else:
            with await asyncio.to_thread(path.open, "wb") as file:
                await _read(request, decode.MAX_BYTES, file)
        if not path.stat().st_size:
            raise ProblemError(
                422,
                "The request contains no file.",
                errors=[(field, "Send a file, as multipart/form-data or as the body.")],
            )
        yield path
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)


async def _save_part(request: Request, field: str, path: Path) -> None:
    _require_length(request, decode.MAX_BYTES + 2**16)
    try:
        async with asyncio.timeout(SECONDS):
            form = await request.form(max_files=1, max_fields=8, max_part_size=2**16)
    except TimeoutError as error:
        raise ProblemError(408, f"The file did not arrive within {SECONDS} seconds.") from error
    except (MultiPartException, HTTPException) as error:
        raise ProblemError(400, f"The form cannot be read: {error}.") from error
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(form.close)
        part = form.get(field)
        if not isinstance(part, UploadFile):
            raise ProblemError(
                422, "The request contains no file.", errors=[(field, "Send a file in this field.")]
            )
        with await asyncio.to_thread(path.open, "wb") as file:
            await asyncio.to_thread(shutil.copyfileobj, part.file, file, 2**20)


def _require_length(request: Request, most: int) -> None:
    given = request.headers.get("Content-Length", "")
    if not given.isdecimal():
        raise ProblemError(411, "Send the header Content-Length.")
    if int(given) > most:
        raise _too_large(most)


async def _read(request: Request, most: int, file: tempfile._TemporaryFileWrapper | None = None) -> bytes:
    """Return the body, or write it to a file; stop as soon as it is too long."""
    parts, total = [], 0
    try:
        async with asyncio.timeout(SECONDS):
            async for part in request.stream():
                total += len(part)
                if total > most:
                    raise _too_large(most)
                if file is None:
                    parts.append(part)
                else:
                    await asyncio.to_thread(file.write, part)
    except TimeoutError as error:
        raise ProblemError(408, f"The request body did not arrive within {SECONDS} seconds.") from error
    except ClientDisconnect as error:
        raise ProblemError(400, "The connection was lost.") from error
    return b"".join(parts)


def _too_large(most: int) -> ProblemError:
    size = f"{most // 2**20} MiB" if most >= 2**20 else f"{most:,} bytes"
    return ProblemError(413, f"The request body is larger than {size}. Send a smaller body.")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a valid JSON number.")
