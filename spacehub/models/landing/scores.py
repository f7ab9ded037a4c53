"""Score forecasts with intervals, and score the two baselines."""

import numpy as np
import pandas as pd

from spacehub.models import metrics
from spacehub.models.intervals import bootstrap_weights, percentile

SCORES = {
    "pr_auc_failures": ("PR-AUC for failures", "higher", metrics.average_precision),
    "brier": ("Brier score", "lower", metrics.brier),
    "roc_auc": ("ROC-AUC", "higher", metrics.roc_auc),
    "log_loss": ("Log loss", "lower", metrics.log_loss),
    "accuracy": ("Accuracy", "higher", metrics.accuracy),
}
BASELINES = {"base_rate": "always the base rate", "last_ten": "landed share, last ten"}


class Sample:
    """One set of forecast flights with its bootstrap resamples, the same for every model.

    Parameters
    ----------
    landed : numpy.ndarray
        Outcomes, shape (n,).
    """

    def __init__(self, landed: np.ndarray, *, resamples: int, seed: int):
        self.landed = landed.astype(bool)
        self.weights = bootstrap_weights(len(landed), resamples=resamples, seed=seed)

    def score(self, key: str, chances: np.ndarray) -> tuple[float, np.ndarray]:
        """Return a score of probabilities (repeats, n), the mean over repeats, and its bootstrap replicates."""
        function = SCORES[key][2]
        plain = np.ones((1, len(self.landed)))
        value = np.mean([function(self.landed, chance, plain)[0] for chance in chances])
        samples = np.mean([function(self.landed, chance, self.weights) for chance in chances], axis=0)
        return float(value), samples

    def describe(self, key: str, chances: np.ndarray) -> dict[str, float | None]:
        """Return a score as ``value``, ``low`` and ``high``; None if it is undefined because there is no failure."""
        value, samples = self.score(key, chances)
        return _summary(value, samples)

    def gain(self, key: str, chances: np.ndarray, others: np.ndarray) -> dict[str, float | None]:
        """Return how much better `chances` are than `others` (positive is better), paired over resamples.

        `share_better` is the share of resamples in which they are better.
        """
        sign = 1 if SCORES[key][1] == "higher" else -1
        value, samples = self.score(key, chances)
        theirs, their_samples = self.score(key, others)
        gains = sign * (samples - their_samples)
        known = gains[~np.isnan(gains)]
        share = float((known > 0).mean()) if len(known) else None
        return _summary(sign * (value - theirs), gains) | {"share_better": share}


def _summary(value: float, samples: np.ndarray) -> dict[str, float | None]:
    low, high = percentile(samples)
    summary = {"value": value, "low": low, "high": high}
    return {name: None if np.isnan(number) else number for name, number in summary.items()}


def baselines(flights: pd.DataFrame, rows: np.ndarray, *, ordered: bool) -> dict[str, np.ndarray]:
    """Return the baselines' probabilities for `rows`, each of shape (1, n).

    The base rate is over all flights or, if `ordered`, over all flights before each flight.
    """
    landed = flights["landed"].astype(float)
    rate = landed.expanding().mean().shift(1) if ordered else landed * 0 + landed.mean()
    return {
        "base_rate": rate.to_numpy()[np.newaxis, rows],
        "last_ten": flights["landed_share_last_ten"].to_numpy()[np.newaxis, rows],
    }


def list_metrics(
    sample: Sample, chances: np.ndarray, others: dict[str, np.ndarray], *, split: str, suffix: str = ""
) -> list[dict]:
    """Return every score of a model on one split, with n, interval, baselines and the gain over each baseline."""
    return [
        {
            "key": key + suffix,
            "name": name,
            **sample.describe(key, chances),
            "n": len(sample.landed),
            "failures": int((~sample.landed).sum()),
            "split": split,
            "better": better,
            "baseline": {other: sample.describe(key, chance)["value"] for other, chance in others.items()},
            "gain": {other: sample.gain(key, chances, chance) for other, chance in others.items()},
        }
        for key, (name, better, _) in SCORES.items()
    ]
