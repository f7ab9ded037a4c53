"""Read the rules of a canary from the environment, such as ``SPACEHUB_CANARY=10``."""

import os
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

EVERY, ANSWERS, AGREEMENT = "SPACEHUB_CANARY", "SPACEHUB_CANARY_ANSWERS", "SPACEHUB_CANARY_AGREEMENT"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Compare one answer in `every`. Of `answers` compared answers, at least the share `agreement` must agree."""

    every: int
    answers: int = 50
    agreement: float = 0.9


def read() -> Rules | None:
    """Return the rules that the environment sets. Return None if SPACEHUB_CANARY is not set.

    Raises
    ------
    SpaceHubError
        If a variable is not a number in its range.
    """
    if not os.environ.get(EVERY, "").strip():
        return None
    return Rules(
        every=int(_number(EVERY, 1, 10_000, 10)),
        answers=int(_number(ANSWERS, 1, 100_000, Rules.answers)),
        agreement=_number(AGREEMENT, 0, 1, Rules.agreement),
    )


def _number(name: str, least: int, most: int, usual: float) -> float:
    """Return the number in a variable. The number must be whole if the default is whole."""
    text = os.environ.get(name, "").strip() or str(usual)
    try:
        number = type(usual)(text)
        if not least <= number <= most:  # also false for NaN
            raise ValueError
    except ValueError:
        kind = "a whole number" if isinstance(usual, int) else "a number"
        raise SpaceHubError(
            f"{name} is {text[:80]!r}, but must be {kind} from {least:,} to {most:,}.",
            f"Set a valid value, for example {name}={usual}",
        ) from None
    return number
