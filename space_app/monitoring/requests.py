"""Record each request: its route, duration, outcome, and the models that answered.

    with requests.watched("POST /api/v1/titles"):
        ...

`Watch.ready` records the models; `refused` records a visitor's mistake that the page shows in place of an
answer.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from spacehub.errors import NotYetError, SpaceHubError

OK, REFUSED, BUSY, FAILED, CANCELLED = "ok", "refused", "busy", "failed", "cancelled"


@dataclass(slots=True)
class Record:
    """A request; `models` has the commit of each model or dataset that took part, by its key."""

    route: str
    public: bool
    began: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0
    outcome: str = OK
    models: dict[str, str] = field(default_factory=dict)


_current: ContextVar[Record | None] = ContextVar("request", default=None)
_listeners: list[Callable[[Record], None]] = []


def listen(listener: Callable[[Record], None]) -> None:
    """Call `listener` with each record when its request ends."""
    _listeners.append(listener)


@contextlib.contextmanager
def watched(route: str, *, public: bool = True) -> Iterator[Record]:
    """Record the request that the body answers; `public` requests are logged even if no model took part."""
    record = Record(route, public)
    token = _current.set(record)
    try:
        yield record
    except Exception as error:
        mistake = isinstance(error, SpaceHubError) or isinstance(error.__cause__, SpaceHubError)
        record.outcome = REFUSED if mistake else FAILED
        raise
    except BaseException:
        record.outcome = CANCELLED
        raise
    finally:
        _current.reset(token)
        record.seconds = time.perf_counter() - record.began
        for listener in _listeners:
            listener(record)


def uses(key: str, commit: str | None) -> None:
    """Record that a model or dataset takes part in the current request, if there is one."""
    record = _current.get()
    if record is not None and commit:
        record.models[key] = commit


def refused(error: SpaceHubError) -> None:
    """Record that the current request is answered with a mistake."""
    record = _current.get()
    if record is not None and not isinstance(error, NotYetError):
        record.outcome = REFUSED


def busy(route: str) -> None:
    """Record a request that was refused because too many were waiting."""
    record = Record(route, True, outcome=BUSY)
    for listener in _listeners:
        listener(record)
