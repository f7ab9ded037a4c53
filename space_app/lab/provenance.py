"""Which data an experiment shows, for people and for programs; loudly when it is simulated."""

from typing import TypedDict

from space_app.watch import Status
from space_app.words import age, commit_link, esc


class Source(TypedDict):
    """Which data answered."""

    dataset: str
    commit: str
    simulated: bool


def source(status: Status) -> Source:
    """Return which data answered, for a program."""
    return Source(dataset=status.entry.repo_id, commit=status.commit, simulated=status.simulated)


def provenance(status: Status, *, simulated: str) -> str:
    """Return the repository, its commit and age as HTML; `simulated` is shown when the data are simulated."""
    loud = (
        f'<div class="notice loud"><b>Simulated data.</b> {esc(simulated)}</div>' if status.simulated else ""
    )
    link = commit_link(status.page, status.commit)
    return f'{loud}<p class="provenance">{esc(status.entry.repo_id)} at {link}, published {age(status.made)}.</p>'
