"""Limit how many requests run at once and how many may wait: the limits of Gradio's queue, for plain HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from space_app.admission import MOST_QUICK
from space_app.rest.problems import ProblemError

RETRY_SECONDS = 5
_waiting = 0


class Gate:
    """Let a fixed number of requests run at once; the others wait, at most `MOST_QUICK` over all gates."""

    def __init__(self, at_once: int):
        self._free = asyncio.Semaphore(at_once)

    @contextlib.asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Wait for a free place.

        Raises
        ------
        ProblemError
            429 if too many requests wait.
        """
        global _waiting
        if _waiting >= MOST_QUICK:
            raise ProblemError(
                429,
                f"The app is very busy. Try again in about {RETRY_SECONDS} seconds.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        _waiting += 1
        try:
            await self._free.acquire()
        finally:
            _waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def waiting() -> int:
    """Return how many requests wait."""
    return _waiting
