"""The side model: predict a launch's payload mass from its manifest, compared with the median."""

from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

from spacehub.models import onnx_export
from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.models.landing import storage
from spacehub.models.landing.evaluation import Plan, Step, counted

FEATURES = {
    "orbit": "Orbit of the payload, which limits its mass",
    "launch_site": "Launch site; flights to polar orbits start at Vandenberg, crewed flights at Kennedy",
    "application": "Purpose of the payload",
    "dragon": "Cargo capsule, crew capsule or neither",
    "payload_count": "Number of satellites or capsules on board",
    "customer_count": "Number of customers",
}
NUMBERS = ["payload_count", "customer_count"]
GRID = {"model__max_depth": [2, 3]}


def make_launches(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per launch of known payload mass: ``payload_mass_kg`` and the `FEATURES`."""
    known = table[table["payload_mass_kg"].notna()].sort_values("date_utc", kind="stable")
    launches = pd.DataFrame({"payload_mass_kg": known["payload_mass_kg"].astype(float)})
    for name in FEATURES:
        if name == "customer_count":
            launches[name] = known["customers"].map(len).astype(float)
        elif name in NUMBERS:
            launches[name] = known[name].astype(float)
        else:
            launches[name] = known[name].astype(object).where(known[name].notna(), "")
    return launches.reset_index(drop=True)


def search(*, plan: Plan, seed: int) -> GridSearchCV:
    """Return the tuning of gradient boosting on the absolute error."""
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    categories = [name for name in FEATURES if name not in NUMBERS]
    prepare = ColumnTransformer(
        [("numbers", SimpleImputer(strategy="median"), NUMBERS), ("categories", one_hot, categories)]
    )
    model = GradientBoostingRegressor(
        loss="absolute_error", n_estimators=50, learning_rate=0.2, random_state=seed
    )
    folds = KFold(plan.inner_folds, shuffle=True, random_state=seed)
    pipeline = Pipeline([("prepare", prepare), ("model", model)])
    return GridSearchCV(pipeline, plan.shorten(GRID), scoring="neg_mean_absolute_error", cv=folds)


def evaluate(launches: pd.DataFrame, *, plan: Plan, seed: int, step: Step = lambda done, total: None) -> dict:
    """Return the out-of-fold mean absolute error in kg, and the errors of the median and the orbit's median.

    Nested cross-validation; the medians come from the training folds. `step` is called as folds
    are done.
    """
    splits = list(KFold(plan.payload_folds, shuffle=True, random_state=seed).split(launches))
    work = (delayed(_errors)(launches, search(plan=plan, seed=seed), train, test) for train, test in splits)
    errors = np.empty((3, len(launches)))
    answers = Parallel(n_jobs=plan.jobs, return_as="generator")(work)
    for (_, test), answer in counted(zip(splits, answers, strict=True), len(splits), step):
        errors[:, test] = answer
    weights = bootstrap_weights(len(launches), resamples=plan.resamples, seed=seed)

    def describe(values: np.ndarray) -> dict[str, float]:
        low, high = percentile(weights @ values / weights.sum(axis=1))
        return {"value": float(values.mean()), "low": low, "high": high}

    names = ("model", "median", "orbit_median")
    described = {name: describe(values) for name, values in zip(names, errors, strict=True)}
    gain = {name: describe(errors[i] - errors[0]) for i, name in enumerate(names) if i}
    return {"n": len(launches), "folds": plan.payload_folds, "mae_kg": described, "gain_kg": gain}


def export(model: Pipeline, launches: pd.DataFrame, folder: Path) -> float:
    """Write ``payload/model.skops`` and ``payload/model.onnx``; return their largest difference in kg."""
    features = launches[list(FEATURES)]
    (folder / "payload").mkdir()
    storage.save(model, folder / "payload" / "model.skops")
    onnx_export.export(model, features, folder / "payload" / "model.onnx")
    theirs = onnx_export.run(folder / "payload" / "model.onnx", features)["variable"][:, 0]
    return float(np.abs(storage.load(folder / "payload").predict(features) - theirs).max())


def _errors(launches: pd.DataFrame, model: GridSearchCV, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return the absolute errors (3, n) on the test rows: the model's, the median's, the orbit's median's."""
    known, held_out = launches.iloc[train], launches.iloc[test]
    mass = held_out["payload_mass_kg"].to_numpy()
    fitted = clone(model).fit(known[list(FEATURES)], known["payload_mass_kg"])
    median = known["payload_mass_kg"].median()
    by_orbit = held_out["orbit"].map(known.groupby("orbit")["payload_mass_kg"].median()).fillna(median)
    guesses = [fitted.predict(held_out[list(FEATURES)]), np.full(len(test), median), by_orbit.to_numpy()]
    return np.abs(np.array(guesses) - mass)
