"""Explain on a tab why a model cannot answer yet, and warn if a model was trained on simulated data."""

from space_app.html import render
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError


def waiting(watch: Watch, key: str) -> str:
    """Return the HTML that a tab shows until its model or dataset can answer; empty afterwards."""
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
    """Return the warning for a model trained on generated `inputs`; empty for a model trained on real data."""
    return render("shared/simulated.html", inputs=inputs, subject=subject) if status.simulated else ""
