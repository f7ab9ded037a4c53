"""Draw the figures of the dataset's card: places, masses, years and groups."""

from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.data.meteorite_landings.table import MISPLACED

FELL, FOUND, DOUBT, GRID = "#d1495b", "#1b7f79", "#8a94a3", "#e6e8ec"


def draw(table: pd.DataFrame, folder: Path, *, note: str = "") -> None:
    """Draw the figures of `table` into `folder` as PNG; `note` is appended to each title."""
    for name, function in {
        "map": _map,
        "mass": _mass,
        "falls_by_decade": _falls_by_decade,
        "groups": _groups,
    }.items():
        function(table, note).savefig(folder / f"{name}.png", dpi=150, metadata={"Software": None})


def _figure(title: str, height: float = 4.2):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(color=GRID)
    return figure, axes


def _map(table: pd.DataFrame, note: str):
    placed = table[table["latitude"].notna()]
    figure, axes = _figure(f"{len(placed):,} meteorites with coordinates{note}", height=4.6)
    doubt = placed["flags"].map(lambda flags: any(flag in MISPLACED for flag in flags))
    for rows, colour, size, label in (
        (placed[~doubt & (placed["fall"] == "Found")], FOUND, 3, "found"),
        (placed[~doubt & (placed["fall"] == "Fell")], FELL, 6, "seen to fall"),
        (placed[doubt], DOUBT, 12, "unreliable position (see flags)"),
    ):
        axes.scatter(
            rows["longitude"],
            rows["latitude"],
            s=size,
            color=colour,
            linewidth=0,
            label=f"{label}, {len(rows):,}",
        )
    axes.set(xlim=(-180, 180), ylim=(-90, 90), xlabel="longitude, °", ylabel="latitude, °")
    axes.set_xticks(range(-180, 181, 60))
    axes.set_yticks(range(-90, 91, 30))
    axes.legend(frameon=False, loc="lower left", markerscale=2, fontsize=9)
    return figure


def _mass(table: pd.DataFrame, note: str):
    figure, axes = _figure(f"Masses of observed falls and of finds{note}")
    bins = np.logspace(-2, 8, 41)
    for fall, colour, label in ("Found", FOUND, "found"), ("Fell", FELL, "seen to fall"):
        masses = table.loc[table["fall"] == fall, "mass_g"].dropna()
        share = np.full(len(masses), 100 / max(len(masses), 1))
        name = f"{label}, median {masses.median():,.0f} g"
        axes.hist(masses, bins, weights=share, histtype="step", linewidth=1.8, color=colour, label=name)
    axes.set(xscale="log", xlabel="mass, g", ylabel="share of these meteorites, %")
    axes.legend(frameon=False, loc="upper right")
    return figure


def _falls_by_decade(table: pd.DataFrame, note: str):
    figure, axes = _figure(f"Meteorites seen to fall, by decade since 1800{note}")
    years = table.loc[table["fall"] == "Fell", "year"].dropna()
    counts = (years[years >= 1800] // 10 * 10).value_counts().sort_index()
    axes.bar(counts.index + 5, counts, width=8.5, color=FELL)
    axes.set(xlabel="decade (the last decade ends in 2013)", ylabel="falls")
    return figure


def _groups(table: pd.DataFrame, note: str):
    figure, axes = _figure(f"Meteorites by group{note}", height=5.2)
    counts = pd.crosstab(table["group"], table["fall"]).reindex(columns=["Found", "Fell"], fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values().index]
    places = np.arange(len(counts))
    axes.barh(places - 0.2, counts["Fell"], 0.4, color=FELL, label="seen to fall")
    axes.barh(places + 0.2, counts["Found"], 0.4, color=FOUND, label="found")
    axes.set_yticks(places, counts.index)
    axes.set(xscale="log", xlabel="number of meteorites", xlim=(0.8, None))
    axes.legend(frameon=False, loc="lower right")
    return figure
