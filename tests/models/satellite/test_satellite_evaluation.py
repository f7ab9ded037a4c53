"""Scores agree with scikit-learn's, and say how sure they are."""

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import confusion_matrix, f1_score, log_loss, precision_recall_fscore_support

from spacehub.models.satellite import evaluation


@pytest.fixture(scope="module")
def said():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 300)
    logits = rng.normal(size=(300, 4))
    logits[np.arange(300), labels] += 1.5
    return logits, labels


def test_scores_are_scikit_learn_s(said):
    logits, labels = said
    found = {metric["key"]: metric for metric in evaluation.metrics(logits, labels, split="test")}
    answers = logits.argmax(1)
    assert found["accuracy"]["value"] == pytest.approx((answers == labels).mean())
    assert found["macro_f1"]["value"] == pytest.approx(f1_score(labels, answers, average="macro"))
    assert found["log_loss"]["value"] == pytest.approx(log_loss(labels, softmax(logits, axis=1)))
    for metric in found.values():
        assert metric["low"] < metric["value"] < metric["high"]
        assert (metric["n"], metric["split"]) == (300, "test")
    np.testing.assert_array_equal(evaluation.confusion(logits, labels), confusion_matrix(labels, answers))
    theirs = precision_recall_fscore_support(labels, answers)
    for place, row in enumerate(evaluation.by_class(logits, labels, list("abcd"))):
        assert [row["precision"], row["recall"], row["f1"], row["n"]] == pytest.approx(
            [part[place] for part in theirs]
        )


def test_a_class_that_never_comes_up_has_no_score():
    row = evaluation.by_class(np.array([[2.0, 1, 0]]), np.array([0]), ["a", "b", "c"])[2]
    assert (row["precision"], row["recall"], row["f1"]) == (None, None, None)


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_undoes_a_wrong_scale(said, factor):
    """Labels drawn from the chances themselves: the right temperature is the factor."""
    logits, _ = said
    chances = softmax(logits, axis=1)
    rng = np.random.default_rng(1)
    many = np.repeat(logits, 60, axis=0)
    labels = (rng.random(len(many))[:, None] > np.repeat(chances, 60, axis=0).cumsum(1)).sum(1)
    assert evaluation.temperature(many * factor, labels) == pytest.approx(factor, rel=0.06)
    assert evaluation.reliability(many, labels)["error"] < 0.02


def test_the_worst_mistakes_are_the_surest():
    logits = np.array([[0, 1.0], [0, 9.0], [5.0, 0], [0, 3.0]])
    assert evaluation.worst(logits, np.array([0, 0, 0, 0])).tolist() == [1, 3, 0]
