"""The fields of a tabular model: what each may hold, and a sentence when a value does not fit."""

import json
import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.errors import SpaceHubError
from spacehub.serving import numerals
from spacehub.serving.words import cut, plain, shorten

ODD = r"[^0-9.eE+-]"  # what Python does not write in a number
LARGEST, LONGEST = 2**20, 500
BLANKS = ("", "nan", "null", "none", "na", "n/a")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input of a model, as ``onnx/inputs.json`` describes it.

    `minimum` and `maximum` are the smallest and largest value of the training data and `choices`
    its categories. Beyond them a model only guesses, so a value beyond them is refused.
    """

    name: str
    label: str
    kind: str
    unit: str = ""
    integer: bool = False
    minimum: float = -math.inf
    maximum: float = math.inf
    step: float | None = None
    default: float | str | None = None
    optional: bool = False
    choices: tuple[str, ...] = ()
    why: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it holds a number; otherwise it is a category."""
        return self.kind == "number"

    @property
    def title(self) -> str:
        """What people and programs call it: ``Payload mass (payload_mass_kg)``."""
        return f"{self.label} ({self.name})"

    @property
    def missing(self) -> float | str:
        """What the model is given for a value that is not known: NaN, or the empty category."""
        return math.nan if self.is_number else ""

    @property
    def allowed(self) -> str:
        """What the field may hold, in words: ``a number from 330 to 17,400 kg``."""
        if not self.is_number:
            return f"one of: {', '.join(self.choices)}"
        kind = "a whole number" if self.integer else "a number"
        return f"{kind} from {plain(self.minimum)} to {plain(self.maximum)} {self.unit}".rstrip()

    def check(self, value: object) -> float | str:
        """Return `value` as the model takes it.

        Raises
        ------
        SpaceHubError
            When it is missing, of a wrong type, or beyond what the training data held.
        """
        if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
            return self._blank()
        return self._check_number(value) if self.is_number else self._check_choice(value)

    def fits(self, value: float) -> bool:
        """Return whether a number is one that the field may hold."""
        return self.minimum <= value <= self.maximum and not (self.integer and value != math.floor(value))

    def read(self, texts: pd.Series, *, decimal: str | None = ".") -> tuple[np.ndarray, dict[int, str]]:
        """Read a column of text, shape (N,), as a table holds it; `decimal` as in `numerals.number`.

        Returns
        -------
        values : numpy.ndarray
            Shape (N,), float32 or str, `missing` where a cell is at fault.
        problems : dict of int to str
            What is wrong, by position of the row.
        """
        # Most cells of a column repeat others.
        places, distinct = pd.factorize(texts)
        values, problems = self._read_distinct(pd.Series(distinct, dtype=object), decimal)
        if problems:
            problems = {row: problems[place] for row, place in enumerate(places) if place in problems}
        return values[places], problems

    def _read_distinct(self, texts: pd.Series, decimal: str | None) -> tuple[np.ndarray, dict[int, str]]:
        texts = texts.str.strip()
        blank = texts.str.lower().isin(BLANKS).to_numpy() & ~texts.isin(self.choices).to_numpy()
        if self.is_number:
            written = texts
            if decimal == "," or texts.str.contains(ODD, regex=True).any():
                written = texts.map(
                    {text: numerals.number(text, decimal, self.fits) for text in texts.unique()}
                )
            values = pd.to_numeric(written, errors="coerce").to_numpy(dtype=float, copy=True)
            with np.errstate(invalid="ignore"):
                fits = (values >= self.minimum) & (values <= self.maximum)
                fits = fits & (~np.bool_(self.integer) | (values == np.floor(values)))
        else:
            values = texts.to_numpy(dtype=object, copy=True)
            fits = texts.isin(self.choices).to_numpy()
        fits = fits | (blank & self.optional)
        problems = {}
        for row in np.flatnonzero(~fits):
            number = self.is_number and not blank[row] and not np.isnan(values[row])
            try:
                self.check(None if blank[row] else float(values[row]) if number else texts.iloc[row])
            except SpaceHubError as error:
                problems[int(row)] = str(error)
        values[blank | ~fits] = self.missing
        return (values.astype(np.float32) if self.is_number else values), problems

    def _blank(self) -> float | str:
        if self.optional:
            return self.missing
        raise SpaceHubError(f"{self.title} is missing.", f"Give {self.allowed}.")

    def _check_number(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise SpaceHubError(f"{self.title} is {shorten(value)}, not a number.", f"Give {self.allowed}.")
        if not self.minimum <= value <= self.maximum:
            given = plain(value) if abs(value) < 1e12 else cut(value, 20)
            raise SpaceHubError(
                f"{self.title} is {given} {self.unit}".rstrip()
                + ", beyond every flight that the model learned from.",
                f"Give {self.allowed}.",
            )
        if self.integer and value != math.floor(value):
            raise SpaceHubError(f"{self.title} is {plain(value)}, not whole.", f"Give {self.allowed}.")
        return float(value)

    def _check_choice(self, value: object) -> str:
        if not isinstance(value, str):
            raise SpaceHubError(f"{self.title} is {shorten(value)}, not text.", f"Give {self.allowed}.")
        if value.strip() not in self.choices:
            raise SpaceHubError(
                f"{self.title} is {shorten(value)}, which the model does not know.", f"Give {self.allowed}."
            )
        return value.strip()


def load_fields(path: Path) -> tuple[Field, ...]:
    """Read the fields of ``onnx/inputs.json``, in the model's order.

    Raises
    ------
    SpaceHubError
        When the file cannot be read or lacks something.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST:,} bytes")
        entries = json.loads(path.read_text(encoding="utf-8"))["features"]
        return tuple(_field(entry) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SpaceHubError(
            f"{path.name} of the published model cannot be read: {error!r}.",
            "Publish the model again with this version of SpaceHub.",
        ) from error


def _field(entry: Mapping) -> Field:
    texts = [entry["name"], entry["label"], entry["kind"], entry.get("unit") or "", entry.get("why") or ""]
    if not all(
        isinstance(text, str) and len(text) <= LONGEST for text in [*texts, *(entry.get("choices") or ())]
    ):
        raise ValueError(
            "a field has a name, label, kind, unit, explanation or choice that is not a short text"
        )
    number = entry["kind"] == "number"
    limits = {"minimum": float(entry["min"]), "maximum": float(entry["max"])} if number else {}
    return Field(
        name=entry["name"],
        label=entry["label"],
        kind=entry["kind"],
        unit=entry.get("unit") or "",
        integer=bool(entry.get("integer")),
        step=entry.get("step"),
        default=entry.get("default"),
        optional=bool(entry.get("optional")),
        choices=tuple(entry.get("choices") or ()),
        why=entry.get("why") or "",
        **limits,
    )
