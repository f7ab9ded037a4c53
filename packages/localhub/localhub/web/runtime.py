"""The state of a Space, as the Hub shows it: what is set and, on a Hub with a Space runner, what runs."""

from typing import Any

from localhub.git.entries import Snapshot
from localhub.storage.repo import Repo
from localhub.storage.space import BASIC_HARDWARE, Space


def runtime(repo: Repo, snapshot: Snapshot, sdk: str | None, card: dict[str, Any]) -> dict[str, Any]:
    """Return stage, hardware, sleep time and volumes of a Space.

    A static Space is RUNNING, for its files can be had. Another one is PAUSED if it was paused, NO_APP_FILE if it lacks
    the file to start, and else what the Space runner says; STOPPED where none runs it.
    """
    state = Space(repo).state
    running = (repo.running or {}) if sdk != "static" else {}
    requested = None if sdk == "static" else state.get("hardware", BASIC_HARDWARE)
    answer = {
        "stage": _stage(snapshot, sdk, card, state, running),
        "hardware": {"current": running.get("hardware"), "requested": requested},
        "storage": None,
        "gcTimeout": state.get("sleepTime"),
        "replicas": {"requested": 1},
        "devMode": state.get("devMode", False),
        "domains": [],
    }
    if "sha" in running:
        answer["sha"] = running["sha"]
    if "volumes" in state:
        answer["volumes"] = state["volumes"]
    return answer


def _stage(
    snapshot: Snapshot, sdk: str | None, card: dict[str, Any], state: dict[str, Any], running: dict[str, Any]
) -> str:
    if sdk == "static":
        return "RUNNING"
    if state.get("paused"):
        return "PAUSED"
    default = "Dockerfile" if sdk == "docker" else "app.py"
    file = card.get("app_file") if sdk != "docker" else None
    if snapshot.file(file if isinstance(file, str) else default) is None:
        return "NO_APP_FILE"
    return running.get("stage", "STOPPED")
