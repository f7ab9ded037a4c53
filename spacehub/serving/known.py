"""Known (expected) answers: a model's answers to a few inputs when it was published, which every server must reproduce."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from spacehub.errors import SpaceHubError

# Other processors and versions of ONNX Runtime add numbers in another order, and round eight-bit sums in
# other steps.
CLOSE, CLOSE_IN_EIGHT_BITS = 1e-3, 0.05
MOST = 64


@dataclass(frozen=True)
class Known:
    """One answer: its name, the published number, the number `found` now, and the tolerance."""

    name: str
    stated: object
    found: float
    tolerance: float = CLOSE

    @property
    def agrees(self) -> bool:
        """Whether the two agree up to the tolerance; above 1 the tolerance is a share of the number."""
        if isinstance(self.stated, bool) or not isinstance(self.stated, int | float):
            return False
        return (
            math.isfinite(self.stated)
            and math.isfinite(self.found)
            and abs(self.stated - self.found) <= self.tolerance * max(1.0, abs(self.stated))
        )


def cases(results: Mapping, key: str) -> list[Mapping]:
    """Return the known answers under `key` of ``results.json``; empty if the key does not exist.

    Raises
    ------
    ValueError
        If the answers are not a list of objects, or more than `MOST`.
    """
    listed = results.get(key, [])
    if (
        not isinstance(listed, list)
        or len(listed) > MOST
        or not all(isinstance(case, dict) for case in listed)
    ):
        raise ValueError(f"{key} in results.json must be a list of expected answers.")
    return listed


def same_names(
    name: str, stated: object, found: Mapping[str, float], tolerance: float = CLOSE
) -> list[Known]:
    """Pair up published and found numbers by name.

    Raises
    ------
    ValueError
        If the published and the found numbers do not have the same names.
    """
    if not isinstance(stated, Mapping) or set(stated) != set(found):
        raise ValueError(f"The classes in the expected answer for {name} differ from the model's classes.")
    return [Known(f"{name}, {label}", stated[label], value, tolerance) for label, value in found.items()]


def require(answers: Iterable[Known]) -> int:
    """Return the number of answers.

    Raises
    ------
    SpaceHubError
        If an answer differs from the published one.
    """
    answers = list(answers)
    for answer in answers:
        if not answer.agrees:
            stated = (
                f"{answer.stated:.4g}" if isinstance(answer.stated, float | int) else repr(answer.stated)[:40]
            )
            raise SpaceHubError(
                f"The model does not reproduce its expected answer for {answer.name}: {stated} was published, but {answer.found:.4g} was computed.",
                "Publish the model again from the training run.",
            )
    return len(answers)
