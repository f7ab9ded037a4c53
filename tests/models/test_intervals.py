"""The bootstrap against SciPy's, and what becomes of undefined replicates."""

import numpy as np
import pytest
import scipy.stats

from spacehub.models.intervals import bootstrap_weights, percentile


def test_the_interval_of_a_mean_is_scipys():
    values = np.random.default_rng(3).exponential(size=120)
    weights = bootstrap_weights(120, resamples=20_000, seed=0)
    ours = percentile(weights @ values / 120)
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    assert ours == pytest.approx(tuple(theirs), abs=0.01)


def test_each_resample_draws_as_many_rows_as_there_are():
    weights = bootstrap_weights(50, resamples=100, seed=0)
    assert (weights.sum(axis=1) == 50).all()
    assert (weights == 0).any()
    assert (weights == bootstrap_weights(50, resamples=100, seed=0)).all()


def test_undefined_replicates_are_left_out():
    assert percentile(np.array([np.nan, 1.0, 1.0, np.nan])) == (1.0, 1.0)
    assert np.isnan(percentile(np.array([np.nan, np.nan]))).all()
