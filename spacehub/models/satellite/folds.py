"""Five-fold cross-validation: each image is classified by a network that never saw it, two networks at a time.

The result of each fold is stored in a file, so that a killed run only repeats the missing folds.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from queue import Empty

import numpy as np

from spacehub.models.satellite.pictures import Pictures
from spacehub.models.satellite.recipes import Recipe

WAYS = 8


def judge(
    pictures: Pictures,
    recipe: Recipe,
    folds: range,
    *,
    seed: int,
    folder: Path,
    jobs: int,
    report: Callable[[int, int], None],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train a network for each of `folds` on the images outside the fold, and classify the images inside it.

    Returns
    -------
    rows : numpy.ndarray
        The indices of the classified images in `pictures`, (n,).
    logits : numpy.ndarray
        The logits of each image, (n, classes).
    averaged : numpy.ndarray
        The log of the mean probabilities over all eight rotations and mirrors of each image, (n, classes).
    """
    folder.mkdir(parents=True, exist_ok=True)
    done, total = 0, len(folds) * recipe.epochs
    context = multiprocessing.get_context("spawn")
    epochs_done = context.Queue()
    workers = min(jobs, len(folds))
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_share_queue, initargs=(epochs_done,)
    ) as pool:
        waiting = [pool.submit(_one, pictures, recipe, fold, seed, folder) for fold in folds]
        report(0, total)
        while not all(future.done() for future in waiting) or not epochs_done.empty():
            try:
                epochs_done.get(timeout=1)
            except Empty:
                continue
            done += 1
            report(done, total)
        for future in waiting:
            future.result()
    report(total, total)
    parts = [np.load(folder / f"fold-{fold}.npz") for fold in folds]
    return tuple(np.concatenate([part[name] for part in parts]) for name in ("rows", "logits", "averaged"))


def _share_queue(epochs_done: multiprocessing.Queue) -> None:
    """Let this worker report finished epochs, and end the worker when its parent process ends, even if it was killed."""
    global _epochs_done
    _epochs_done = epochs_done
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)


def _one(pictures: Pictures, recipe: Recipe, fold: int, seed: int, folder: Path) -> None:
    import torch

    from spacehub.models.satellite import network, training, weights
    from spacehub.models.tracking import Silent

    torch.set_num_threads(1)
    kept = folder / f"fold-{fold}.npz"
    if kept.exists():
        for _ in range(recipe.epochs):
            _epochs_done.put(fold)
        return
    inside = pictures.folds == fold
    classes = len(pictures.names)
    torch.manual_seed(seed)
    fresh = network.create(recipe.architecture, classes, size=recipe.size, drop=recipe.drop)
    weights.load(fresh, recipe.weights, architecture=recipe.architecture)
    trained, _, _ = training.fit(
        fresh,
        pictures.pixels[~inside],
        pictures.labels[~inside],
        classes=classes,
        recipe=recipe,
        seed=seed + 1 + fold,
        checkpoint=folder / f"fold-{fold}.pt",
        report=lambda epoch, _: _epochs_done.put(fold) if epoch else None,
        tracker=Silent(),
    )
    rows = np.flatnonzero(inside)
    views = [training.logits(trained, pictures.pixels[rows], way=way) for way in range(WAYS)]
    chances = np.exp(views - np.logaddexp.reduce(views, axis=2, keepdims=True)).mean(axis=0)
    temporary = folder / f"fold-{fold}.new.npz"
    np.savez(temporary, rows=rows, logits=views[0], averaged=np.log(chances))
    os.replace(temporary, kept)
    (folder / f"fold-{fold}.pt").unlink(missing_ok=True)
