"""Forecast out of sample with the candidates: nested cross-validation, and forecasting forward in time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline

from spacehub.models.landing.candidates import GRIDS, build
from spacehub.models.landing.features import NAMES
from spacehub.models.landing.tuning import Search

TUNED_BY = "neg_brier_score"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The amount of work of an evaluation; `windows` of `window` flights each are forecast forward in time.

    The model of the payload mass is evaluated in `payload_folds`. Grid searches try the first `grid_values` values of each
    hyperparameter (default: all values).

    With `trials`, Optuna tunes each candidate in as many trials, instead of a grid search. `searches` is the folder that
    keeps finished trials, if any.
    """

    folds: int
    repeats: int
    inner_folds: int
    windows: int
    window: int
    trees: int
    resamples: int
    payload_folds: int = 5
    grid_values: int | None = None
    jobs: int = 2
    trials: int = 0
    searches: Path | None = None

    def shorten(self, grid: dict[str, list]) -> dict[str, list]:
        """Return the part of a grid that this plan searches."""
        return {name: values[: self.grid_values] for name, values in grid.items()}


PRESETS = {
    "full": Plan(folds=10, repeats=3, inner_folds=5, windows=8, window=20, trees=60, resamples=2000),
    "quick": Plan(folds=4, repeats=1, inner_folds=3, windows=2, window=80, trees=20, resamples=200, jobs=1),
    "smoke": Plan(
        folds=2,
        repeats=1,
        inner_folds=2,
        windows=1,
        window=160,
        trees=5,
        resamples=50,
        payload_folds=2,
        grid_values=1,
        jobs=1,
    ),
}

Step = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Forecasts:
    """Out-of-sample probabilities of landing by candidate, each an array (repeats, n).

    `rows` (n,) are the forecast flights; `inner` are the tuning scores of the flight's fold, so that a
    candidate can also be chosen inside each fold.
    """

    rows: np.ndarray
    chances: dict[str, np.ndarray]
    inner: dict[str, np.ndarray]

    def chosen_inside(self) -> np.ndarray:
        """Return the probabilities if each fold uses the candidate with the best tuning score in that fold."""
        names = list(self.chances)
        best = np.argmax([self.inner[name] for name in names], axis=0)
        return np.choose(best, [self.chances[name] for name in names])


def search(name: str, *, plan: Plan, seed: int, scoring: str = TUNED_BY) -> GridSearchCV | Search:
    """Return the tuning of a candidate: a grid search, or Optuna's, in stratified folds, by Brier score."""
    folds = StratifiedKFold(plan.inner_folds, shuffle=True, random_state=seed)
    pipeline = build(name, seed=seed, trees=plan.trees)
    if plan.trials:
        settings = {"trials": plan.trials, "seed": seed, "folder": plan.searches}
        return Search(pipeline, name, scoring=scoring, cv=folds, **settings)
    return GridSearchCV(pipeline, plan.shorten(GRIDS[name]), scoring=scoring, cv=folds)


def shuffled_splits(landed: pd.Series, *, plan: Plan, seed: int) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Return (repeat, training rows, test rows) of repeated stratified cross-validation."""
    return [
        (repeat, train, test)
        for repeat in range(plan.repeats)
        for train, test in StratifiedKFold(plan.folds, shuffle=True, random_state=seed + repeat).split(
            landed, landed
        )
    ]


def ordered_splits(rows: int, *, plan: Plan) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Return (0, all rows before, the next window) of an expanding window over rows in time order."""
    first = rows - plan.windows * plan.window
    starts = range(first, rows, plan.window)
    return [(0, np.arange(start), np.arange(start, start + plan.window)) for start in starts]


def evaluate(
    flights: pd.DataFrame,
    models: dict[str, Pipeline | GridSearchCV | Search],
    splits: list[tuple[int, np.ndarray, np.ndarray]],
    *,
    jobs: int = 2,
    step: Step = lambda done, total: None,
) -> Forecasts:
    """Fit every model on the training rows of every split, and forecast its test rows.

    The result depends only on the arguments, not on `jobs`. `step` is called as splits are done.
    """
    rows = np.unique(np.concatenate([test for _, _, test in splits]))
    shape = (1 + max(repeat for repeat, _, _ in splits), len(rows))
    chances = {name: np.full(shape, np.nan) for name in models}
    inner = {name: np.full(shape, np.nan) for name in models}
    work = (delayed(_fit_and_forecast)(flights, models, train, test) for _, train, test in splits)
    answers = Parallel(n_jobs=jobs, return_as="generator")(work)
    for (repeat, _, test), answer in counted(zip(splits, answers, strict=True), len(splits), step):
        at = np.searchsorted(rows, test)
        for name, (chance, score) in answer.items():
            chances[name][repeat, at] = chance
            inner[name][repeat, at] = score
    return Forecasts(rows=rows, chances=chances, inner=inner)


def _fit_and_forecast(
    flights: pd.DataFrame, models: dict, train: np.ndarray, test: np.ndarray
) -> dict[str, tuple[np.ndarray, float]]:
    features, landed = flights[list(NAMES)], flights["landed"].to_numpy(dtype=int)
    answer = {}
    for name, model in models.items():
        fitted = clone(model).fit(features.iloc[train], landed[train])
        chance = fitted.predict_proba(features.iloc[test])[:, 1]
        answer[name] = (chance, getattr(fitted, "best_score_", np.nan))
    return answer


def counted(results: Iterable, total: int, step: Step) -> Iterator:
    """Yield the results as they arrive, and call `step` after each has been used."""
    for done, result in enumerate(results, start=1):
        yield result
        step(done, total)
