"""Evaluate other ways to train on the first fold, and compare them with the published model."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from spacehub import catalogue, endpoint
from spacehub.errors import SpaceHubError
from spacehub.models.satellite import evaluation, folds, pictures, weights
from spacehub.models.satellite.recipes import Recipe, describe

STARTS = ("imagenet", "scratch")


def runnable(rivals: dict[str, Recipe], *, key: str) -> dict[str, Recipe]:
    """Return the rivals of the model `key`: all that do not start from this model.

    Raises
    ------
    SpaceHubError
        If the Hub lacks a model that one of them starts from. Checking this first can save an hour of training.
    """
    wanted = {name: recipe for name, recipe in rivals.items() if recipe.weights != key}
    for name, recipe in wanted.items():
        repo = weights.repository(recipe.weights)
        if recipe.weights in STARTS or endpoint.published_commit(repo, repo_type="model"):
            continue
        ours = catalogue.MODELS.get(recipe.weights)
        raise SpaceHubError(
            f"{name} starts from the weights of {repo}, but {repo} does not exist on the Hub.",
            f"To publish these weights, run: spacehub publish {ours.dataset} {ours.key}"
            if ours
            else "Add this repository to the Hub.",
        )
    return wanted


def compare(
    rivals: dict[str, Recipe],
    shown: pictures.Pictures,
    judged: tuple[np.ndarray, np.ndarray, np.ndarray],
    *,
    seed: int,
    folder: Path,
    report: Callable[[str, int, int], None],
) -> list[dict]:
    """Train each rival on the first fold's training images, and score it and the answers `judged` on the fold.

    `folder` holds what a killed run leaves; `report` is called with a rival's name, its finished epochs
    and their total.
    """
    compared = []
    for name, rival in rivals.items():
        seen = shown if rival.size == shown.pixels.shape[-1] else pictures.load(shown.id, size=rival.size)
        rows, logits, _ = folds.judge(
            seen,
            rival,
            range(1),
            seed=seed,
            folder=folder / name.replace(" ", "-"),
            jobs=1,
            report=lambda done, total, name=name: report(name, done, total),
        )
        theirs, ours_on_fold = (
            evaluation.metrics(logits_of_one, shown.labels[rows], split="first fold")[0]
            for logits_of_one in (logits, judged[1][: len(rows)])
        )
        compared.append({"name": name, "recipe": describe(rival), "accuracy": theirs, "ours": ours_on_fold})
    return compared
