"""How much one visitor may ask of what has no queue: so many requests at once, and so many more an hour."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_VISITORS = 10_000


class Allowance:
    """A bucket of requests for each visitor, which fills up again; addresses are kept in memory alone.

    Parameters
    ----------
    at_once : int
        How many requests a full bucket holds.
    an_hour : float
        How many come back in an hour.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(self, at_once: int, an_hour: float, *, clock: Callable[[], float] = time.monotonic):
        self._at_once, self._rate, self._clock = at_once, an_hour / 3600, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, address: str) -> int:
        """Take one request of a visitor; return 0, or in how many seconds there is one again."""
        visitor, now = _network(address), self._clock()
        with self._lock:
            left, since = self._left.pop(visitor, (float(self._at_once), now))
            left = min(self._at_once, left + (now - since) * self._rate)
            allowed = left >= 1
            self._left[visitor] = (left - 1 if allowed else left, now)
            while len(self._left) > MOST_VISITORS:
                self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._rate)


def _network(address: str) -> str:
    """Return whom an address belongs to: of IPv6 the network, since each visitor has a whole one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
