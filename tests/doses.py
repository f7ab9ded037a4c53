"""How much is tried: a small dose in every run, the full one with ``SPACEHUB_SOAK=1`` (``make soak``)."""

import os

import pytest

SOAK = bool(os.environ.get("SPACEHUB_SOAK"))
in_the_soak = pytest.mark.skipif(not SOAK, reason="takes long; make soak runs it")


def dose(small: int, full: int) -> int:
    """Return how often to try."""
    return full if SOAK else small
