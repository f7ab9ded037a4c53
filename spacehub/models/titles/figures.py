"""Draw the figures of the title classifiers: evidence for *space*, reliability, and where they fail."""

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from spacehub.models.figures import GREY, GRID, INK, ORANGE, PURPLE, RED, TEAL, figure, save, title
from spacehub.serving.titles.linear import Linear

TERMS = 18
COLOURS = {
    "bert": PURPLE,
    "logistic_regression": TEAL,
    "naive_bayes": ORANGE,
    "lstm": RED,
    "transformer": GREY,
}


def draw(
    folder: Path,
    *,
    results: dict,
    linear: Linear,
    chances: dict[str, np.ndarray],
    labels: np.ndarray,
    attributions: list[tuple[float, list[tuple[str, float]]]],
) -> None:
    """Draw the figures into `folder`; `chances` by model and `labels` are those of the test split.

    `attributions` belong to some sentences: the probability of each, and its words with their contributions.
    """
    save(_terms(linear), folder / "ngrams.png")
    save(_reliability(results["reliability"]), folder / "reliability.png")
    names = {model["key"]: model["name"] for model in results["models"]}
    save(_curves(chances, labels, names), folder / "curves.png")
    save(_communities(results["by_community"]), folder / "communities.png")
    save(_attributions(attributions), folder / "attributions.png")
    save(_training(results["curve"]), folder / "training.png")
    if "gold" in results:
        save(_gold(results["gold"]), folder / "gold.png")


def _terms(linear: Linear):
    drawing, axes = figure(width=9, height=5.2, columns=2)
    ranked = sorted(linear.terms, key=lambda term: linear.terms[term][1])
    sides = (
        (axes[0], ranked[-TERMS:], PURPLE, "for space"),
        (axes[1], ranked[:TERMS][::-1], GREY, "against space"),
    )
    for side, terms, colour, name in sides:
        side.barh(terms, [abs(linear.terms[term][1]) for term in terms], color=colour, height=0.7)
        title(side, f"Words and word pairs with the largest weights {name}")
        side.set_xlabel("weight in the logistic regression")
    return drawing


def _reliability(reliability: dict):
    drawing, [axes] = figure(width=5.2, height=4.4)
    bins = reliability["bins"]
    sure, right = ([bin_[name] for bin_ in bins] for name in ("sure", "right"))
    low, high = ([abs(bin_["right"] - bin_[name]) for bin_ in bins] for name in ("low", "high"))
    axes.plot([0, 1], [0, 1], color=GRID, linewidth=2)
    axes.errorbar(sure, right, yerr=[low, high], fmt="o", color=PURPLE, capsize=3)
    axes.set(xlabel="predicted probability of space", ylabel="share labelled space", xlim=(0, 1), ylim=(0, 1))
    title(axes, f"Is BERT calibrated? Calibration error {reliability['error']:.3f}")
    return drawing


def _curves(chances: dict[str, np.ndarray], labels: np.ndarray, names: dict[str, str]):
    drawing, axes = figure(width=9.5, height=4.4, columns=2)
    for key, chance in chances.items():
        order = np.argsort(-chance, kind="stable")
        hits = (labels[order] == 1).cumsum()
        flagged = np.arange(1, len(order) + 1)
        style = {"color": COLOURS[key], "label": names[key], "linewidth": 2 if key == "bert" else 1.2}
        axes[0].plot(hits / hits[-1], hits / flagged, **style)
        axes[1].plot((flagged - hits) / (flagged - hits)[-1], hits / hits[-1], **style)
    axes[0].set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0.4, 1.01))
    axes[1].set(xlabel="false positive rate", ylabel="recall", xlim=(-0.005, 0.3), ylim=(0.4, 1.01))
    axes[1].legend(frameon=False, fontsize=9, loc="lower right")
    title(axes[0], "Precision and recall of space, test split")
    title(axes[1], "ROC curve, left part")
    return drawing


def _communities(rows: list[dict]):
    drawing, [axes] = figure(width=8, height=0.26 * len(rows) + 1.4)
    ordered = sorted(rows, key=lambda row: row["said_space"] / max(row["n"], 1))
    shares = [100 * row["said_space"] / max(row["n"], 1) for row in ordered]
    colours = [PURPLE if row["label"] == "space" else GREY for row in ordered]
    axes.barh([row["name"] for row in ordered], shares, color=colours, height=0.72)
    axes.set_xlabel("% of test titles that BERT predicts as space (violet: labelled space)")
    title(axes, "Predicted as space, by community")
    return drawing


def _attributions(attributions: list[tuple[float, list[tuple[str, float]]]]):
    drawing, [axes] = figure(width=10, height=0.52 * len(attributions) + 1.2)
    axes.axis("off")
    axes.set(xlim=(0, 1), ylim=(len(attributions), -0.6))
    title(
        axes,
        "Which words matter (occlusion): violet words raise the probability of space, grey words lower it",
    )
    renderer = FigureCanvasAgg(drawing).get_renderer()
    drawing.draw_without_rendering()
    width = axes.get_window_extent(renderer).width
    for row, (chance, words) in enumerate(attributions):
        axes.text(0.0, row, f"{100 * chance:.0f} %", fontsize=11, fontweight="bold", color=INK, va="center")
        strongest = max((abs(part) for _, part in words), default=0) or 1
        at = 0.075
        for word, part in words:
            colour = PURPLE if part > 0 else GREY
            shade = f"{colour}{int(200 * min(1, abs(part) / max(strongest, 1.0))):02x}"
            drawn = axes.text(
                at,
                row,
                word,
                fontsize=11,
                va="center",
                color=INK,
                bbox={"facecolor": shade, "edgecolor": "none", "pad": 2.2},
            )
            at += drawn.get_window_extent(renderer).width / width + 0.012
    return drawing


def _training(curve: list[dict]):
    drawing, axes = figure(width=9, height=3.6, columns=2)
    epochs = [point["epoch"] for point in curve]
    axes[0].plot(epochs, [point["loss"] for point in curve], "o-", color=GREY, label="training, both tasks")
    axes[0].plot(
        epochs, [point["validation_loss"] for point in curve], "o-", color=PURPLE, label="validation"
    )
    axes[0].set(xlabel="epoch", ylabel="loss")
    axes[0].legend(frameon=False, fontsize=9)
    axes[1].plot(
        epochs, [point["average_precision"] for point in curve], "o-", color=PURPLE, label="average precision"
    )
    axes[1].plot(epochs, [point["f1"] for point in curve], "o-", color=TEAL, label="F1, best threshold")
    axes[1].set(xlabel="epoch")
    axes[1].legend(frameon=False, fontsize=9)
    title(axes[0], "Loss")
    title(axes[1], "On the validation split")
    return drawing


def _gold(found: dict):
    models = found["models"][::-1]
    drawing, [axes] = figure(width=8, height=0.5 * len(models) + 1.5)
    scores = [next(score for score in model["metrics"] if score["key"] == "f1_space") for model in models]
    rows, names = range(len(models)), [model["name"] for model in models]
    errors = [[abs(score["value"] - score[end]) for score in scores] for end in ("low", "high")]
    values = [score["value"] for score in scores]
    axes.errorbar(values, rows, xerr=errors, fmt="o", color=PURPLE, capsize=3, label="gold labels")
    axes.plot([score["f1_labels"] for score in models], rows, "D", color=GREY, label="community labels")
    axes.set_yticks([*rows], names)
    axes.set(xlabel="F1 of space, 95 % interval", xlim=(None, 1), ylim=(-0.6, len(models) - 0.4))
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    title(axes, f"F1 on the same {scores[0]['n']} gold titles, with two kinds of labels")
    return drawing
