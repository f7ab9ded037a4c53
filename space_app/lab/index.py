"""The index of the Lab's experiments, by week."""

from collections.abc import Sequence

from space_app.html import render
from space_app.lab.experiments import Listing


def index(experiments: Sequence[Listing]) -> str:
    """Return the index as HTML: a tile for each experiment with its image and its question."""
    return render("lab/index.html", experiments=experiments)
