"""Report on the chosen model beyond its scores: reliability, warnings, importance, variants."""

from dataclasses import replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from spacehub.models import sweep
from spacehub.models.landing import tuning
from spacehub.models.landing.candidates import GRIDS, TITLES
from spacehub.models.landing.evaluation import Plan, Step, counted, evaluate, search, shuffled_splits
from spacehub.models.landing.features import NAMES, make_flights
from spacehub.models.landing.scores import Sample
from spacehub.serving.reliability import wilson

EDGES = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)
# A warning is worthwhile if a missed failure costs four times as much as a false alarm: 1 / (1 + 4).
WARN_AT = 0.2
PERMUTATIONS = 10
WIDE_GRIDS = {"logistic_regression": {"model__C": [0.1, 0.3, 1.0, 3.0, 10.0]}}
MISSION = ["orbit", "launch_site", "payload_mass_kg"]
EXPERIENCE = [name for name in NAMES if name.startswith("earlier_")] + ["landed_share_last_ten"]


def reliability_bins(landed: np.ndarray, chance: np.ndarray) -> list[dict]:
    """Return one row per non-empty bin between `EDGES`: forecast range, n, landed, share and Wilson interval.

    `landed` and `chance` have shape (n,).
    """
    bins = np.clip(np.digitize(chance, EDGES) - 1, 0, len(EDGES) - 2)
    rows = []
    for place in np.unique(bins):
        inside = bins == place
        n, hits = int(inside.sum()), int(landed[inside].sum())
        low, high = wilson(hits, n)
        rows.append(
            {
                "low": EDGES[place],
                "high": EDGES[place + 1],
                "forecast": float(chance[inside].mean()),
                "n": n,
                "landed": hits,
                "rate": hits / n,
                "rate_low": low,
                "rate_high": high,
            }
        )
    return rows


def warnings(landed: np.ndarray, chance: np.ndarray) -> dict[str, float | int]:
    """Count the outcomes of a warning at a probability of failure of `WARN_AT` or more."""
    warned = 1 - chance >= WARN_AT
    return {
        "threshold": WARN_AT,
        "failures_warned": int((warned & ~landed).sum()),
        "failures_missed": int((~warned & ~landed).sum()),
        "landings_warned": int((warned & landed).sum()),
        "landings_passed": int((~warned & landed).sum()),
    }


def importance(
    flights: pd.DataFrame,
    model: Pipeline,
    *,
    plan: Plan,
    seed: int,
    step: Step = lambda done, total: None,
) -> list[dict]:
    """Return how much the out-of-fold Brier score grows when a feature is shuffled, largest first.

    Each row has the mean, and the 5th and 95th percentile over repeats and permutations. Correlated features can replace
    each other, so each of them appears less important than it is. `step` is called as splits are done.
    """
    rng = np.random.default_rng(seed)
    orders = np.array([rng.permutation(len(flights)) for _ in range(PERMUTATIONS)])
    splits = shuffled_splits(flights["landed"], plan=plan, seed=seed)
    work = (delayed(_shuffled_errors)(flights, model, train, test, orders) for _, train, test in splits)
    growth = np.empty((plan.repeats, len(flights), len(NAMES), PERMUTATIONS))
    answers = Parallel(n_jobs=plan.jobs, return_as="generator")(work)
    for (repeat, _, test), answer in counted(zip(splits, answers, strict=True), len(splits), step):
        growth[repeat, test] = answer
    samples = growth.mean(axis=1).transpose(1, 0, 2).reshape(len(NAMES), -1)
    rows = [
        {
            "feature": name,
            "brier_increase": float(values.mean()),
            "low": float(np.quantile(values, 0.05)),
            "high": float(np.quantile(values, 0.95)),
        }
        for name, values in zip(NAMES, samples, strict=True)
    ]
    return sorted(rows, key=lambda row: -row["brier_increase"])


def variants(
    table: pd.DataFrame,
    fitted: GridSearchCV | tuning.Search,
    name: str,
    *,
    plan: Plan,
    seed: int,
    step: Step = lambda done, total: None,
) -> list[dict]:
    """Return the scores of variants of the chosen model, each with one decision undone, on the same kind of folds.

    All variants have the published hyperparameters, unless the row says that they are tuned. `step` is
    called as variants are done.
    """
    flights = make_flights(table)
    chosen = clone(fitted.best_estimator_)
    models: dict[str, Pipeline | GridSearchCV | tuning.Search | CalibratedClassifierCV] = {
        "as published": chosen
    }
    models["calibrated (sigmoid)"] = _calibrated(chosen)
    if "class_weight" in chosen["model"].get_params():
        balanced = clone(chosen).set_params(model__class_weight="balanced")
        models["class weights"] = balanced
        models["class weights, calibrated"] = _calibrated(balanced)
    if name in WIDE_GRIDS and not plan.trials:
        wide = search(name, plan=plan, seed=seed).set_params(param_grid=plan.shorten(WIDE_GRIDS[name]))
        models["tuned over a wider grid"] = wide
    worlds = [(flights, models)]
    for title, constant in (
        ("without experience features", EXPERIENCE),
        ("without mission features", MISSION),
    ):
        still = flights.assign(**{column: flights[column].mode().iloc[0] for column in constant})
        worlds.append((still, {title: chosen}))
    if (table["landing_type"] == "Parachute").any():
        kept = table["landing_type"].replace({"Parachute": "Parachutes"})
        worlds.append(
            (make_flights(table.assign(landing_type=kept)), {"with the parachute attempts": chosen})
        )
    work = [(seen, title, model) for seen, tried in worlds for title, model in tried.items()]
    rows = []
    for seen, title, model in counted(work, len(work), step):
        splits = shuffled_splits(seen["landed"], plan=plan, seed=seed)
        chances = evaluate(seen, {title: model}, splits, jobs=plan.jobs).chances[title]
        sample = Sample(seen["landed"].to_numpy(), resamples=plan.resamples, seed=seed)
        rows.append(_row(title, sample, chances))
    return rows


def _row(title: str, sample: Sample, chances: np.ndarray) -> dict:
    scores = {key: sample.describe(key, chances) for key in ("pr_auc_failures", "brier")}
    return {"name": title, "n": len(sample.landed), "failures": int((~sample.landed).sum())} | scores


def _calibrated(model: Pipeline) -> CalibratedClassifierCV:
    return CalibratedClassifierCV(model, method="sigmoid", cv=5, ensemble=False)


def _shuffled_errors(
    flights: pd.DataFrame, model: Pipeline, train: np.ndarray, test: np.ndarray, orders: np.ndarray
) -> np.ndarray:
    """Return the growth of the squared errors of the test rows, shape (test, features, permutations)."""
    features, landed = flights[list(NAMES)], flights["landed"].to_numpy(dtype=int)
    fitted = clone(model).fit(features.iloc[train], landed[train])
    test_rows = features.iloc[test]
    shuffled = [
        test_rows.assign(**{name: features[name].to_numpy()[order[test]]})
        for name in NAMES
        for order in orders
    ]
    chances = fitted.predict_proba(pd.concat([test_rows, *shuffled]))[:, 1].reshape(-1, len(test))
    errors = (chances - landed[test]) ** 2
    return (errors[1:] - errors[0]).reshape(len(NAMES), len(orders), len(test)).transpose(2, 0, 1)


def describe_splits(rows: int, plan: Plan) -> dict[str, str]:
    """Describe how each split and the interval were computed."""
    later = plan.windows * plan.window
    way = f"an Optuna search in {plan.trials} trials" if plan.trials else "a grid search"
    return {
        "shuffled": f"stratified cross-validation (folds: {plan.folds}, repeats: {plan.repeats}). In each "
        f"fold, the model is tuned by {way} with {plan.inner_folds}-fold cross-validation on the training part. The "
        f"search minimises the Brier score. Each score is the mean over the repeats of the cross-validation",
        "time-ordered": f"evaluation on the last {later} attempts with an expanding training set (windows: {plan.windows}, "
        f"attempts per window: {plan.window}). The model for each window is tuned and trained on all earlier attempts. The model for the "
        f"first window is trained on {rows - later} attempts",
        "interval": f"95 % percentile bootstrap over attempts, with {plan.resamples:,} unstratified resamples. The "
        f"interval reflects the variation between attempts, but not the randomness of training",
    }


def grids(plan: Plan) -> dict[str, dict]:
    """Return what each candidate was tuned over: the values of a grid, or the ranges of a search."""
    if plan.trials:
        spaces = {
            name: {key: values.words() for key, values in space.items()}
            for name, space in tuning.SPACES.items()
        }
    else:
        spaces = {name: plan.shorten(grid) for name, grid in GRIDS.items()}
    return {TITLES[name]: plain(space) for name, space in spaces.items()}


def searched(fitted: GridSearchCV | tuning.Search) -> dict:
    """Return the trials behind a fitted candidate in the form of ``results.json``; nothing for a grid search."""
    if isinstance(fitted, GridSearchCV):
        return {}
    trials = [replace(trial, params=plain(trial.params)) for trial in fitted.trials_]
    return {"sweep": sweep.results(trials, space=plain(tuning.SPACES[fitted.name]), score=tuning.SCORE)}


def plain(parameters: dict) -> dict:
    """Name hyperparameters without the pipeline's prefix."""
    return {name.removeprefix("model__"): value for name, value in parameters.items()}
