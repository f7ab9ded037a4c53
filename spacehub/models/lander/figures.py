"""Draw the figures of the lander's card from its training curves, flights and scores alone."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from spacehub.models.figures import GREY, GRID, INK, ORANGE, PURPLE, RED, TEAL, figure, save, title
from spacehub.serving.lander.flight import MOST_STEPS, OUTCOMES
from spacehub.serving.lander.telemetry import FLAGS

COLOURS = dict(zip(OUTCOMES, (TEAL, ORANGE, RED, PURPLE, GREY), strict=True))
WORLDS = {"calm": "calm", "wind": "wind 15, turbulence 1.5"}
PILOTS = {"agent": "this agent", "heuristic": "heuristic", "random": "random"}


def draw(runs: list[dict], flown: dict[str, dict[str, pd.DataFrame]], results: dict, folder: Path) -> None:
    """Draw the figures into `folder` as PNG."""
    drawings = {
        "learning_curve": learning_curve(runs, results),
        "returns": returns(flown),
        "outcomes": outcomes(results["scores"]),
        "failures": failures(flown["agent"]),
    }
    for name, drawing in drawings.items():
        save(drawing, folder / f"{name}.png")


def learning_curve(runs: list[dict], results: dict) -> Figure:
    """Draw the mean reward on the validation seeds during training, one line per run, with their range."""
    drawing, [axes] = figure()
    steps = np.array([point["steps"] for point in runs[0]["curve"]]) / 1e6
    curves = np.array([[point["validation_reward"] for point in run["curve"]] for run in runs])
    if len(runs) > 1:
        axes.fill_between(
            steps, curves.min(axis=0), curves.max(axis=0), color=TEAL, alpha=0.15, linewidth=0, label="range"
        )
    for run, curve in zip(runs, curves, strict=True):
        kept = run["number"] == results["chosen"]["run"]
        label = f"run {run['number']}{' (published)' if kept else ''}"
        axes.plot(steps, curve, color=TEAL if kept else GREY, linewidth=2 if kept else 1.2, label=label)
    best = results["chosen"]
    axes.plot(best["steps"] / 1e6, best["validation_reward"], "o", color=TEAL, markeredgecolor="white")
    axes.axhline(200, color=ORANGE, linestyle="--", linewidth=1.4, label="solved: 200")
    axes.set(xlabel="environment steps, millions", ylabel="mean reward")
    axes.set_ylim(max(curves.min(), -400) - 20, 320)
    axes.grid(axis="y", color=GRID)
    axes.legend(frameon=False, fontsize=9, loc="lower right")
    title(axes, f"Learning curves on {results['seeds']['validation']['n']} validation seeds")
    return drawing


def returns(flown: dict[str, dict[str, pd.DataFrame]]) -> Figure:
    """Draw the rewards of the counted flights by outcome, in calm air and in wind."""
    drawing, both = figure(width=9, columns=2)
    rewards = [flights["total_reward"] for flights in flown["agent"].values()]
    low, high = min(points.min() for points in rewards), max(points.max() for points in rewards)
    bins = np.linspace(min(low, 0), max(high, 300), 51)
    for axes, (world, flights) in zip(both, flown["agent"].items(), strict=True):
        parts = [(name, flights.loc[flights["outcome"] == name, "total_reward"]) for name in OUTCOMES]
        parts = [(name, part) for name, part in parts if len(part)]
        axes.hist(
            [part for _, part in parts],
            bins=bins,
            stacked=True,
            color=[COLOURS[name] for name, _ in parts],
            label=[f"{name}: {len(part)}" for name, part in parts],
        )
        axes.axvline(flights["total_reward"].mean(), color=INK, linewidth=1.2, linestyle="--")
        axes.set(xlabel="total reward (dashed: mean)", ylabel="flights")
        axes.grid(axis="y", color=GRID)
        axes.legend(frameon=False, fontsize=9, loc="upper left")
        title(axes, f"{len(flights):,} seeds, {WORLDS[world]}")
    return drawing


def failures(flown: dict[str, pd.DataFrame]) -> Figure:
    """Draw where and when each flight that did not land ended; filled markers have both legs on the ground."""
    drawing, both = figure(width=9, columns=2)
    for axes, (world, flights) in zip(both, flown.items(), strict=True):
        axes.axvspan(-FLAGS, FLAGS, color=TEAL, alpha=0.12, linewidth=0)
        for name in OUTCOMES[1:]:
            part = flights[flights["outcome"] == name]
            down = part["legs"] == 2
            axes.scatter(
                part["x"],
                part["steps"],
                s=16,
                facecolors=[COLOURS[name] if both_legs else "white" for both_legs in down],
                edgecolors=COLOURS[name],
                label=f"{name}: {len(part)}, on both legs: {down.sum()}",
            )
        axes.set(
            xlabel="final position, m from the middle of the pad", xlim=(-10, 10), xticks=range(-10, 11, 5)
        )
        axes.set(ylabel="steps", ylim=(0, 1.4 * MOST_STEPS), yticks=range(0, MOST_STEPS + 1, 250))
        axes.grid(axis="y", color=GRID)
        axes.legend(frameon=False, fontsize=9, loc="upper left")
        failed = (flights["outcome"] != "landed").sum()
        title(axes, f"Did not land, {world}: {failed:,} of {len(flights):,}")
    return drawing


def outcomes(scores: dict[str, dict[str, dict]]) -> Figure:
    """Draw the share of each outcome, by pilot and conditions."""
    drawing, [axes] = figure(height=3.2)
    rows = [(pilot, world) for pilot in PILOTS for world in WORLDS]
    for place, (pilot, world) in enumerate(reversed(rows)):
        left = 0.0
        for name in OUTCOMES:
            share = 100 * scores[pilot][world]["outcomes"][name]["value"]
            axes.barh(place, share, left=left, color=COLOURS[name], height=0.7)
            left += share
    for name in OUTCOMES:
        axes.barh(0, 0, color=COLOURS[name], label=name)
    axes.set_yticks(
        range(len(rows)), [f"{PILOTS[pilot]}, {WORLDS[world]}" for pilot, world in reversed(rows)]
    )
    axes.set(xlabel="% of flights", xlim=(0, 100))
    drawing.legend(loc="outside lower center", ncols=len(OUTCOMES), frameon=False, fontsize=9)
    title(axes, "Outcomes of the flights")
    return drawing
