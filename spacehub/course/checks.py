"""Build the checks of a learner's function; each check has a name and a message for its failure."""

import copy
import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

LONGEST = 160


class Failed(Exception):
    """A check failed; the message explains the failure."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check: a `name` that learners see, and a function that runs the learner's function and raises `Failed` on a wrong result."""

    name: str
    run: Callable[[Callable], None]


def returns(name: str, expected: Any, *given: Any, tolerance: float = 1e-9) -> Check:
    """Return a check that a call with the arguments `given` returns `expected` and leaves the arguments unchanged."""

    def run(function: Callable) -> None:
        arguments = copy.deepcopy(given)
        result = function(*arguments)
        call = f"{function.__name__}({', '.join(map(shown, given))})"
        if result is None and expected is not None:
            raise Failed(f"{call} returned None. Does your function end with a return?")
        if not same(result, expected, tolerance):
            raise Failed(f"{call} returned {shown(result)}; expected {shown(expected)}.")
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
            result = function(*copy.deepcopy(given))
        except error:
            return
        raise Failed(f"{call} returned {shown(result)}; it should raise {error.__name__}.")

    return Check(name=name, run=run)


def same(answer: Any, expected: Any, tolerance: float) -> bool:
    """Return whether an answer is the expected one: numbers within a tolerance, sequences item by item.

    A NumPy array equals a list of the same shape and numbers.
    """
    if isinstance(expected, dict):
        return (
            isinstance(answer, dict)
            and answer.keys() == expected.keys()
            and all(same(answer[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, list | tuple | np.ndarray):
        if not isinstance(answer, list | tuple | np.ndarray) or (
            isinstance(answer, np.ndarray) and not answer.ndim
        ):
            return False
        if len(answer) != len(expected):
            return False
        return all(same(item, other, tolerance) for item, other in zip(answer, expected, strict=True))
    if isinstance(expected, bool | np.bool_):
        return isinstance(answer, bool | np.bool_) and bool(answer) == bool(expected)
    if isinstance(expected, numbers.Number):
        if not isinstance(answer, numbers.Number | np.ndarray) or isinstance(answer, bool) or np.ndim(answer):
            return False
        if isinstance(expected, float) and math.isnan(expected):
            return math.isnan(answer)
        return bool(abs(answer - expected) <= tolerance * max(1.0, abs(expected))) or answer == expected
    return type(answer) is type(expected) and answer == expected


def shown(value: Any) -> str:
    """Write a value for a message, shortened if it is long."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    text = f"{value:.10g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"
