"""The common look of every model's figures: one size, one palette, descriptive titles."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

TEAL, RED, GREY, PURPLE, ORANGE, INK = "#1b7f79", "#d1495b", "#8a94a3", "#6a4c93", "#c77d0a", "#1f2933"
GRID = "#e6e8ec"
DPI = 150


def figure(*, width: float = 8.0, height: float = 4.2, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a white figure, its size in inches, and its axes from left to right."""
    drawing = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    axes = [drawing.add_subplot(1, columns, place + 1) for place in range(columns)]
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
        ax.tick_params(colors=INK, labelsize=9)
        ax.set_axisbelow(True)
    return drawing, axes


def title(axes: Axes, text: str) -> None:
    """Set a left-aligned title."""
    axes.set_title(text, loc="left", fontsize=11.5, fontweight="bold", color=INK)


def save(drawing: Figure, path: Path) -> None:
    """Write a PNG at `DPI`, without the software's name, so that the same figure gives the same file."""
    drawing.savefig(path, dpi=DPI, metadata={"Software": None})
