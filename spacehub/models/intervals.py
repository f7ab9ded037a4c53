"""Intervals for scores on few rows: the percentile bootstrap over rows."""

import numpy as np

LEVEL = 0.95


def bootstrap_weights(rows: int, *, resamples: int, seed: int) -> np.ndarray:
    """Return how often each row is drawn in each resample, shape (resamples, rows).

    Rows are drawn with replacement and without stratification, so the number of failures varies as it
    would in another history of the same length.
    """
    rng = np.random.default_rng(seed)
    return rng.multinomial(rows, np.full(rows, 1 / rows), size=resamples)


def percentile(samples: np.ndarray, *, level: float = LEVEL) -> tuple[float, float]:
    """Return the percentile interval of bootstrap replicates.

    Undefined replicates (NaN) are left out; if all are undefined, so are both ends.
    """
    tail = (1 - level) / 2
    known = samples[~np.isnan(samples)]
    low, high = np.quantile(known, [tail, 1 - tail]) if len(known) else (np.nan, np.nan)
    return float(low), float(high)
