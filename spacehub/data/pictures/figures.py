"""Draw the figures of an image dataset: some images of each class, and their number."""

import io
from pathlib import Path

import pandas as pd

ACROSS = 8
COLOURS = {"train": "#3a6ea5", "validation": "#e0a458", "test": "#c9495b"}


def draw(tables: dict[str, pd.DataFrame], folder: Path, *, note: str = "") -> None:
    """Draw the figures into `folder` as PNG; `note` is appended to each title."""
    _sheet(tables["train"], note).savefig(folder / "pictures.png", dpi=100)
    _counts(tables, note).savefig(folder / "classes.png", dpi=150)


def _sheet(table: pd.DataFrame, note: str):
    from matplotlib.figure import Figure
    from PIL import Image

    classes = sorted(table["label"].unique())
    figure = Figure(figsize=(ACROSS + 2.2, len(classes) + 0.6), facecolor="white")
    cells = figure.subplots(len(classes), ACROSS, squeeze=False)
    figure.subplots_adjust(
        left=0.2, right=0.99, bottom=0.01, top=1 - 0.6 / (len(classes) + 0.6), wspace=0.04, hspace=0.04
    )
    for cell in cells.flat:
        cell.axis("off")
    for row, name in zip(cells, classes, strict=True):
        row[0].text(-0.1, 0.5, name, transform=row[0].transAxes, ha="right", va="center", fontsize=11)
        for cell, image in zip(row, table.loc[table["label"] == name, "image"], strict=False):
            cell.imshow(Image.open(io.BytesIO(image["bytes"])).convert("RGB"))
    figure.suptitle(f"Training images, one row per class{note}", x=0.01, ha="left", fontweight="bold")
    return figure


def _counts(tables: dict[str, pd.DataFrame], note: str):
    from matplotlib.figure import Figure

    counts = pd.DataFrame(
        {name: table["label"].value_counts() for name, table in tables.items()}
    ).sort_index()
    figure = Figure(figsize=(8, 0.32 * len(counts) + 1.2), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.set_title(f"Images by class and split{note}", loc="left", fontsize=12, fontweight="bold")
    left = pd.Series(0, index=counts.index)
    for name, colour in COLOURS.items():
        bars = axes.barh(counts.index, counts[name], left=left, color=colour, label=name, height=0.75)
        left += counts[name]
    axes.bar_label(bars, labels=[str(n) for n in left], padding=3, fontsize=9)
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, -0.02 - 1.4 / len(counts)))
    return figure
