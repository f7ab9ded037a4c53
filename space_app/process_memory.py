"""Measure the memory of this process, where the system reports it."""

import os
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """The bytes that a process has reserved (`virtual`), and those that it holds in memory (`resident`)."""

    virtual: int
    resident: int


def measure() -> Memory | None:
    """Return the memory of this process; None on systems other than Linux."""
    try:
        virtual, resident, *_ = Path("/proc/self/statm").read_text(encoding="ascii").split()
        page = os.sysconf("SC_PAGE_SIZE")
        return Memory(page * int(virtual), page * int(resident))
    except (OSError, ValueError, AttributeError):
        return None
