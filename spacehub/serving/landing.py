"""Serve the landing model: its ONNX file, its inputs, and the real flights behind it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import explain, known, stated, tables
from spacehub.serving.drift import Reference
from spacehub.serving.experience import EXPERIENCE, contradictions, usual
from spacehub.serving.fields import Field, load_fields
from spacehub.serving.numerals import decimal_mark
from spacehub.serving.reliability import Reliability, reliability
from spacehub.serving.sessions import open_session, signature
from spacehub.serving.similar import Distances

FILES = ("onnx/model.onnx", "onnx/inputs.json", "predictions.csv", "results.json")
FACTS = ["name", "date_utc", "booster_serial", "landed", "probability"]
BATCH = 2**14
# Limits of what is read from ``predictions.csv``: flights, and the size of a number.
FEWEST_FLIGHTS, MOST_FLIGHTS, LARGEST = 4, 20_000, 1e12
# The largest difference between two probabilities that count as equal.
ALIKE = 0.1


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """An explained probability: `base` is the mean over real flights, and base and shares add up to the probability."""

    chance: float
    base: float
    shares: dict[str, float]
    background: int


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example flight: its description, how it ended, its inputs."""

    title: str
    name: str
    date: str
    landed: bool
    unseen_chance: float
    flight: dict[str, float | int | str | None]


@dataclass(frozen=True, kw_only=True)
class FlightsAnswered:
    """A file of flights with one answer per row.

    `answers` has the columns `landing_probability` (empty if the row has an error) and, if any row has an
    error, `problem`; `problems` has a row's error, by its number in the file. The first row below the
    header is number 1.
    """

    sheet: tables.Sheet
    answers: pd.DataFrame
    problems: dict[int, str]


class LandingPredictor:
    """Answers from a published landing model, read without executing any code from its files.

    Parameters
    ----------
    folder : Path
        The model's files: `FILES`.

    Raises
    ------
    SpaceHubError
        If a file is missing or cannot be read.
    """

    def __init__(self, folder: Path):
        self.fields = load_fields(folder / "onnx" / "inputs.json")
        try:
            self.simulated = bool(json.loads((folder / "results.json").read_text("utf-8")).get("simulated"))
            self.flights = self._read_flights(folder / "predictions.csv")
            self._session = _open(folder / "onnx" / "model.onnx")
        except Exception as error:  # onnxruntime raises its own exception types
            raise SpaceHubError(
                f"Cannot read the published model. {reason(error)}",
                "Publish the model again with this version of SpaceHub.",
            ) from error
        self._distances = Distances(self.flights, self.fields)
        self._records = self.flights.to_dict("records")
        self._background = self._columns(
            self._spread(explain.background_size(len(self.fields))).to_dict("records")
        )

    def check(self, flight: Mapping[str, object]) -> dict[str, float | str]:
        """Return the flight as the model takes it, field by field.

        Raises
        ------
        SpaceHubError
            If a field is missing, unknown, of a wrong type, outside the data or in contradiction with
            another; the error names each of these fields.
        """
        unknown = [str(name) for name in flight if name not in self.names]
        if unknown:
            raise SpaceHubError(
                f"The model has no field named {', '.join(unknown)}.",
                f"Use only these fields: {', '.join(self.names)}.",
            )
        checked, errors = {}, []
        for field in self.fields:
            try:
                checked[field.name] = field.check(flight.get(field.name))
            except SpaceHubError as error:
                errors.append(error)
        if errors:
            before = "".join(f"{error} " for error in errors[:-1])
            raise SpaceHubError(before + errors[-1].problem, errors[-1].fix)
        for error in contradictions(self._columns([checked]), self.fields).values():
            raise error
        return checked

    @property
    def signature(self) -> dict[str, list[str]]:
        """The inputs and outputs of the model."""
        return signature(self._session)

    def reproduce(self, results: Mapping) -> list[known.Known]:
        """Return the probabilities of the flights under ``known`` of ``results.json``, published and found."""
        return [
            known.Known(f"flight {place}", case.get("chance"), self.predict(self.check(case["flight"])))
            for place, case in enumerate(known.cases(results, "known"), 1)
        ]

    def agrees(self, flight: Mapping[str, object], chance: float) -> bool:
        """Return whether the probability of a checked flight is within `ALIKE` of the probability from another commit."""
        return abs(self.predict(flight) - chance) <= ALIKE

    def references(self) -> dict[str, Reference]:
        """Return the distribution of the training flights, by field, and of the out-of-fold probabilities (``answer``).

        The experience fields are left out: they grow over the years, so a new flight is always at their end.
        """
        by_field = {
            field.name: (Reference.of_numbers if field.is_number else Reference.of_names)(
                self.flights[field.name]
            )
            for field in self.fields
            if field.name not in EXPERIENCE
        }
        return by_field | {"answer": Reference.of_numbers(self.flights["probability"])}

    @property
    def kind(self) -> str:
        """The kind of flights that the model was trained on: ``real`` or ``simulated``."""
        return "simulated" if self.simulated else "real"

    @property
    def names(self) -> list[str]:
        """Names of the fields, in the model's order."""
        return [field.name for field in self.fields]

    def probabilities(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the probability of landing of N flights, shape (N,), from validated columns of shape (N,)."""
        count = len(columns[self.names[0]])
        parts = [self._run(columns, start) for start in range(0, count, BATCH)]
        return np.concatenate(parts)

    def predict(self, flight: Mapping[str, float | str]) -> float:
        """Return the probability that a validated flight lands, 0 to 1."""
        return float(self.probabilities(self._columns([flight]))[0])

    def reliability(self, chance: float) -> Reliability:
        """Return how many held-out flights with a similar probability landed."""
        return reliability(
            chance, self.flights["probability"].to_numpy(), self.flights["landed"].to_numpy(dtype=bool)
        )

    def explain(self, flight: Mapping[str, float | str]) -> Explanation:
        """Split the probability of a validated flight among its fields (exact Shapley values)."""
        row = {name: flight[name] for name in self.names}
        base, shares = explain.shapley(self.probabilities, row, self._background)
        return Explanation(
            chance=base + sum(shares.values()),
            base=base,
            shares=shares,
            background=len(self._background[self.names[0]]),
        )

    def similar(self, flight: Mapping[str, float | str], *, count: int = 5) -> list[dict]:
        """Return the `count` real flights most similar to a validated flight, nearest first, with their `distance`."""
        distance = self._distances(flight)
        nearest = np.argsort(distance, kind="stable")[:count]
        return [self._records[place] | {"distance": float(distance[place])} for place in nearest]

    def examples(self) -> list[Example]:
        """Return three real flights: the most likely landing, the most likely failure, and an unlikely outcome."""
        landed, failed = self.flights[self.flights["landed"]], self.flights[~self.flights["landed"]]
        picks = [
            ("A safe bet", landed.nlargest(1, "probability")),
            ("A failure", failed.nsmallest(1, "probability")),
            ("Against the odds", landed.nsmallest(1, "probability")),
        ]
        return [
            Example(
                title=title,
                name=row["name"],
                date=str(row["date_utc"])[:10],
                landed=bool(row["landed"]),
                unseen_chance=float(row["probability"]),
                flight={field.name: _as_json(row[field.name], field) for field in self.fields},
            )
            for title, pick in picks
            for _, row in pick.iterrows()
        ]

    def predict_table(self, path: Path) -> FlightsAnswered:
        """Predict a CSV file of flights, at most `tables.MAX_ROWS`.

        If the file lacks a column of `experience.EXPERIENCE`, every row has the column's usual value. If
        the file has the column, an empty cell is an error, because it may be a slip.

        Numbers may have a decimal comma and thousands separators; see `numerals.number`.
        """
        filled = {name: value for name, value in usual(self.fields).items() if value is not None}
        required = [field.name for field in self.fields if not field.optional and field.name not in filled]
        sheet = tables.read_csv(path, required=required, optional=self.names)
        table, columns, problems = sheet.rows, {}, {}
        decimal = self._decimal(sheet)
        for field in self.fields:
            absent = pd.Series(str(filled.get(field.name, "")), index=table.index)
            given = table.get(field.name)
            columns[field.name], found = (
                field.read(absent) if given is None else field.read(given, decimal=decimal)
            )
            for row, problem in found.items():
                problems[row] = f"{problems[row]} {problem}" if row in problems else problem
        for row, error in contradictions(columns, self.fields).items():
            problems.setdefault(row, str(error))
        good = np.ones(len(table), dtype=bool)
        good[list(problems)] = False
        chances = np.full(len(table), np.nan)
        if good.any():
            chances[good] = self.probabilities({name: values[good] for name, values in columns.items()})
        answers = pd.DataFrame({"landing_probability": chances.round(4)})
        if problems:
            answers["problem"] = [problems.get(row, "") for row in range(len(table))]
        return FlightsAnswered(
            sheet=sheet, answers=answers, problems={row + 1: problems[row] for row in sorted(problems)}
        )

    def _decimal(self, sheet: tables.Sheet) -> str | None:
        """Return the decimal mark that the fields' numbers show, or that the file's separator implies."""
        numbers = [field.name for field in self.fields if field.is_number and field.name in sheet.rows]
        shown = decimal_mark(text for name in numbers for text in sheet.rows[name].unique())
        return shown or ("." if sheet.dialect.separator == "," else None)

    def template(self) -> str:
        """Return a CSV text with the correct first line and the example flights."""
        rows = [example.flight for example in self.examples()]
        return pd.DataFrame(rows, columns=self.names).to_csv(index=False)

    def _read_flights(self, path: Path) -> pd.DataFrame:
        flights = pd.read_csv(path, dtype={field.name: str for field in self.fields if not field.is_number})
        flights = flights[[*FACTS, *self.names]]
        self._check_flights(flights)
        for field in self.fields:
            known = flights[field.name]
            flights[field.name] = (
                known.astype(np.float32) if field.is_number else known.fillna("").astype(object)
            )
        return flights

    def _check_flights(self, flights: pd.DataFrame) -> None:
        if not FEWEST_FLIGHTS <= len(flights) <= MOST_FLIGHTS:
            raise ValueError(f"predictions.csv must contain {FEWEST_FLIGHTS} to {MOST_FLIGHTS:,} flights.")
        if flights["landed"].dtype != bool or flights["landed"].nunique() < 2:
            raise ValueError("The column 'landed' of predictions.csv must contain both True and False.")
        for name in ("name", "date_utc", "probability"):
            if flights[name].isna().any():
                raise ValueError(f"A value in the column {name!r} of predictions.csv is missing.")
        words = [field.name for field in self.fields if not field.is_number]
        stated.texts(flights, ["name", "date_utc", "booster_serial", *words])
        numbers = [field.name for field in self.fields if field.is_number]
        stated.columns(flights, {"probability": (0, 1)} | dict.fromkeys(numbers, (-LARGEST, LARGEST)))

    def _spread(self, count: int) -> pd.DataFrame:
        """Choose `count` flights, evenly spaced from the least to the most likely to land."""
        ordered = self.flights.sort_values("probability", kind="stable")
        places = np.linspace(0, len(ordered) - 1, min(count, len(ordered))).round().astype(int)
        return ordered.iloc[places]

    def _columns(self, flights: Sequence[Mapping[str, float | str]]) -> dict[str, np.ndarray]:
        return {
            field.name: np.array(
                [flight[field.name] for flight in flights], np.float32 if field.is_number else object
            )
            for field in self.fields
        }

    def _run(self, columns: Mapping[str, np.ndarray], start: int) -> np.ndarray:
        feed = {name: columns[name][start : start + BATCH, np.newaxis] for name in self.names}
        return self._session.run(["probabilities"], feed)[0][:, 1]


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One flight needs one thread, and the app answers several visitors on a small machine: threads that
    # spin between two requests would only take processor time from each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return open_session(path, options)


def _as_json(value: float | str, field: Field) -> float | int | str | None:
    if value == "" or value != value:
        return None
    if not field.is_number:
        return value
    return int(value) if float(value).is_integer() else round(float(value), 6)
