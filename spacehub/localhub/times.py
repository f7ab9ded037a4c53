"""Moments as the Hub writes them."""

from datetime import UTC, datetime


def now() -> str:
    """Now, as the Hub writes it, e.g. 2026-11-22T09:30:00.000Z."""
    return iso_timestamp(datetime.now(UTC).timestamp())


def iso_timestamp(seconds: float) -> str:
    """Seconds since 1970 as the Hub writes a moment."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
