"""The six pictures of the landing model's card, drawn from its forecasts and results alone."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spacehub.models.figures import GREY, GRID, INK, ORANGE, PURPLE, RED, TEAL, figure, save, title
from spacehub.models.landing.evaluation import Forecasts
from spacehub.models.landing.features import FEATURES
from spacehub.models.landing.scores import BASELINES

LABELS = {feature.name: feature.label for feature in FEATURES}


def draw(flights: pd.DataFrame, forecasts: tuple[Forecasts, Forecasts], results: dict, folder: Path) -> None:
    """Draw into `folder` as PNG; of a simulated table every title says so."""
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


def candidates(results: dict, note: str) -> Figure:
    """Draw each candidate's PR-AUC and Brier score with interval, beside the baselines'."""
    rows = results["candidates"]
    drawing, axes = figure(height=3.4, columns=2)
    keys = (
        ("pr_auc_failures", "PR-AUC of failures (more is better)"),
        ("brier", "Brier score (less is better)"),
    )
    for one, (key, label) in zip(axes, keys, strict=True):
        for place, row in enumerate(reversed(rows)):
            score, colour = row[key], TEAL if row["chosen"] else GREY
            one.plot(
                [score["low"], score["high"]],
                [place, place],
                color=colour,
                linewidth=2.5,
                solid_capstyle="round",
            )
            one.plot(score["value"], place, "o", color=colour, markersize=8, markeredgecolor="white")
        metric = next(metric for metric in results["metrics"] if metric["key"] == key)
        for (name, value), style in zip(metric["baseline"].items(), ("--", ":"), strict=True):
            one.axvline(value, color=ORANGE, linestyle=style, linewidth=1.6, label=BASELINES[name])
        one.set_xlabel(label)
        one.set_xlim(left=0)
        one.grid(axis="x", color=GRID)
        one.set_yticks(range(len(rows)), [row["name"] for row in reversed(rows)])
    axes[1].set_yticklabels([])
    axes[0].legend(frameon=False, fontsize=8, loc="lower right")
    title(axes[0], f"Candidates, nested cross-validation, 95 % intervals{note}")
    return drawing


def pr_curve(flights: pd.DataFrame, chances: np.ndarray, note: str) -> Figure:
    """Draw precision against recall of failures, a line a repeat, with both baselines."""
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
        xlabel=f"recall: share of the {failed.sum()} failures that are found", xlim=(0, 1.01), ylim=(0, 1.03)
    )
    axes.set_ylabel("precision: share of those flagged that failed")
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9)
    title(axes, f"Finding failures among {len(failed)} landings, out of fold{note}")
    return drawing


def calibration(bins: list[dict], note: str) -> Figure:
    """Draw the share that landed against the chance forecast, with Wilson intervals."""
    drawing, (axes,) = figure()
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1.2, label="perfectly calibrated")
    for place, row in enumerate(bins):
        label = "share landed, 95 % Wilson interval" if place == 0 else None
        axes.plot(
            [row["forecast"]] * 2, [row["rate_low"], row["rate_high"]], color=TEAL, linewidth=2.5, alpha=0.6
        )
        axes.plot(
            row["forecast"], row["rate"], "o", color=TEAL, markersize=8, markeredgecolor="white", label=label
        )
    for row, height in zip(bins, _apart([row["rate_low"] for row in bins]), strict=True):
        axes.annotate(
            f"{row['landed']} of {row['n']}",
            (row["forecast"], height),
            (-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
            color=INK,
        )
    axes.set(
        xlim=(0, 1.03), ylim=(0, 1.03), xlabel="chance of landing forecast, out of fold (mean of the bin)"
    )
    axes.set_ylabel("share that landed")
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    title(axes, f"Does a forecast chance come true?{note}")
    return drawing


def permutation_importance(rows: list[dict], note: str) -> Figure:
    """Draw by how much shuffling each feature worsens the out-of-fold Brier score."""
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
    axes.set_xlabel("growth of the Brier score when the feature is shuffled (mean, 5th to 95th percentile)")
    axes.grid(axis="x", color=GRID)
    title(axes, f"What the model leans on{note}")
    return drawing


def confusion_matrix(counts: dict, note: str) -> Figure:
    """Draw what comes of warning at a stated chance of failure."""
    drawing, (axes,) = figure(height=3.6)
    table = np.array(
        [
            [counts["failures_warned"], counts["failures_missed"]],
            [counts["landings_warned"], counts["landings_passed"]],
        ]
    )
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="BuGn", vmin=0, vmax=1.3, aspect="auto")
    for (row, column), count in np.ndenumerate(table):
        text = f"{count}\n{shares[row, column]:.0%} of {table[row].sum()}"
        axes.text(column, row, text, ha="center", va="center", fontsize=12, color=INK)
    axes.set_xticks([0, 1], ["warned of", "not warned of"])
    axes.set_yticks([0, 1], ["failed", "landed"])
    axes.tick_params(length=0, labelsize=10)
    axes.spines[:].set_visible(False)
    title(axes, f"Warning at a chance of failure of {counts['threshold']:.0%} or more, out of fold{note}")
    return drawing


def over_time(flights: pd.DataFrame, ordered: Forecasts, name: str, note: str) -> Figure:
    """Draw the chance that a model trained on the past alone gave each later flight."""
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
        later["date_utc"], rate, color=PURPLE, linewidth=1.5, where="post", label="share landed until then"
    )
    axes.set(ylim=(0, 1.03), ylabel="chance of landing forecast", xlabel="date of the flight")
    axes.grid(color=GRID)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    title(axes, f"Forecasting forward in time: each flight by a model of the flights before{note}")
    return drawing


def _apart(heights: list[float], gap: float = 0.055) -> list[float]:
    """Move heights downward where they lie closer than `gap`, so that labels do not overlap."""
    placed: list[float] = []
    for height in sorted(heights, reverse=True):
        placed.append(min(height, placed[-1] - gap) if placed else height)
    order = np.argsort(np.argsort([-height for height in heights], kind="stable"), kind="stable")
    return [placed[place] for place in order]
