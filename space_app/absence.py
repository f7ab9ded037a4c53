"""Explain on a tab why a model cannot answer yet, and warn when a model comes from simulated data."""

from space_app.html import render
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError


def waiting(watch: Watch, key: str) -> str:
    """Return what a tab shows while a model or dataset that it needs is missing; empty once the tab can answer."""
    reason = "Checking the Hub …"
    if watch.looked:
        try:
            watch.ready(key)
        except SpaceHubError as error:
            reason = str(error)
        else:
            return ""
    return render("shared/waiting.html", entry=watch.status(key).entry, reason=reason)


def simulated(status: Status, *, inputs: str, subject: str) -> str:
    """Return the warning for a model that was trained on generated `inputs`; empty for a model of real data."""
    return render("shared/simulated.html", inputs=inputs, subject=subject) if status.simulated else ""
