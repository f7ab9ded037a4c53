"""Four fields of experience from earlier landings: they are optional, and must not contradict each other."""

from collections.abc import Mapping, Sequence

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.serving.fields import Field
from spacehub.serving.words import plain

ALL = "earlier_attempts"
PARTS = ("earlier_attempts_same_type", "earlier_attempts_same_block")
EXPERIENCE = (ALL, *PARTS, "landed_share_last_ten")


def usual(fields: Sequence[Field]) -> dict[str, float | str | None]:
    """Return the counts after the newest flight of the data, which are the default of each field of `EXPERIENCE`."""
    return {field.name: field.default for field in fields if field.name in EXPERIENCE}


def contradictions(columns: Mapping[str, np.ndarray], fields: Sequence[Field]) -> dict[int, SpaceHubError]:
    """Find flights, among N, with more attempts of the same type or block than attempts in total.

    Parameters
    ----------
    columns : mapping
        Validated values by field, each of shape (N,); an unknown value, NaN, contradicts nothing.
    fields : sequence of Field
        The model's fields; without these counts there are no contradictions.

    Returns
    -------
    dict of int to SpaceHubError
        By position of the flight; each error names the two fields.
    """
    titles = {field.name: field.title for field in fields}
    errors = {}
    for part in PARTS:
        if ALL not in titles or part not in titles:
            continue
        for row in np.flatnonzero(columns[part] > columns[ALL]):
            errors.setdefault(
                int(row),
                SpaceHubError(
                    f"{titles[part]} ({plain(columns[part][row])}) is larger than {titles[ALL]} "
                    f"({plain(columns[ALL][row])}), which includes it.",
                    f"Use a value of at most {plain(columns[ALL][row])} for {part}, or a larger value for {ALL}.",
                ),
            )
    return errors
