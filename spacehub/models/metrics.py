"""Score forecast probabilities under row weights, so that a bootstrap is one matrix product.

Every score takes ``landed`` (n,) bool, ``probability`` (n,) of landing, and ``weights`` (R, n), and
returns R scores. A row of ones gives the plain score; a row of resampling counts gives a bootstrap
replicate.
"""

import numpy as np

CLIP = 0.001


def average_precision(landed: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the area under the precision-recall curve of *failures*, as average precision (no interpolation).

    NaN if the weights leave no failure.
    """
    hits, flagged, ends = _ranked(~landed, 1 - probability, weights)
    hits, flagged = hits[:, ends], flagged[:, ends]
    precision = hits / np.maximum(flagged, 1e-300)  # 0 if a resample has none of the highest ranks
    return _share((np.diff(hits, axis=1, prepend=0) * precision).sum(axis=1), hits[:, -1])


def roc_auc(landed: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the probability that a random failure gets a lower prediction than a random landing; ties count half."""
    hits, flagged, ends = _ranked(~landed, 1 - probability, weights)
    detected, false_alarms = hits[:, ends], (flagged - hits)[:, ends]
    width = np.diff(false_alarms, axis=1, prepend=0)
    height = detected - np.diff(detected, axis=1, prepend=0) / 2
    return _share((width * height).sum(axis=1), detected[:, -1] * false_alarms[:, -1])


def brier(landed: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the mean squared difference of probability and outcome (Brier 1950)."""
    return _mean((probability - landed) ** 2, weights)


def log_loss(landed: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the mean negative log likelihood, with probabilities kept within `CLIP` of 0 and 1."""
    clipped = np.clip(probability, CLIP, 1 - CLIP)
    return _mean(-np.log(np.where(landed, clipped, 1 - clipped)), weights)


def accuracy(landed: np.ndarray, probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute the share of rows whose outcome is predicted correctly at a threshold of one half."""
    return _mean((probability >= 0.5) == landed, weights)


def _ranked(positive: np.ndarray, score: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return the cumulative weight of positives and of all rows from the highest score down, and where ties end."""
    order = np.argsort(-score, kind="stable")
    ends = np.flatnonzero(np.diff(score[order], append=np.nan) != 0)
    ranked = weights[:, order].astype(float)
    return (ranked * positive[order]).cumsum(axis=1), ranked.cumsum(axis=1), ends


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return weights @ values.astype(float) / weights.sum(axis=1)


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return part / whole
