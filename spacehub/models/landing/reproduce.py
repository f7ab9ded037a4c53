"""Compute the published numbers from a table, hyperparameter grids and a seed alone, to publish and verify them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.landing import evaluation
from spacehub.models.landing.candidates import TITLES
from spacehub.models.landing.evaluation import Forecasts, Plan
from spacehub.models.landing.scores import Sample, baselines, list_metrics

FORECASTS = "forecasts.csv"  # next to the figures

Report = Callable[[str, int, int], None]


def forecast(
    flights: pd.DataFrame,
    names: list[str],
    *,
    plan: Plan,
    seed: int,
    report: Report = lambda stage, done, total: None,
) -> tuple[Forecasts, Forecasts]:
    """Return the candidates' forecasts in shuffled folds and forward in time."""
    models = {name: evaluation.search(name, plan=plan, seed=seed) for name in names}

    def run(stage: str, splits: list) -> Forecasts:
        return evaluation.evaluate(
            flights, models, splits, jobs=plan.jobs, step=lambda done, total: report(stage, done, total)
        )

    return (
        run("nested cross-validation", evaluation.shuffled_splits(flights["landed"], plan=plan, seed=seed)),
        run("forecasting forward in time", evaluation.ordered_splits(len(flights), plan=plan)),
    )


def samples(
    flights: pd.DataFrame, forecasts: tuple[Forecasts, Forecasts], *, plan: Plan, seed: int
) -> tuple[Sample, Sample]:
    """Return the bootstrap samples of the flights of each kind of forecast."""
    landed = flights["landed"].to_numpy()
    shuffled, ordered = (Sample(landed[kind.rows], resamples=plan.resamples, seed=seed) for kind in forecasts)
    return shuffled, ordered


def metrics(
    flights: pd.DataFrame, name: str, forecasts: tuple[Forecasts, Forecasts], taken: tuple[Sample, Sample]
) -> list[dict]:
    """Return every score of the candidate `name`: first those in shuffled folds, then those forward in time."""
    kinds = zip(forecasts, taken, (("shuffled", ""), ("time-ordered", "_ordered")), strict=True)
    return [
        metric
        for kind, sample, (split, suffix) in kinds
        for metric in list_metrics(
            sample,
            kind.chances[name],
            baselines(flights, kind.rows, ordered=bool(suffix)),
            split=split,
            suffix=suffix,
        )
    ]


def write_forecasts(path: Path, forecasts: tuple[Forecasts, Forecasts]) -> None:
    """Write the data behind the figures: one row per flight, split and repeat.

    Probabilities and tuning scores to all digits.
    """
    parts = []
    for split, part in zip(("shuffled", "time-ordered"), forecasts, strict=True):
        for repeat in range(len(next(iter(part.chances.values())))):
            columns = {"split": split, "repeat": repeat, "flight": part.rows}
            columns |= {name: values[repeat] for name, values in part.chances.items()}
            columns |= {f"{name}_tuning": values[repeat] for name, values in part.inner.items()}
            parts.append(pd.DataFrame(columns))
    pd.concat(parts).to_csv(path, index=False, float_format="%.17g", lineterminator="\n")


def read_forecasts(path: Path, flights: pd.DataFrame) -> tuple[Forecasts, Forecasts]:
    """Read the file of `write_forecasts`.

    Raises
    ------
    ValueError
        If its flights differ from `flights`, or a probability is not between 0 and 1.
    """
    table = pd.read_csv(path)
    forecasts = []
    for split in ("shuffled", "time-ordered"):
        part = table[table["split"] == split]
        rows, repeats = np.unique(part["flight"]), int(part["repeat"].max()) + 1
        if len(part) != len(rows) * repeats or not np.isin(rows, np.arange(len(flights))).all():
            raise ValueError(f"The flights in {path.name} differ from the flights in the dataset.")
        if not part[list(TITLES)].stack().between(0, 1).all():
            raise ValueError(f"{path.name} contains probabilities that are not between 0 and 1.")
        names = [name for name in TITLES if name in part]
        chances, inner = (
            {name: part[f"{name}{suffix}"].to_numpy().reshape(repeats, len(rows)) for name in names}
            for suffix in ("", "_tuning")
        )
        forecasts.append(Forecasts(rows=rows, chances=chances, inner=inner))
    return forecasts[0], forecasts[1]
