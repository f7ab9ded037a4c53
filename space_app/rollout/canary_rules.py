"""``SPACEHUB_CANARY=10``: a new commit first gives one answer in ten next to the commit that serves."""

import os
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

EVERY, ANSWERS, AGREEMENT = "SPACEHUB_CANARY", "SPACEHUB_CANARY_ANSWERS", "SPACEHUB_CANARY_AGREEMENT"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One answer in `every` is compared; of `answers` compared ones at least the share `agreement` must agree."""

    every: int
    answers: int = 50
    agreement: float = 0.9


def read() -> Rules | None:
    """Return the rules that the environment sets; None where a commit serves as soon as it passes its trial.

    Raises
    ------
    SpaceHubError
        When a variable is not a number in its range.
    """
    if not os.environ.get(EVERY, "").strip():
        return None
    return Rules(
        every=int(_number(EVERY, 1, 10_000, 10)),
        answers=int(_number(ANSWERS, 1, 100_000, Rules.answers)),
        agreement=_number(AGREEMENT, 0, 1, Rules.agreement),
    )


def _number(name: str, least: int, most: int, usual: float) -> float:
    """Return a variable's number: a whole one where the usual one is."""
    text = os.environ.get(name, "").strip() or str(usual)
    try:
        number = type(usual)(text)
        if not least <= number <= most:  # which holds for no NaN
            raise ValueError
    except ValueError:
        raise SpaceHubError(
            f"{name} is {text[:80]!r}, which is not a number from {least:,} to {most:,}.",
            f"Write for example: {name}={usual}",
        ) from None
    return number
