"""Draw the figures of the dataset's card: landings by year, and payload mass by orbit."""

from pathlib import Path

import pandas as pd

COLOURS = {"success": "#1b7f79", "failure": "#d1495b", "precluded": "#8d6a9f", "no attempt": "#c9ced6"}
LABELS = {
    "success": "landed",
    "failure": "failed",
    "precluded": "lost before landing",
    "no attempt": "not attempted",
}


def draw(table: pd.DataFrame, folder: Path, *, note: str = "") -> None:
    """Draw the figures of `table` into `folder` as PNG; `note` is appended to each title."""
    _landings_by_year(table, note).savefig(folder / "landings_by_year.png", dpi=150)
    _mass_by_orbit(table, note).savefig(folder / "payload_mass_by_orbit.png", dpi=150)


def _figure(title: str):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.2), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    return figure, axes


def _landings_by_year(table: pd.DataFrame, note: str):
    figure, axes = _figure(f"Falcon 9 launches by year and landing outcome{note}")
    years = range(table["date_utc"].dt.year.min(), table["date_utc"].dt.year.max() + 1)
    counts = pd.crosstab(table["date_utc"].dt.year, table["landing_outcome"]).reindex(years, fill_value=0)
    below = pd.Series(0, index=counts.index)
    for outcome, colour in COLOURS.items():
        if outcome in counts:
            axes.bar(
                counts.index, counts[outcome], bottom=below, color=colour, label=LABELS[outcome], width=0.8
            )
            below += counts[outcome]
    axes.bar_label(axes.containers[-1], labels=[str(n or "") for n in below], padding=2, fontsize=9)
    axes.set_xticks(list(years))
    axes.tick_params(axis="x", length=0, labelsize=9)
    axes.set_ylabel("launches")
    axes.grid(axis="y", color="#e6e8ec")
    axes.legend(frameon=False, loc="upper left")
    return figure


def _mass_by_orbit(table: pd.DataFrame, note: str):
    import numpy as np

    figure, axes = _figure(f"Payload mass by orbit{note}")
    known = table.dropna(subset=["payload_mass_kg", "orbit"])
    orbits = known.groupby("orbit")["payload_mass_kg"].median().sort_values().index
    rng = np.random.default_rng(0)
    for outcome in ("no attempt", "precluded", "success", "failure"):
        rows = known[known["landing_outcome"] == outcome]
        heights = (
            rows["orbit"].map({orbit: place for place, orbit in enumerate(orbits)}).to_numpy(dtype=float)
        )
        axes.scatter(
            rows["payload_mass_kg"] / 1000,
            heights + rng.uniform(-0.26, 0.26, len(rows)),
            s=26,
            color=COLOURS[outcome],
            edgecolor="white",
            linewidth=0.4,
            label=LABELS[outcome],
            zorder=3 if outcome == "failure" else 2,
        )
    counts = known["orbit"].value_counts()
    axes.set_yticks(range(len(orbits)), [f"{orbit} ({counts[orbit]})" for orbit in orbits])
    axes.set_ylim(-0.6, len(orbits) - 0.4)
    axes.set_xlim(left=0)
    axes.set_xlabel("payload mass, t (in parentheses: launches with a known mass)")
    axes.grid(axis="x", color="#e6e8ec")
    axes.legend(frameon=False, loc="lower right", fontsize=9)
    return figure
