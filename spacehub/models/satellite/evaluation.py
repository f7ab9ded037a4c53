"""Evaluate a classifier of images: accuracy with intervals, by class, and the calibration of its probabilities."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.serving.reliability import wilson

RESAMPLES = 2000
BINS = 10


def metrics(logits: np.ndarray, labels: np.ndarray, *, split: str) -> list[dict]:
    """Score logits (n, classes) against labels (n,).

    Returns
    -------
    list of dict
        Accuracy (95 % Wilson interval), macro F1 (95 % bootstrap over images), and the log loss; each
        with `key`, `name`, `value`, `low`, `high`, `n`, `split`.
    """
    right = logits.argmax(axis=1) == labels
    n = len(labels)
    weights = bootstrap_weights(n, resamples=RESAMPLES, seed=0)
    losses = _losses(logits, labels)
    low, high = wilson(int(right.sum()), n)
    return [
        {**entry, "n": n, "split": split}
        for entry in (
            {"key": "accuracy", "name": "accuracy", "value": float(right.mean()), "low": low, "high": high},
            {
                "key": "macro_f1",
                "name": "Macro F1",
                "value": float(_macro_f1(logits, labels, np.ones((1, n)))[0]),
                **_ends(_macro_f1(logits, labels, weights)),
            },
            {
                "key": "log_loss",
                "name": "log loss",
                "value": float(losses.mean()),
                **_ends(weights @ losses / weights.sum(axis=1)),
            },
        )
    ]


def by_class(logits: np.ndarray, labels: np.ndarray, names: list[str]) -> list[dict]:
    """Return precision, recall with its Wilson interval, F1 and the number of images of each class."""
    table = confusion(logits, labels)
    rows = []
    for place, name in enumerate(names):
        hits, predicted, actual = table[place, place], table[:, place].sum(), table[place].sum()
        low, high = wilson(int(hits), int(actual))
        rows.append(
            {
                "name": name,
                "n": int(actual),
                "precision": float(hits / predicted) if predicted else None,
                "recall": float(hits / actual) if actual else None,
                "low": low,
                "high": high,
                "f1": float(2 * hits / (predicted + actual)) if predicted + actual else None,
            }
        )
    return rows


def confusion(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Count images by true class (rows) and predicted class (columns)."""
    classes = logits.shape[1]
    flat = labels * classes + logits.argmax(axis=1)
    return np.bincount(flat, minlength=classes**2).reshape(classes, classes)


def temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature by which to divide logits so that confidence matches accuracy (Guo et al. 2017)."""

    def loss(exponent: float) -> float:
        return log_loss(logits / np.exp(exponent), labels)

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def log_loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean negative log likelihood of the labels."""
    return float(_losses(logits, labels).mean())


def reliability(logits: np.ndarray, labels: np.ndarray) -> dict:
    """Compare confidence with accuracy in `BINS` bins of equally many images.

    Returns
    -------
    dict
        `bins` with `n`, `sure` (mean confidence), `right` (accuracy) and its Wilson interval; and
        `error`, the expected calibration error.
    """
    chances = softmax(logits, axis=1)
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    bins = []
    for rows in np.array_split(np.argsort(sure, kind="stable"), min(BINS, len(labels))):
        low, high = wilson(int(right[rows].sum()), len(rows))
        share = float(right[rows].mean())
        bins.append(
            {"n": len(rows), "sure": float(sure[rows].mean()), "right": share, "low": low, "high": high}
        )
    error = sum(bin_["n"] * abs(bin_["sure"] - bin_["right"]) for bin_ in bins) / len(labels)
    return {"bins": bins, "error": float(error)}


def worst(logits: np.ndarray, labels: np.ndarray, *, count: int = 10) -> np.ndarray:
    """Return the rows of the most confident mistakes, the most confident first."""
    chances = softmax(logits, axis=1)
    wrong = np.flatnonzero(chances.argmax(axis=1) != labels)
    return wrong[np.argsort(-chances[wrong].max(axis=1), kind="stable")][:count]


def _losses(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return -log_softmax(logits, axis=1)[np.arange(len(labels)), labels]


def _macro_f1(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Compute F1 averaged over classes, for each row of weights (R, n).

    A class without true or predicted images counts 0.
    """
    classes, predicted = logits.shape[1], logits.argmax(axis=1)
    actual, guessed = np.eye(classes)[labels], np.eye(classes)[predicted]
    both = weights @ (actual * guessed)
    total = weights @ actual + weights @ guessed
    return (2 * both / np.maximum(total, 1e-12)).mean(axis=1)


def _ends(samples: np.ndarray) -> dict[str, float]:
    low, high = percentile(samples)
    return {"low": low, "high": high}
