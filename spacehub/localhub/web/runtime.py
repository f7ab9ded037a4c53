"""The state of a Space in the Hub's format. Nothing runs here: settings are returned, events are not made up."""

from typing import Any

from spacehub.localhub.git.entries import Snapshot
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.storage.space import BASIC_HARDWARE, Space


def runtime(repo: Repo, snapshot: Snapshot, sdk: str | None, card: dict[str, Any]) -> dict[str, Any]:
    """Return stage, hardware, sleep time and volumes of a Space.

    A static Space is RUNNING, because its files are available. Any other is PAUSED if it was paused, NO_APP_FILE if it lacks
    the file to start, and otherwise STOPPED.
    """
    state = Space(repo).state
    requested = None if sdk == "static" else state.get("hardware", BASIC_HARDWARE)
    answer = {
        "stage": _stage(snapshot, sdk, card, state),
        "hardware": {"current": None, "requested": requested},
        "storage": None,
        "gcTimeout": state.get("sleepTime"),
        "replicas": {"requested": 1},
        "devMode": state.get("devMode", False),
        "domains": [],
    }
    if "volumes" in state:
        answer["volumes"] = state["volumes"]
    return answer


def _stage(snapshot: Snapshot, sdk: str | None, card: dict[str, Any], state: dict[str, Any]) -> str:
    if sdk == "static":
        return "RUNNING"
    if state.get("paused"):
        return "PAUSED"
    default = "Dockerfile" if sdk == "docker" else "app.py"
    file = card.get("app_file") if sdk != "docker" else None
    return "STOPPED" if snapshot.file(file if isinstance(file, str) else default) else "NO_APP_FILE"
