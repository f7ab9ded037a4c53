"""Build the checks of a learner's function: each has a name and a message for its failure."""

import copy
import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST = 160


class Failed(Exception):
    """A check failed; the message says how."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check: its `name`, which learners see, and a function that takes theirs and raises `Failed` if it is wrong."""

    name: str
    run: Callable[[Callable], None]


def returns(name: str, expected: Any, *given: Any, tolerance: float = 1e-9) -> Check:
    """Return a check that a call with the arguments `given` returns `expected` and leaves the arguments unchanged."""

    def run(function: Callable) -> None:
        arguments = copy.deepcopy(given)
        found = function(*arguments)
        call = f"{function.__name__}({', '.join(map(shown, given))})"
        if found is None and expected is not None:
            raise Failed(f"{call} returned None. Does your function end with a return?")
        if not same(found, expected, tolerance):
            raise Failed(f"{call} returned {shown(found)}; expected {shown(expected)}.")
        if not same(list(arguments), list(given), 0):
            raise Failed(f"{call} changed its arguments. Work on a copy.")

    return Check(name=name, run=run)


def holds(name: str, condition: Callable[[Callable], bool], otherwise: str) -> Check:
    """Return a check that a condition on the function is true; `otherwise` is the message if it is false."""

    def run(function: Callable) -> None:
        if not condition(function):
            raise Failed(otherwise)

    return Check(name=name, run=run)


def refuses(name: str, error: type[Exception], *given: Any) -> Check:
    """Return a check that a call raises an error of this type."""

    def run(function: Callable) -> None:
        call = f"{function.__name__}({', '.join(map(shown, given))})"
        try:
            found = function(*copy.deepcopy(given))
        except error:
            return
        raise Failed(f"{call} returned {shown(found)}; it should raise {error.__name__}.")

    return Check(name=name, run=run)


def same(found: Any, expected: Any, tolerance: float) -> bool:
    """Return whether an answer is the expected one: numbers within a tolerance, sequences item by item.

    A NumPy array equals a list of the same shape and numbers.
    """
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(same(found[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, list | tuple | np.ndarray):
        if not isinstance(found, list | tuple | np.ndarray) or (
            isinstance(found, np.ndarray) and not found.ndim
        ):
            return False
        if len(found) != len(expected):
            return False
        return all(same(one, other, tolerance) for one, other in zip(found, expected, strict=True))
    if isinstance(expected, bool | np.bool_):
        return isinstance(found, bool | np.bool_) and bool(found) == bool(expected)
    if isinstance(expected, numbers.Number):
        if not isinstance(found, numbers.Number | np.ndarray) or isinstance(found, bool) or np.ndim(found):
            return False
        if isinstance(expected, float) and math.isnan(expected):
            return math.isnan(found)
        return bool(abs(found - expected) <= tolerance * max(1.0, abs(expected))) or found == expected
    return type(found) is type(expected) and found == expected


def shown(value: Any) -> str:
    """Write a value for a message, shortened if it is long."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    text = f"{value:.10g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
