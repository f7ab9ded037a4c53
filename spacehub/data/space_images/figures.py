"""Draw the card's figure: all images on one sheet."""

import io
from pathlib import Path

import pandas as pd

ACROSS = 4


def draw(table: pd.DataFrame, folder: Path, *, note: str = "") -> None:
    """Draw the sheet into `folder` as PNG; `note` is appended to its title."""
    from matplotlib.figure import Figure
    from PIL import Image

    down = -(-len(table) // ACROSS)
    figure = Figure(figsize=(3.1 * ACROSS, 3.1 * down + 0.5), layout="constrained", facecolor="white")
    cells = list(figure.subplots(down, ACROSS, squeeze=False).flat)
    for cell in cells:
        cell.axis("off")
    for cell, row in zip(cells, table.itertuples(), strict=False):
        picture = Image.open(io.BytesIO(row.image["bytes"])).convert("RGB")
        picture.thumbnail((512, 512))
        cell.imshow(picture)
        cell.set_title(f"{row.name}, {row.width} × {row.height}", fontsize=9)
    figure.suptitle(f"Images{note}", x=0.01, ha="left", fontweight="bold")
    figure.savefig(folder / "pictures.png", dpi=100)
