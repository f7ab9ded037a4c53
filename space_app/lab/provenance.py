"""Report which data an experiment shows, for people and for programs, with a warning if it is simulated."""

from typing import TypedDict

from space_app.html import render
from space_app.watch import Status


class Source(TypedDict):
    """Which data an answer comes from."""

    dataset: str
    commit: str
    simulated: bool


def source(status: Status) -> Source:
    """Return which data an answer comes from, for a program."""
    return Source(dataset=status.entry.repo_id, commit=status.commit, simulated=status.simulated)


def provenance(status: Status, *, simulated: str) -> str:
    """Return the repository, its commit and age as HTML. `simulated` is the warning for simulated data."""
    return render("lab/provenance.html", status=status, simulated=simulated)
