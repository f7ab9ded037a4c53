"""Draw an image classifier's figures: confusion, reliability, its most confident mistakes, its training curve."""

from pathlib import Path

import numpy as np
from scipy.special import softmax

from spacehub.models import sweep
from spacehub.models.figures import DPI, GREY, GRID, INK, RED, TEAL, figure, save, title
from spacehub.models.satellite import evaluation
from spacehub.models.satellite.pictures import Pictures


def draw(pictures: Pictures, logits: np.ndarray, results: dict, folder: Path) -> None:
    """Draw the figures into `folder`; `logits` [n, classes] are those of the test split, calibrated."""
    rows = pictures.rows("test")
    labels = pictures.labels[rows]
    save(_confusion(evaluation.confusion(logits, labels), pictures.names), folder / "confusion_matrix.png")
    save(_reliability(results["reliability"]), folder / "reliability.png")
    save(_curve(results["curve"]), folder / "training.png")
    if "sweep" in results:
        sweep.draw(results["sweep"], folder)
    wrong = evaluation.worst(logits, labels)
    if len(wrong):
        save(_mistakes(pictures, rows[wrong], logits[wrong]), folder / "worst_mistakes.png")


def _confusion(table: np.ndarray, names: list[str]):
    side = 2.4 + 0.42 * len(names)
    drawing, [axes] = figure(width=side + 0.6, height=side)
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(share, cmap="GnBu", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(table):
        if count:
            colour = "white" if share[row, column] > 0.6 else INK
            axes.text(column, row, count, ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    title(axes, "Confusion matrix of the test images")
    return drawing


def _reliability(reliability: dict):
    drawing, [axes] = figure(width=5.2, height=4.6)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--", label="perfect calibration")
    sure = np.array([bin_["sure"] for bin_ in reliability["bins"]])
    right = np.array([bin_["right"] for bin_ in reliability["bins"]])
    low = np.array([bin_["low"] for bin_ in reliability["bins"]])
    high = np.array([bin_["high"] for bin_ in reliability["bins"]])
    ends = np.maximum([right - low, high - right], 0)
    axes.errorbar(
        sure,
        right,
        yerr=ends,
        fmt="o",
        color=TEAL,
        label=f"{reliability['bins'][0]['n']} images per bin, 95 % interval",
    )
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("predicted probability")
    axes.set_ylabel("share classified correctly")
    axes.grid(color=GRID)
    axes.legend(frameon=False, loc="upper left", fontsize=9)
    title(axes, "Are the probabilities calibrated?")
    return drawing


def _curve(points: list[dict]):
    drawing, (left, right) = figure(width=8.6, height=3.6, columns=2)
    epochs = [point["epoch"] for point in points]
    left.plot(epochs, [point["loss"] for point in points], color=TEAL)
    left.set_xlabel("epoch")
    title(left, "Training loss")
    right.plot(epochs, [100 * point["accuracy"] for point in points], color=RED)
    right.set_xlabel("epoch")
    right.set_ylabel("%")
    title(right, "Accuracy on the validation split")
    for axes in (left, right):
        axes.grid(color=GRID)
    return drawing


def _mistakes(pictures: Pictures, rows: np.ndarray, logits: np.ndarray):
    from matplotlib.figure import Figure

    across = 5
    lines = -(-len(rows) // across)
    drawing = Figure(figsize=(9, 2.35 * lines + 0.4), layout="constrained", facecolor="white", dpi=DPI)
    cells = drawing.subplots(lines, across, squeeze=False).flat
    chances = softmax(logits, axis=1)
    for cell in cells:
        cell.axis("off")
    for cell, row, chance in zip(drawing.axes, rows, chances, strict=False):
        cell.imshow(pictures.pixels[row].transpose(1, 2, 0))
        predicted = pictures.names[chance.argmax()]
        text = f"{predicted} ({100 * chance.max():.0f} %)\nis {pictures.names[pictures.labels[row]]}"
        cell.set_title(text, fontsize=8, color=INK)
    drawing.suptitle(
        "The most confident mistakes on the test split", x=0.01, ha="left", fontsize=11.5, fontweight="bold"
    )
    return drawing
