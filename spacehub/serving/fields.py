"""The fields of a tabular model: their allowed values, and an error message for any other value."""

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import numerals, stated
from spacehub.serving.words import cut, plain, shorten

ODD = r"[^0-9.eE+-]"  # characters that do not occur in Python's numbers
LARGEST, LONGEST = 2**20, 500
# Limits of what is read from ``onnx/inputs.json``: fields, choices of a field, and the size of a number.
MOST_FIELDS, MOST_CHOICES, LARGEST_NUMBER = 100, 1_000, 1e12
BLANKS = ("", "nan", "null", "none", "na", "n/a")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input of a model, as ``onnx/inputs.json`` describes it.

    `minimum` and `maximum` are the smallest and largest value of the training data, and `choices` its
    categories. For other values, a model's answer is not reliable, so they are rejected.
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
        """The field's name for people and programs: ``Payload mass (payload_mass_kg)``."""
        return f"{self.label} ({self.name})"

    @property
    def missing(self) -> float | str:
        """The model's input for an unknown value: NaN, or the empty category."""
        return math.nan if self.is_number else ""

    @property
    def allowed(self) -> str:
        """The allowed values in words: ``a number from 330 to 17,400 kg``."""
        if not self.is_number:
            return f"one of: {', '.join(self.choices)}"
        kind = "a whole number" if self.integer else "a number"
        return f"{kind} from {plain(self.minimum)} to {plain(self.maximum)} {self.unit}".rstrip()

    def check(self, value: object) -> float | str:
        """Return `value` as the model takes it.

        Raises
        ------
        SpaceHubError
            If the value is missing, has a wrong type, or is outside the training data.
        """
        if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
            return self._blank()
        return self._check_number(value) if self.is_number else self._check_choice(value)

    def fits(self, value: float) -> bool:
        """Return whether the field allows this number."""
        return self.minimum <= value <= self.maximum and not (self.integer and value != math.floor(value))

    def read(self, texts: pd.Series, *, decimal: str | None = ".") -> tuple[np.ndarray, dict[int, str]]:
        """Read a column of text, shape (N,), as a table holds it; `decimal` as in `numerals.number`.

        Returns
        -------
        values : numpy.ndarray
            Shape (N,), float32 or str, `missing` if a cell has an error.
        problems : dict of int to str
            The error, by position of the row.
        """
        # Most cells of a column repeat earlier ones.
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
        raise SpaceHubError(f"{self.title} is missing.", f"Enter {self.allowed}.")

    def _check_number(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise SpaceHubError(
                f"{self.title} must be a number, but is {shorten(value)}.", f"Enter {self.allowed}."
            )
        if not self.minimum <= value <= self.maximum:
            given = plain(value) if abs(value) < 1e12 else cut(value, 20)
            raise SpaceHubError(
                f"{self.title} is {given} {self.unit}".rstrip()
                + ", which is outside the range of the training data.",
                f"Enter {self.allowed}.",
            )
        if self.integer and value != math.floor(value):
            raise SpaceHubError(
                f"{self.title} must be a whole number, but is {plain(value)}.", f"Enter {self.allowed}."
            )
        return float(value)

    def _check_choice(self, value: object) -> str:
        if not isinstance(value, str):
            raise SpaceHubError(
                f"{self.title} must be text, but is {shorten(value)}.", f"Enter {self.allowed}."
            )
        if value.strip() not in self.choices:
            raise SpaceHubError(
                f"{self.title} is {shorten(value)}, which is not in the training data.",
                f"Enter {self.allowed}.",
            )
        return value.strip()


def load_fields(path: Path) -> tuple[Field, ...]:
    """Read the fields of ``onnx/inputs.json``, in the model's order.

    Raises
    ------
    SpaceHubError
        If the file cannot be read or is incomplete.
    """
    try:
        entries = stated.read(path, largest=LARGEST)["features"]
        fields = tuple(_field(entry) for entry in stated.listed(entries, "features", MOST_FIELDS))
        if len({field.name for field in fields}) < len(fields):
            raise ValueError("Two fields have the same name.")
        return fields
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SpaceHubError(
            f"Cannot read {path.name} of the published model. {reason(error)}",
            "Publish the model again with this version of SpaceHub.",
        ) from error


def _field(entry: Mapping) -> Field:
    texts = [entry["name"], entry["label"], entry["kind"], entry.get("unit") or "", entry.get("why") or ""]
    if not all(
        isinstance(text, str) and len(text) <= LONGEST for text in [*texts, *(entry.get("choices") or ())]
    ):
        raise ValueError(
            f"Each name, label, kind, unit, explanation and choice of a field must be a string of at most {LONGEST:,} characters."
        )
    name, default, step = entry["name"], entry.get("default"), entry.get("step")
    limits = {}
    if entry["kind"] == "number":
        lowest = stated.number(entry["min"], f"min of {name}", -LARGEST_NUMBER, LARGEST_NUMBER)
        limits = {
            "minimum": lowest,
            "maximum": stated.number(entry["max"], f"max of {name}", lowest, LARGEST_NUMBER),
        }
        if default is not None:
            stated.number(default, f"default of {name}", -LARGEST_NUMBER, LARGEST_NUMBER)
        if step is not None:
            stated.number(step, f"step of {name}", 0, LARGEST_NUMBER)
    else:
        choices = stated.listed(entry.get("choices"), f"choices of {name}", MOST_CHOICES)
        if entry["kind"] != "category" or len(set(choices)) < len(choices):
            raise ValueError(f"{name} must be numeric, or categorical with no duplicate choices.")
        if default is not None and default not in choices:
            raise ValueError(f"The default of {name} is not one of its choices.")
    return Field(
        name=entry["name"],
        label=entry["label"],
        kind=entry["kind"],
        unit=entry.get("unit") or "",
        integer=bool(entry.get("integer")),
        step=step,
        default=default,
        optional=bool(entry.get("optional")),
        choices=tuple(entry.get("choices") or ()),
        why=entry.get("why") or "",
        **limits,
    )
