"""Evaluate a classifier of titles: scores with their intervals, the threshold, and the calibration of its probabilities.

`chances` (n,) are those of *space*, `labels` (n,) are 1 for *space*.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit

from spacehub.models import metrics as forecasts
from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.serving.reliability import wilson

RESAMPLES, THRESHOLDS = 2000, 200
BINS = 10
NAMES = {
    "f1_space": "F1 of space",
    "roc_auc": "ROC-AUC",
    "average_precision": "average precision of space",
    "accuracy": "accuracy",
    "precision": "precision of space",
    "recall": "recall of space",
    "log_loss": "log loss",
}


def chances(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Return the probability of *space* from logits (n, 2)."""
    return expit((logits[:, 1] - logits[:, 0]) / temperature)


def scores(
    chances: np.ndarray, labels: np.ndarray, threshold: float, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Return each of `NAMES` for each row of weights (R, n); precision is 0 if no title is predicted as *space*."""
    space, predicted = labels == 1, chances >= threshold
    actual, guessed, both = (weights @ part.astype(float) for part in (space, predicted, space & predicted))
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "f1_space": 2 * both / (actual + guessed),
            "roc_auc": forecasts.roc_auc(~space, 1 - chances, weights),
            "average_precision": forecasts.average_precision(~space, 1 - chances, weights),
            "accuracy": weights @ (predicted == space).astype(float) / weights.sum(axis=1),
            "precision": np.divide(both, guessed, out=np.zeros_like(both), where=guessed > 0),
            "recall": both / actual,
            "log_loss": forecasts.log_loss(space, chances, weights),
        }


def resampled(n: int) -> np.ndarray:
    """Return bootstrap weights over n titles, the same for every model, so that comparisons are paired."""
    return bootstrap_weights(n, resamples=RESAMPLES, seed=0)


def metrics(
    chances: np.ndarray, labels: np.ndarray, *, threshold: float, weights: np.ndarray, split: str
) -> list[dict]:
    """Return each score with its 95 % bootstrap interval: `key`, `name`, `value`, `low`, `high`, `n`, `split`."""
    plain = scores(chances, labels, threshold, np.ones((1, len(labels))))
    again = scores(chances, labels, threshold, weights)
    return [
        {
            "key": key,
            "name": name,
            "value": float(plain[key][0]),
            **_ends(again[key]),
            "n": len(labels),
            "split": split,
        }
        for key, name in NAMES.items()
    ]


def difference(ours: tuple, theirs: tuple, labels: np.ndarray, weights: np.ndarray) -> dict[str, dict]:
    """Compare two models, each given as probabilities and threshold, on the same resamples of titles (paired bootstrap).

    Returns
    -------
    dict
        For F1, ROC-AUC and accuracy: the difference, its 95 % interval, and the share of resamples in
        which ours is better.
    """
    plain = [scores(model[0], labels, model[1], np.ones((1, len(labels)))) for model in (ours, theirs)]
    again = [scores(model[0], labels, model[1], weights) for model in (ours, theirs)]
    differences = {}
    for key in ("f1_space", "roc_auc", "accuracy"):
        samples = again[0][key] - again[1][key]
        value = float(plain[0][key][0] - plain[1][key][0])
        differences[key] = {"value": value, **_ends(samples), "ahead": float((samples > 0).mean())}
    return differences


def f1(predicted: np.ndarray, labels: np.ndarray) -> float:
    """Return the F1 of *space*."""
    return float(2 * (predicted & (labels == 1)).sum() / max(1, predicted.sum() + (labels == 1).sum()))


def average_precision(chances: np.ndarray, labels: np.ndarray) -> float:
    """Return the average precision of *space*."""
    return float(forecasts.average_precision(labels != 1, 1 - chances, np.ones((1, len(labels))))[0])


def threshold(chances: np.ndarray, labels: np.ndarray) -> float:
    """Return the threshold for *space* that gives the highest F1.

    A few titles decide which threshold is best on one sample. The median of the best thresholds of
    `THRESHOLDS` resamples varies less than the single best one.
    """
    order = np.argsort(-chances, kind="stable")
    weights = bootstrap_weights(len(order), resamples=THRESHOLDS, seed=1)[:, order].astype(float)
    hits = (weights * (labels[order] == 1)).cumsum(axis=1)
    reached = 2 * hits / np.maximum(weights.cumsum(axis=1) + hits[:, -1:], 1e-12)
    ranked = np.append(chances[order], 0.0)
    reached[:, :-1][:, ranked[:-2] == ranked[1:-1]] = -1  # no threshold separates equal probabilities
    best = reached.argmax(axis=1)
    return float(np.median((ranked[best] + ranked[best + 1]) / 2))


def temperature(margin: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature that divides the log odds (n,) so that confidence matches accuracy (Guo et al. 2017)."""
    signed = np.where(labels == 1, margin, -margin)

    def loss(exponent: float) -> float:
        return float(np.logaddexp(0, -signed / np.exp(exponent)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def reliability(chances: np.ndarray, labels: np.ndarray) -> dict:
    """Compare the probabilities with the share of titles about space, in `BINS` bins of equal width.

    Returns
    -------
    dict
        `bins` with `n`, `sure` (mean probability), `right` (share of space) and its Wilson interval; and
        `error`, the expected calibration error.
    """
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    bins = []
    for bin_ in np.unique(place):
        rows = place == bin_
        hits, n = int((labels[rows] == 1).sum()), int(rows.sum())
        low, high = wilson(hits, n)
        bins.append(
            {"n": n, "sure": float(chances[rows].mean()), "right": hits / n, "low": low, "high": high}
        )
    error = sum(bin_["n"] * abs(bin_["sure"] - bin_["right"]) for bin_ in bins) / len(labels)
    return {"bins": bins, "error": float(error)}


def _ends(samples: np.ndarray) -> dict[str, float]:
    low, high = percentile(samples)
    return {"low": low, "high": high}
