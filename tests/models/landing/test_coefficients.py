"""The weights reported for a linear model: what the log-odds really move by."""

import numpy as np
import pytest

from spacehub.models.landing.candidates import COUNTS, build
from spacehub.models.landing.coefficients import coefficients
from spacehub.models.landing.features import NAMES, NUMBERS


@pytest.fixture(scope="module")
def fitted(flights):
    return build("logistic_regression").fit(flights[list(NAMES)], flights["landed"].astype(int))


def log_odds(model, flights):
    return model.decision_function(flights[list(NAMES)])


@pytest.mark.parametrize("name", NUMBERS)
def test_a_standard_deviation_moves_the_log_odds_by_the_weight(flights, fitted, name):
    [row] = [row for row in coefficients(fitted) if row["feature"] == name]
    known = flights[name].fillna(flights[name].median())
    if name in COUNTS:
        assert row["per"] == "standard deviation of the feature's logarithm"
        moved = np.expm1(np.log1p(known) + np.log1p(known).std(ddof=0))
    else:
        assert row["per"] == "standard deviation"
        moved = known + known.std(ddof=0)
    growth = log_odds(fitted, flights.assign(**{name: moved})) - log_odds(fitted, flights)
    assert np.allclose(growth, row["weight"])


@pytest.mark.parametrize("name", ["landing_type", "orbit", "launch_site"])
def test_another_category_moves_the_log_odds_by_the_difference(flights, fitted, name):
    rows = [row for row in coefficients(fitted) if row["feature"] == name]
    assert {row["category"] for row in rows} == set(flights[name])
    first, second = rows[:2]
    growth = log_odds(fitted, flights.assign(**{name: second["category"]})) - log_odds(
        fitted, flights.assign(**{name: first["category"]})
    )
    assert np.allclose(growth, second["weight"] - first["weight"])


def test_trees_have_none(flights):
    tree = build("decision_tree").fit(flights[list(NAMES)], flights["landed"].astype(int))
    assert coefficients(tree) == []
