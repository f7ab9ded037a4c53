"""Tune a candidate with Optuna instead of a grid, in the same inner folds."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import cross_val_score

from spacehub.models import sweep
from spacehub.models.sweep import Range

SPACES = {
    "logistic_regression": {"model__C": Range(low=0.05, high=50.0, log=True)},
    "decision_tree": {
        "model__max_depth": Range(low=1, high=5),
        "model__min_samples_leaf": Range(low=2, high=20),
    },
    "random_forest": {
        "model__min_samples_leaf": Range(low=1, high=20),
        "model__max_depth": Range(low=1, high=12),
    },
    "gradient_boosting": {
        "model__n_estimators": Range(low=10, high=100),
        "model__max_depth": Range(low=1, high=3),
        "model__learning_rate": Range(low=0.03, high=0.3, log=True),
    },
}
FIRST = {
    "logistic_regression": {"model__C": 2.5},
    "decision_tree": {"model__max_depth": 2, "model__min_samples_leaf": 5},
    "random_forest": {"model__min_samples_leaf": 5, "model__max_depth": 6},
    "gradient_boosting": {"model__n_estimators": 50, "model__max_depth": 1, "model__learning_rate": 0.1},
}
SCORE = "Brier score in the inner folds"


class Search(ClassifierMixin, BaseEstimator):
    """Fit a pipeline with the best hyperparameters of an Optuna search; takes the place of a ``GridSearchCV``.

    Parameters
    ----------
    estimator : Pipeline
        The pipeline of the candidate `name`.
    name : str
        A key of `SPACES`.
    trials, seed : int
        How many settings are tried, and the sampler's seed.
    scoring : str
        What is maximised, as scikit-learn names it.
    cv : object
        The inner folds.
    folder : Path, optional
        Where finished trials are kept, one journal for each set of training rows.

    Attributes
    ----------
    best_estimator_ : Pipeline
    best_params_ : dict
    best_score_ : float
        The mean score over the inner folds.
    trials_ : list of Trial
    """

    def __init__(
        self, estimator, name: str, *, trials: int, seed: int, scoring: str, cv, folder: Path | None = None
    ):
        self.estimator, self.name, self.trials, self.seed = estimator, name, trials, seed
        self.scoring, self.cv, self.folder = scoring, cv, folder

    def fit(self, X: pd.DataFrame, y) -> "Search":
        """Search on the training rows, then fit on all of them."""

        def objective(params: dict[str, float], number: int) -> float:
            tried = clone(self.estimator).set_params(**params)
            return -float(cross_val_score(tried, X, y, scoring=self.scoring, cv=self.cv).mean())

        trials = sweep.search(
            objective,
            space=SPACES[self.name],
            first=FIRST[self.name],
            trials=self.trials,
            seed=self.seed,
            journal=self._journal(X, y),
        )
        chosen = trials[sweep.best(trials)]
        self.trials_, self.best_params_, self.best_score_ = trials, chosen.params, -chosen.value
        self.best_estimator_ = clone(self.estimator).set_params(**chosen.params).fit(X, y)
        self.classes_ = self.best_estimator_.classes_
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the best pipeline's probabilities."""
        return self.best_estimator_.predict_proba(X)

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return the best pipeline's classes."""
        return self.best_estimator_.predict(X)

    def _journal(self, X: pd.DataFrame, y) -> Path | None:
        if self.folder is None:
            return None
        rows = hashlib.sha256(pd.util.hash_pandas_object(X).to_numpy().tobytes())
        rows.update(np.asarray(y, dtype=np.int8).tobytes())
        facts = [repr(self.estimator), repr(self.cv), self.name, self.scoring, self.seed, rows.hexdigest()]
        return sweep.journal_of(self.folder, *facts)
