"""The published numbers from a table, hyperparameter grids and a seed alone: once to publish, once to verify."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models import training_data
from spacehub.models.landing import evaluation
from spacehub.models.landing.evaluation import PRESETS, Forecasts, Plan
from spacehub.models.landing.export import difference
from spacehub.models.landing.features import make_flights
from spacehub.models.landing.scores import Sample, baselines, list_metrics

AGREEMENT = 1e-5

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
    """Return every score of the candidate `name`, shuffled ones first, then those forward in time."""
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


def recompute(folder: Path, results: dict, rows: Path) -> Iterator[tuple[str, float | str, float | str]]:
    """Evaluate the published model again; yield what the card states and what is found, by name.

    Parameters
    ----------
    folder : Path
        The published artefact folder.
    results : dict
        Its ``results.json``.
    rows : Path
        The dataset's folder at the commit that the results name.
    """
    flights = make_flights(training_data.read_snapshot(rows))
    plan, seed, name = PRESETS[results["preset"]], results["seed"], results["chosen"]["key"]
    yield "flights", float(results["dataset"]["used"]), float(len(flights))
    forecasts = forecast(flights, [name], plan=plan, seed=seed)
    found = metrics(flights, name, forecasts, samples(flights, forecasts, plan=plan, seed=seed))
    for stated, again in zip(results["metrics"], found, strict=True):
        for part in ("value", "low", "high"):
            yield f"{stated['key']} {part}", stated[part], again[part]
    published = pd.read_csv(folder / "predictions.csv")["probability"].to_numpy()
    gap = np.abs(published - forecasts[0].chances[name].mean(axis=0)).max()
    yield "predictions.csv", "agrees", "agrees" if gap <= AGREEMENT else f"differs by {gap:.2g}"
    gap = difference(folder, flights)
    yield "skops and ONNX", "agree", "agree" if gap <= AGREEMENT else f"differ by {gap:.2g}"
