"""Search the hyperparameters of the network's training on the validation split. The test split takes no part."""

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from spacehub.models import sweep
from spacehub.models.satellite import evaluation, network, training, weights
from spacehub.models.satellite.pictures import Pictures
from spacehub.models.satellite.recipes import Recipe, describe
from spacehub.models.sweep import Range, Trial
from spacehub.models.tracking import Silent, Tracker

SPACE = {
    "learning_rate": Range(low=3e-4, high=1e-2, log=True),
    "mixup": Range(low=0.0, high=0.6),
    "label_smoothing": Range(low=0.0, high=0.2),
    "drop": Range(low=0.0, high=0.4),
}
SCORE = "log loss on the validation split"


def search(
    shown: Pictures,
    pixels: np.ndarray,
    labels: np.ndarray,
    *,
    recipe: Recipe,
    trials: int,
    seed: int,
    folder: Path,
    facts: object,
    report: Callable[[int, int], None],
    tracker: Tracker,
) -> tuple[Recipe, list[Trial]]:
    """Train a network per trial; return the best recipe, and all trials.

    The score is the log loss of calibrated probabilities, because the published network is calibrated. The first
    trial is `recipe`.

    Parameters
    ----------
    pixels, labels : numpy.ndarray
        What each network is trained on: uint8 [N, 3, S, S], int [N].
    folder : Path
        Keeps finished trials, and the checkpoint of the one that runs; `facts` identify the search in it.
    """
    held_out = shown.rows("validation")
    classes, known = len(shown.names), shown.labels[held_out]

    def objective(params: dict[str, float], number: int) -> float:
        tried = replace(recipe, **params)
        torch.manual_seed(seed)
        fresh = network.create(tried.architecture, classes, size=tried.size, drop=tried.drop)
        weights.load(fresh, tried.weights, architecture=tried.architecture)
        checkpoint = folder / f"trial-{number}" / "network.pt"
        trained, _, _ = training.fit(
            fresh,
            pixels,
            labels,
            classes=classes,
            recipe=tried,
            seed=seed,
            checkpoint=checkpoint,
            report=lambda done, total: None,
            tracker=Silent(),
        )
        shutil.rmtree(checkpoint.parent)
        logits = training.logits(trained, shown.pixels[held_out])
        value = math.log(classes)  # of a network that knows nothing, or whose training diverged
        if np.isfinite(logits).all():
            value = evaluation.log_loss(logits / evaluation.temperature(logits, known), known)
        tracker.log({**params, SCORE: value}, step=number + 1)
        return value

    tried = sweep.search(
        objective,
        space=SPACE,
        first={name: getattr(recipe, name) for name in SPACE},
        trials=trials,
        seed=seed,
        journal=sweep.journal_of(folder, describe(recipe), seed, facts),
        report=report,
    )
    return replace(recipe, **tried[sweep.best(tried)].params), tried
