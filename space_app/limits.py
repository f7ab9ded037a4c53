"""Limit the requests of each visitor to a route without a queue."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_VISITORS = 10_000


class Allowance:
    """A token bucket for each visitor. Addresses are kept only in memory.

    Parameters
    ----------
    at_once : int
        The number of requests in a full bucket.
    an_hour : float
        The number of requests by which a bucket refills per hour.
    clock : callable
        Returns the time in seconds.
    """

    def __init__(self, at_once: int, an_hour: float, *, clock: Callable[[], float] = time.monotonic):
        self._at_once, self._rate, self._clock = at_once, an_hour / 3600, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, address: str) -> int:
        """Take one request from a visitor's bucket. Return 0, or the seconds until the next request is allowed."""
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
    """Return the visitor that an address belongs to. For IPv6 this is the network, because each visitor has one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
