"""Our weighted scores against scikit-learn's, with ties and with bootstrap weights."""

import numpy as np
import pytest
import sklearn.metrics

from spacehub.models import metrics
from spacehub.models.intervals import bootstrap_weights

RNG = np.random.default_rng(1)
LANDED = RNG.random(80) < 0.8
CHANCE = np.round(np.clip(RNG.normal(0.7 + 0.2 * LANDED, 0.2), 0, 1), 1)
WEIGHTS = np.vstack([np.ones((1, 80)), bootstrap_weights(80, resamples=20, seed=0)])


def theirs_log_loss(landed, chance, weights):
    clipped = np.clip(chance, metrics.CLIP, 1 - metrics.CLIP)
    return sklearn.metrics.log_loss(landed, clipped, sample_weight=weights)


REFERENCES = {
    metrics.average_precision: lambda y, p, w: sklearn.metrics.average_precision_score(
        ~y, 1 - p, sample_weight=w
    ),
    metrics.roc_auc: lambda y, p, w: sklearn.metrics.roc_auc_score(y, p, sample_weight=w),
    metrics.brier: lambda y, p, w: sklearn.metrics.brier_score_loss(y, p, sample_weight=w),
    metrics.accuracy: lambda y, p, w: sklearn.metrics.accuracy_score(y, p >= 0.5, sample_weight=w),
    metrics.log_loss: theirs_log_loss,
}


@pytest.mark.parametrize("score", REFERENCES, ids=lambda score: score.__name__)
def test_a_score_is_scikit_learns(score):
    expected = [REFERENCES[score](LANDED, CHANCE, weights) for weights in WEIGHTS]
    np.testing.assert_allclose(score(LANDED, CHANCE, WEIGHTS), expected, rtol=1e-12)


def test_a_constant_forecast_has_the_share_of_failures_as_pr_auc():
    constant = np.full(80, 0.5)
    value = metrics.average_precision(LANDED, constant, np.ones((1, 80)))[0]
    assert value == pytest.approx((~LANDED).mean())


def test_without_a_failure_ranking_scores_are_undefined():
    nothing_failed = np.ones(80, dtype=bool)
    assert np.isnan(metrics.average_precision(nothing_failed, CHANCE, np.ones((1, 80)))[0])
    assert np.isnan(metrics.roc_auc(nothing_failed, CHANCE, np.ones((1, 80)))[0])
