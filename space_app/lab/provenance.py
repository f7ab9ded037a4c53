"""Describe the origin of an experiment's data, on the page and in the API. Simulated data get a warning."""

from typing import TypedDict

from space_app.html import render
from space_app.watch import Status


class Source(TypedDict):
    """The origin of the data behind an answer."""

    dataset: str
    commit: str
    simulated: bool


def source(status: Status) -> Source:
    """Return the origin of the data behind an answer, for API clients."""
    return Source(dataset=status.entry.repo_id, commit=status.commit, simulated=status.simulated)


def provenance(status: Status, *, simulated: str) -> str:
    """Return the repository, its commit and its age as HTML. `simulated` is the warning for simulated data."""
    return render("lab/provenance.html", status=status, simulated=simulated)
