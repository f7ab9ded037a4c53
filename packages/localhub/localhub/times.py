"""Timestamps in huggingface.co's format."""

from datetime import UTC, datetime


def now() -> str:
    """Return the current time in huggingface.co's format, e.g. 2026-11-22T09:30:00.000Z."""
    return iso_timestamp(datetime.now(UTC).timestamp())


def iso_timestamp(seconds: float) -> str:
    """Return seconds since 1970 in huggingface.co's format."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
