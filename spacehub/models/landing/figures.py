"""Draw the figures of the landing model's card from its forecasts and results alone."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from spacehub.models import sweep
from spacehub.models.figures import GREY, GRID, INK, ORANGE, PURPLE, RED, TEAL, figure, save, title
from spacehub.models.landing.evaluation import Forecasts
from spacehub.models.landing.features import FEATURES
from spacehub.models.landing.scores import BASELINES

LABELS = {feature.name: feature.label for feature in FEATURES}


def draw(flights: pd.DataFrame, forecasts: tuple[Forecasts, Forecasts], results: dict, folder: Path) -> None:
    """Draw the figures into `folder` as PNG; for a simulated table every title says so."""
    note = " (simulated)" if results["simulated"] else ""
    shuffled, ordered = forecasts
    chances = shuffled.chances[results["chosen"]["key"]]
    drawings = {
        "candidates": candidates(results, note),
        "pr_curve": pr_curve(flights, chances, note),
        "calibration": calibration(results["reliability"], note),
        "permutation_importance": permutation_importance(results["importance"], note),
        "confusion_matrix": confusion_matrix(results["warnings"], note),
        "over_time": over_time(flights, ordered, results["chosen"]["key"], note),
    }
    for name, drawing in drawings.items():
        save(drawing, folder / f"{name}.png")
    if "sweep" in results:
        sweep.draw(results["sweep"], folder)


def candidates(results: dict, note: str) -> Figure:
    """Draw each candidate's PR-AUC and Brier score with interval, next to the baselines'."""
    rows = results["candidates"]
    drawing, axes = figure(height=3.6, columns=2)
    keys = (
        ("pr_auc_failures", "PR-AUC for failures (higher is better)"),
        ("brier", "Brier score (lower is better)"),
    )
    for ax, (key, label) in zip(axes, keys, strict=True):
        for place, row in enumerate(reversed(rows)):
            score, colour = row[key], TEAL if row["chosen"] else GREY
            ax.plot(
                [score["low"], score["high"]],
                [place, place],
                color=colour,
                linewidth=2.5,
                solid_capstyle="round",
            )
            ax.plot(score["value"], place, "o", color=colour, markersize=8, markeredgecolor="white")
        metric = next(metric for metric in results["metrics"] if metric["key"] == key)
        for (name, value), style in zip(metric["baseline"].items(), ("--", ":"), strict=True):
            ax.axvline(value, color=ORANGE, linestyle=style, linewidth=1.6, label=BASELINES[name])
        ax.set_xlabel(label)
        ax.set(xlim=(0, None), ylim=(-0.5, len(rows) - 0.5))
        ax.grid(axis="x", color=GRID)
        ax.set_yticks(range(len(rows)), [row["name"] for row in reversed(rows)])
    axes[1].set_yticklabels([])
    drawing.legend(
        *axes[0].get_legend_handles_labels(), frameon=False, fontsize=9, loc="outside lower center", ncols=2
    )
    title(axes[0], f"Candidates, nested cross-validation, 95 % intervals{note}")
    return drawing


def pr_curve(flights: pd.DataFrame, chances: np.ndarray, note: str) -> Figure:
    """Draw precision against recall of failures, one line per repeat, with both baselines."""
    from sklearn.metrics import precision_recall_curve

    drawing, (axes,) = figure()
    failed = ~flights["landed"].to_numpy()
    for place, chance in enumerate(chances):
        precision, recall, _ = precision_recall_curve(failed, 1 - chance)
        label = f"model, {len(chances)} repeats" if place == 0 else None
        axes.step(recall, precision, where="post", color=TEAL, linewidth=2, alpha=0.75, label=label)
    precision, recall, _ = precision_recall_curve(failed, 1 - flights["landed_share_last_ten"])
    axes.step(
        recall,
        precision,
        where="post",
        color=ORANGE,
        linewidth=1.6,
        linestyle=":",
        label=BASELINES["last_ten"],
    )
    axes.axhline(failed.mean(), color=ORANGE, linestyle="--", linewidth=1.6, label=BASELINES["base_rate"])
    axes.set(
        xlabel=f"recall: share of the {failed.sum()} failures that the model flags",
        xlim=(0, 1.01),
        ylim=(0, 1.03),
    )
    axes.set_ylabel("precision: share of the flagged flights that failed")
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9)
    title(axes, f"Precision and recall for failures, {len(failed)} attempts, out of fold{note}")
    return drawing


def calibration(bins: list[dict], note: str) -> Figure:
    """Draw, bin by bin, the mean forecast probability and the share of successful landings, with Wilson intervals."""
    drawing, (axes,) = figure()
    for place, row in enumerate(bins):
        forecast, landed = (
            ("mean prediction", "share of landings, 95 % Wilson interval") if place == 0 else (None, None)
        )
        axes.plot(
            [place - 0.3, place + 0.3], [row["forecast"]] * 2, color=ORANGE, linewidth=2.5, label=forecast
        )
        axes.plot([place, place], [row["rate_low"], row["rate_high"]], color=TEAL, linewidth=2.5, alpha=0.6)
        axes.plot(place, row["rate"], "o", color=TEAL, markersize=9, markeredgecolor="white", label=landed)
    spans = [
        f"{100 * row['low']:.0f} to {100 * row['high']:.0f} %\n{row['landed']} of {row['n']} landed"
        for row in bins
    ]
    axes.set_xticks(range(len(bins)), spans)
    axes.set(
        ylim=(0, 1.03),
        xlabel="predicted probability of landing, out of fold",
        ylabel="share of successful landings",
    )
    axes.grid(axis="y", color=GRID)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    title(axes, f"Are the predicted probabilities calibrated?{note}")
    return drawing


def permutation_importance(rows: list[dict], note: str) -> Figure:
    """Draw how much shuffling each feature worsens the out-of-fold Brier score."""
    drawing, (axes,) = figure()
    for place, row in enumerate(reversed(rows)):
        axes.plot(
            [row["low"], row["high"]],
            [place, place],
            color=TEAL,
            linewidth=2.5,
            solid_capstyle="round",
            alpha=0.6,
        )
        axes.plot(row["brier_increase"], place, "o", color=TEAL, markersize=8, markeredgecolor="white")
    axes.axvline(0, color=GREY, linewidth=1.2)
    axes.set_yticks(range(len(rows)), [LABELS[row["feature"]] for row in reversed(rows)])
    axes.set_xlabel("increase in the Brier score when permuted (mean, 5th to 95th percentile)")
    axes.grid(axis="x", color=GRID)
    title(axes, f"Which features matter{note}")
    return drawing


def confusion_matrix(counts: dict, note: str) -> Figure:
    """Draw the consequences of a warning above a given probability of failure."""
    drawing, (axes,) = figure(height=3.6)
    table = np.array(
        [
            [counts["failures_warned"], counts["failures_missed"]],
            [counts["landings_warned"], counts["landings_passed"]],
        ]
    )
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(
        shares,
        cmap=LinearSegmentedColormap.from_list("teal", ["white", TEAL]),
        vmin=0,
        vmax=1.5,
        aspect="auto",
    )
    for (row, column), count in np.ndenumerate(table):
        text = f"{count}\n{100 * shares[row, column]:.0f} % of {table[row].sum()}"
        axes.text(column, row, text, ha="center", va="center", fontsize=12, color=INK)
    axes.set_xticks([0, 1], ["warning", "no warning"])
    axes.set_yticks([0, 1], ["failed", "landed"])
    axes.tick_params(length=0, labelsize=10)
    axes.spines[:].set_visible(False)
    title(
        axes,
        f"Warnings if the probability of failure is {100 * counts['threshold']:.0f} % or more, out of fold{note}",
    )
    return drawing


def over_time(flights: pd.DataFrame, ordered: Forecasts, name: str, note: str) -> Figure:
    """Draw the probability of each later flight by a model that was trained only on earlier flights."""
    drawing, (axes,) = figure()
    later = flights.iloc[ordered.rows]
    chance, landed = ordered.chances[name][0], later["landed"].to_numpy()
    axes.plot(
        later["date_utc"][landed], chance[landed], "o", color=TEAL, markersize=5, alpha=0.55, label="landed"
    )
    axes.plot(
        later["date_utc"][~landed],
        chance[~landed],
        "X",
        color=RED,
        markersize=11,
        markeredgecolor="white",
        label="failed",
    )
    rate = flights["landed"].expanding().mean().shift(1).iloc[ordered.rows]
    axes.step(
        later["date_utc"], rate, color=PURPLE, linewidth=1.5, where="post", label="share of landings so far"
    )
    axes.set(
        ylim=(min(0.5, chance.min() - 0.05), 1.02),
        ylabel="predicted probability of landing",
        xlabel="date of the flight",
    )
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    title(axes, f"Forward in time: each model is trained only on earlier flights{note}")
    return drawing
