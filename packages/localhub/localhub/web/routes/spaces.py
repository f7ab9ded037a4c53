"""The state of Spaces: secrets, variables, hardware, sleep, pause and volumes; a Space runner acts on them."""

from typing import Any

from starlette.routing import Route

from localhub.errors import HubError
from localhub.ids import RepoId, RepoType
from localhub.storage.repo import Repo
from localhub.storage.space import Space, check_hardware, check_seconds, check_volumes
from localhub.web.call import Call, endpoint
from localhub.web.info import card_data, space_sdk
from localhub.web.runtime import runtime


def get_secrets(call: Call) -> dict[str, Any]:
    """List the secrets, without their values."""
    return Space(_space(call, write=True)).secrets


def set_secret(call: Call) -> dict[str, Any]:
    """Add or change a secret."""
    repo = _space(call, write=True)
    Space(repo).set_secret(call.body)
    if call.hub.spaces is not None:
        call.hub.spaces.keep_secret(repo.id, call.body["key"], call.body["value"])
    _changed(call, repo)
    return Space(repo).secrets


def delete_secret(call: Call) -> dict[str, Any]:
    """Delete a secret if it exists."""
    return _remove(call, "secrets")


def get_variables(call: Call) -> dict[str, Any]:
    """Return all variables."""
    return Space(_space(call, write=True)).variables


def set_variable(call: Call) -> dict[str, Any]:
    """Add or change a variable."""
    repo = _space(call, write=True)
    Space(repo).set_variable(call.body)
    _changed(call, repo)
    return Space(repo).variables


def delete_variable(call: Call) -> dict[str, Any]:
    """Delete a variable if it exists."""
    return _remove(call, "variables")


def get_runtime(call: Call) -> dict[str, Any]:
    """Return the state of a Space."""
    return _runtime(_space(call))


def set_hardware(call: Call) -> dict[str, Any]:
    """Request hardware."""
    changes: dict[str, Any] = {"hardware": check_hardware(call.body.get("flavor"))}
    if call.body.get("sleepTimeSeconds") is not None:
        changes["sleepTime"] = check_seconds(call.body["sleepTimeSeconds"])
    return _change(call, **changes)


def set_sleep_time(call: Call) -> dict[str, Any]:
    """Set the number of idle seconds before a Space sleeps."""
    return _change(call, sleepTime=check_seconds(call.body.get("seconds")))


def pause(call: Call) -> dict[str, Any]:
    """Pause a Space."""
    return _change(call, paused=True)


def restart(call: Call) -> dict[str, Any]:
    """Start a Space again."""
    return _change(call, paused=None)


def set_dev_mode(call: Call) -> dict[str, Any]:
    """Turn development mode on or off."""
    return _change(call, devMode=call.field("enabled", bool, False))


def set_volumes(call: Call) -> dict[str, Any]:
    """Set the volumes to mount."""
    return _change(call, volumes=check_volumes(call.body.get("volumes")))


def delete_volumes(call: Call) -> dict[str, Any]:
    """Remove all volumes."""
    if not Space(_space(call, write=True)).state.get("volumes"):
        raise HubError(400, "This Space has no volumes.")
    return _change(call, volumes=None)


def no_templates(call: Call) -> dict[str, Any]:
    """List Space templates: this Hub has none."""
    return {"templates": []}


def _change(call: Call, **state: Any) -> dict[str, Any]:
    repo = _space(call, write=True)
    if _sdk(repo) == "static":
        raise HubError(400, "A static Space does not run code.")
    Space(repo).change(**state)
    _changed(call, repo)
    return _runtime(repo)


def keep_secrets(call: Call, repo: Repo) -> None:
    """Pass the runner the values of the secrets in a request that creates a Space."""
    for entry in call.body.get("secrets") or []:
        if call.hub.spaces is not None:
            call.hub.spaces.keep_secret(repo.id, entry["key"], entry["value"])


def _changed(call: Call, repo: Repo) -> None:
    """Report changed settings, and run the Space again with them."""
    call.hub.events.config(repo)
    if call.hub.spaces is not None and _sdk(repo) != "static":
        call.hub.spaces.restart(repo)


def _remove(call: Call, kind: str) -> dict[str, Any]:
    repo = _space(call, write=True)
    space = Space(repo)
    key = call.field("key", str, "")
    space.remove(kind, key)
    if call.hub.spaces is not None and kind == "secrets":
        call.hub.spaces.keep_secret(repo.id, key, None)
    _changed(call, repo)
    return space.secrets if kind == "secrets" else space.variables


def _runtime(repo: Repo) -> dict[str, Any]:
    snapshot = repo.snapshot()
    return runtime(repo, snapshot, _sdk(repo), card_data(snapshot))


def _sdk(repo: Repo) -> str | None:
    return space_sdk(repo.settings, card_data(repo.snapshot()))


def _space(call: Call, *, write: bool = False) -> Repo:
    return call.find(RepoId.of_path(RepoType.SPACE, call.path("namespace"), call.path("name")), write=write)


_SPACE = "/api/spaces/{namespace:part}/{name:part}"

routes = [
    Route("/api/spaces/templates", endpoint(no_templates)),
    Route(f"{_SPACE}/secrets", endpoint(get_secrets)),
    Route(f"{_SPACE}/secrets", endpoint(set_secret, body="json"), methods=["POST"]),
    Route(f"{_SPACE}/secrets", endpoint(delete_secret, body="json"), methods=["DELETE"]),
    Route(f"{_SPACE}/variables", endpoint(get_variables)),
    Route(f"{_SPACE}/variables", endpoint(set_variable, body="json"), methods=["POST"]),
    Route(f"{_SPACE}/variables", endpoint(delete_variable, body="json"), methods=["DELETE"]),
    Route(f"{_SPACE}/runtime", endpoint(get_runtime)),
    Route(f"{_SPACE}/hardware", endpoint(set_hardware, body="json"), methods=["POST"]),
    Route(f"{_SPACE}/sleeptime", endpoint(set_sleep_time, body="json"), methods=["POST"]),
    Route(f"{_SPACE}/pause", endpoint(pause), methods=["POST"]),
    Route(f"{_SPACE}/restart", endpoint(restart), methods=["POST"]),
    Route(f"{_SPACE}/dev-mode", endpoint(set_dev_mode, body="json"), methods=["POST"]),
    Route(f"{_SPACE}/volumes", endpoint(set_volumes, body="json"), methods=["PUT"]),
    Route(f"{_SPACE}/volumes", endpoint(delete_volumes), methods=["DELETE"]),
]
