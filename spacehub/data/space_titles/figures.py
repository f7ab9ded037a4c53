"""Draw the dataset's figures: titles by community and split, and the dates of the posts."""

from pathlib import Path

import pandas as pd

from spacehub.data.space_titles.communities import SPACE
from spacehub.data.space_titles.split import LATER, SPLITS

COLOURS = dict(zip(SPLITS, ("#3a6ea5", "#e0a458", "#c9495b", "#6a4c93"), strict=True))
LABEL_COLOURS = {"space": "#6a4c93", "other": "#8a94a3"}


def draw(tables: dict[str, pd.DataFrame], folder: Path, *, note: str = "") -> None:
    """Draw the figures into `folder` as PNG; `note` is appended to each title."""
    _communities(tables, note).savefig(folder / "communities.png", dpi=150)
    _months(pd.concat(tables.values()), note).savefig(folder / "months.png", dpi=150)


def _figure(title: str, height: float):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, height), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _communities(tables: dict[str, pd.DataFrame], note: str):
    counts = pd.DataFrame({name: table["community"].value_counts() for name, table in tables.items()}).fillna(
        0
    )
    order = sorted(counts.index, key=lambda name: (name not in SPACE, name.lower()))
    counts = counts.loc[order]
    figure, axes = _figure(f"Titles by community and split (bold: about space){note}", 7.6)
    left = pd.Series(0.0, index=counts.index)
    for name, colour in COLOURS.items():
        axes.barh(counts.index, counts[name], left=left, color=colour, label=name, height=0.75)
        left += counts[name]
    for tick in axes.get_yticklabels():
        tick.set_fontweight("bold" if tick.get_text() in SPACE else "normal")
    axes.invert_yaxis()
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.04))
    return figure


def _months(posts: pd.DataFrame, note: str):
    figure, axes = _figure(f"Titles by quarter (dashed line: start of the later split){note}", 3.4)
    months = posts["created"].dt.to_period("Q")
    counts = pd.crosstab(months, posts["label"])
    places, bottom = [period.start_time for period in counts.index], 0
    for name, colour in LABEL_COLOURS.items():
        axes.bar(places, counts[name], width=80, bottom=bottom, color=colour, label=name, align="edge")
        bottom = bottom + counts[name].to_numpy()
    axes.axvline(pd.Timestamp(LATER), color="#1f2933", linewidth=1, linestyle="--")
    axes.set_ylabel("titles per quarter")
    axes.legend(frameon=False, loc="upper left")
    return figure
