"""Scores agree with scikit-learn's; thresholds and temperatures do what they are for."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from spacehub.models.titles import evaluation


@pytest.fixture(scope="module")
def said():
    rng = np.random.default_rng(7)  # not the bootstrap's seed, which would draw what made the labels
    labels = (rng.random(500) < 0.25).astype(int)
    margins = rng.normal(size=500) + 2.5 * labels - 1.5
    return 1 / (1 + np.exp(-margins)), labels


def test_a_model_that_never_says_space_has_a_precision_of_0(said):
    chances, labels = said
    [precision] = evaluation.scores(chances, labels, 1.1, np.ones((1, len(labels))))["precision"]
    assert precision == precision_score(labels, chances >= 1.1, zero_division=0) == 0


@pytest.mark.parametrize(
    ("key", "theirs"),
    [
        ("f1_space", lambda labels, chances: f1_score(labels, chances >= 0.4)),
        ("roc_auc", roc_auc_score),
        ("average_precision", average_precision_score),
        ("accuracy", lambda labels, chances: accuracy_score(labels, chances >= 0.4)),
        ("precision", lambda labels, chances: precision_score(labels, chances >= 0.4)),
        ("recall", lambda labels, chances: recall_score(labels, chances >= 0.4)),
        ("log_loss", log_loss),
    ],
)
def test_scores_are_scikit_learn_s(said, key, theirs):
    chances, labels = said
    weights = evaluation.resampled(len(labels))
    found = {
        one["key"]: one
        for one in evaluation.metrics(chances, labels, threshold=0.4, weights=weights, split="test")
    }[key]
    assert found["value"] == pytest.approx(theirs(labels, chances), abs=2e-4)
    assert found["low"] < found["value"] < found["high"]
    rows = np.repeat(np.arange(500), weights[3])
    again = evaluation.scores(chances, labels, 0.4, weights[3:4])[key][0]
    assert again == pytest.approx(theirs(labels[rows], chances[rows]), abs=2e-4)


def test_a_model_is_no_better_than_itself_and_better_than_its_noisy_copy(said):
    chances, labels = said
    weights = evaluation.resampled(len(labels))
    same = evaluation.difference((chances, 0.4), (chances, 0.4), labels, weights)
    assert {(one["value"], one["low"], one["high"]) for one in same.values()} == {(0, 0, 0)}
    noisy = np.random.default_rng(1).permutation(chances)
    apart = evaluation.difference((chances, 0.4), (noisy, 0.4), labels, weights)
    assert all(one["low"] > 0 and one["ahead"] == 1 for one in apart.values())


def test_the_threshold_is_near_the_best_and_not_decided_by_one_title(said):
    chances, labels = said
    found = evaluation.threshold(chances, labels)
    every = np.linspace(0.01, 0.99, 99)
    best = max(evaluation.f1(chances >= one, labels) for one in every)
    assert evaluation.f1(chances >= found, labels) > best - 0.02
    assert evaluation.threshold(np.repeat(chances, 2), np.repeat(labels, 2)) == pytest.approx(found, abs=0.1)
    assert 0 < evaluation.threshold(np.full(6, 0.3), np.array([0, 0, 0, 1, 1, 1])) <= 0.3


@pytest.mark.parametrize("factor", [0.4, 1.0, 3.0])
def test_the_temperature_undoes_a_wrong_scale(factor):
    """Labels drawn from the chances themselves: the right temperature is the factor."""
    rng = np.random.default_rng(2)
    margin = rng.normal(scale=2, size=20_000)
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-margin))).astype(int)
    assert evaluation.temperature(margin * factor, labels) == pytest.approx(factor, rel=0.06)
    assert evaluation.reliability(1 / (1 + np.exp(-margin)), labels)["error"] < 0.02
