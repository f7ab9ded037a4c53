"""The state of a Space: its settings and, if the embedded Hub runs Spaces, the state of its app."""

from typing import Any

from localhub.git.entries import Snapshot
from localhub.storage.repo import Repo
from localhub.storage.space import BASIC_HARDWARE, Space


def runtime(repo: Repo, snapshot: Snapshot, sdk: str | None, card: dict[str, Any]) -> dict[str, Any]:
    """Return stage, hardware, sleep time and volumes of a Space.

    The stage of a static Space is RUNNING, because its files can be read. Any other Space is PAUSED if it was paused, and
    NO_APP_FILE if it has no file to start. Otherwise the Space runner determines the stage; without a runner it is STOPPED.
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
