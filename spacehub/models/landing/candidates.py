"""The four candidate classifiers, each a scikit-learn pipeline over raw features, and their tuning grids."""

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from spacehub.models.landing.features import CATEGORIES, NUMBERS

COUNTS = ["earlier_attempts", "earlier_attempts_same_type", "earlier_attempts_same_block"]
MEASURES = [name for name in NUMBERS if name not in COUNTS]
# Orbit and site have over a dozen levels, for about as many failures. So the prior of their effects is three
# times as tight as the prior of the other effects.
MINOR_CATEGORIES = ["orbit", "launch_site"]
MINOR_WEIGHT = 0.3

TITLES = {
    "logistic_regression": "Logistic regression",
    "decision_tree": "Decision tree",
    "random_forest": "Random forest",
    "gradient_boosting": "Gradient boosting",
}

# C is the variance of the Gaussian prior on the log-odds per standard deviation of an input. The grid
# spans the weakly informative priors in use: a standard deviation of 1 (Stan's generic advice), 1.6, and
# 2.5 (rstanarm's default, after Gelman et al. 2008, doi:10.1214/08-AOAS191).
GRIDS = {
    "logistic_regression": {"model__C": [1.0, 2.5, 6.25]},
    "decision_tree": {"model__max_depth": [1, 2, 3]},
    "random_forest": {"model__min_samples_leaf": [2, 5, 10]},
    "gradient_boosting": {"model__n_estimators": [25, 50], "model__max_depth": [1, 2]},
}


def build(name: str, *, seed: int = 0, trees: int = 60) -> Pipeline:
    """Return the unfitted pipeline of a candidate of `TITLES`; class 1 is *landed*.

    It takes a DataFrame with the features of `features.NAMES`; a missing payload mass is NaN, a missing
    category the empty text.
    """
    models = {
        "logistic_regression": LogisticRegression(solver="newton-cholesky"),
        "decision_tree": DecisionTreeClassifier(min_samples_leaf=5, random_state=seed),
        "random_forest": RandomForestClassifier(n_estimators=trees, random_state=seed),
        "gradient_boosting": GradientBoostingClassifier(learning_rate=0.1, subsample=0.7, random_state=seed),
    }
    prepare = _for_a_linear_model() if name == "logistic_regression" else _for_trees()
    return Pipeline([("prepare", prepare), ("model", models[name])])


def _for_a_linear_model() -> ColumnTransformer:
    learning = Pipeline(
        [("log", FunctionTransformer(np.log1p, feature_names_out="one-to-one")), ("scale", StandardScaler())]
    )
    measures = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    return ColumnTransformer(
        [
            ("learning", learning, COUNTS),
            ("measures", measures, MEASURES),
            ("landing_type", _one_hot(), ["landing_type"]),
            ("minor", _one_hot(), MINOR_CATEGORIES),
        ],
        transformer_weights={"minor": MINOR_WEIGHT},
    )


def _for_trees() -> ColumnTransformer:
    """Prepare the inputs without a scaler, which would move the thresholds of trees in float32 ONNX."""
    return ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median"), list(NUMBERS)),
            ("categories", _one_hot(), list(CATEGORIES)),
        ]
    )


def _one_hot() -> OneHotEncoder:
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False)
