"""Read request bodies, with limits on length, time and number at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager

from starlette.requests import Request

from localhub.errors import HubError

STRANGER_BYTES = 1 << 20  # longest JSON or form body without a write token
JSON_BYTES = 8 << 20  # and with one
HELD_BYTES = 32 << 20  # all such bodies of one account at once
BODIES = 256  # bodies of one account at once
STRANGERS_BODIES = 32  # bodies of all clients without a token at once
JSON_SECONDS = 30
IDLE_SECONDS = 60  # between two chunks
UPLOAD_SECONDS = 6 * 3600


class Bodies:
    """The bodies being received, by account."""

    def __init__(self):
        self._count: Counter[str] = Counter()
        self._held: Counter[str] = Counter()

    @contextmanager
    def arriving(self, account: str) -> Generator[None]:
        """Count a body while it is received. An empty name means all callers without an account.

        Raises
        ------
        HubError
            429 if there are too many bodies at once.
        """
        if self._count[account] >= (BODIES if account else STRANGERS_BODIES):
            raise _too_many()
        self._count[account] += 1
        try:
            yield
        finally:
            self._count[account] -= 1

    async def read(self, request: Request, account: str, most: int) -> bytes:
        """Return a whole body of at most `most` bytes.

        Raises
        ------
        HubError
            413 if the body is longer, 408 if the body takes too long, 429 if there are too many bytes at once.
        """
        check_length(request, most)
        pieces, size = [], 0
        with self.arriving(account):
            try:
                async for piece in stream(request, JSON_SECONDS):
                    size += len(piece)
                    self._held[account] += len(piece)
                    if size > most:
                        raise too_long(most)
                    if self._held[account] > HELD_BYTES:
                        raise _too_many()
                    pieces.append(piece)
            finally:
                self._held[account] -= size
        return b"".join(pieces)


async def stream(request: Request, seconds: float = UPLOAD_SECONDS) -> AsyncIterator[bytes]:
    """Yield the chunks of a body.

    Raises
    ------
    HubError
        408 if the body takes longer than this, or stalls.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    pieces = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout_at(min(end, loop.time() + IDLE_SECONDS)):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise HubError(
                408, "The body of this request took too long to arrive. Send the request again."
            ) from None
        yield piece


def check_length(request: Request, most: int) -> None:
    """Reject a body whose declared length is too long, before any of it is read."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > most):
        raise too_long(most)


def too_long(most: int) -> HubError:
    """Return the error for a body of more than `most` bytes."""
    return HubError(413, f"The body of this request is longer than {most} bytes.")


def _too_many() -> HubError:
    return HubError(
        429,
        "The embedded Hub is processing too many requests. Wait until other requests have finished.",
        headers={"Retry-After": "1"},
    )
