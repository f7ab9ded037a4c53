"""Choose the candidate to publish: a rule in code, applied to the out-of-sample scores."""

import numpy as np

from spacehub.models.landing.candidates import TITLES
from spacehub.models.landing.scores import SCORES, Sample

RULE = (
    "We chose the model in two steps. First, we kept every candidate whose PR-AUC for failures is at most one "
    "standard error below the best. The standard error of the paired difference in PR-AUC is estimated by bootstrap. "
    "Second, from the remaining candidates, we chose the one with the lowest Brier score in nested cross-validation."
)


def choose(sample: Sample, chances: dict[str, np.ndarray]) -> str:
    """Apply `RULE` to the probabilities (repeats, n) of each candidate; return its name."""
    precision = {name: sample.score("pr_auc_failures", chance) for name, chance in chances.items()}
    best = max(precision, key=lambda name: precision[name][0])
    good = [
        name
        for name, (value, samples) in precision.items()
        if precision[best][0] - value <= np.nanstd(precision[best][1] - samples)
    ]
    return min(good, key=lambda name: sample.score("brier", chances[name])[0])


def compare(sample: Sample, chances: dict[str, np.ndarray], *, chosen: str) -> list[dict]:
    """Return one row per candidate: every score with its interval, and whether it was chosen."""
    return [
        {"key": name, "name": TITLES[name], "chosen": name == chosen}
        | {key: sample.describe(key, chance) for key in SCORES}
        for name, chance in chances.items()
    ]
