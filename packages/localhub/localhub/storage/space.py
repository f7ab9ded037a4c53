"""The settings of a Space: ``space.json`` next to its git repository.

The value of a secret is never stored. Only its name, description and date are stored.
"""

from typing import Any

from localhub.errors import HubError
from localhub.storage.records import Record
from localhub.storage.repo import Repo
from localhub.times import now

BASIC_HARDWARE = "cpu-basic"
_NAME_CHARACTERS = 256
_VALUE_CHARACTERS = 1 << 16


class Space:
    """The settings of one Space."""

    def __init__(self, repo: Repo):
        self._record = Record(repo.folder / "space.json", lock=repo.lock, below=repo.folder)

    @property
    def secrets(self) -> dict[str, dict[str, str]]:
        """Return description and date of each secret."""
        return self._record.read().get("secrets", {})

    @property
    def variables(self) -> dict[str, dict[str, str]]:
        """Return value, description and date of each variable."""
        return self._record.read().get("variables", {})

    @property
    def state(self) -> dict[str, Any]:
        """Return the values that are set: ``hardware``, ``sleepTime`` in seconds, ``paused``, ``devMode``, ``volumes``."""
        kept = self._record.read()
        return {
            key: kept[key] for key in ("hardware", "sleepTime", "paused", "devMode", "volumes") if key in kept
        }

    def set_secret(self, entry: dict[str, Any]) -> None:
        """Record a secret ``{"key", "value", "description"?}`` without its value."""
        described = _described(entry)
        with self._record.change() as record:
            record.setdefault("secrets", {})[entry["key"]] = described

    def set_variable(self, entry: dict[str, Any]) -> None:
        """Store a variable ``{"key", "value", "description"?}``."""
        stored = {"value": entry.get("value"), **_described(entry)}
        with self._record.change() as record:
            record.setdefault("variables", {})[entry["key"]] = stored

    def remove(self, kind: str, key: str) -> None:
        """Delete one of the "secrets" or "variables", if it exists."""
        with self._record.change() as record:
            record.get(kind, {}).pop(key, None)

    def change(self, **state: Any) -> None:
        """Set some of `state`; None deletes an entry."""
        with self._record.change() as record:
            for key, value in state.items():
                if value is None:
                    record.pop(key, None)
                else:
                    record[key] = value

    def set_up(self, body: dict[str, Any]) -> None:
        """Read a Space's settings from a request to create or duplicate it: hardware, sleep time, secrets, variables, volumes.

        Raises
        ------
        HubError
            400 if a setting has the wrong form.
        """
        for key, store in (("secrets", self.set_secret), ("variables", self.set_variable)):
            for entry in _list_of_objects(body, key):
                store(entry)
        hardware, seconds = body.get("hardware"), body.get("sleepTimeSeconds")
        if hardware is not None:
            self.change(hardware=check_hardware(hardware))
        if seconds is not None:
            self.change(sleepTime=check_seconds(seconds))
        if volumes := _list_of_objects(body, "volumes"):
            self.change(volumes=check_volumes(volumes))


def check_hardware(value: Any) -> str:
    """Return the name of a kind of hardware, or raise 400; this Hub does not check that it exists."""
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise HubError(400, "`hardware` must be the name of a hardware type, such as cpu-basic.")
    return value


def check_seconds(value: Any) -> int:
    """Return the seconds until a Space sleeps, -1 for never, or raise 400."""
    if not isinstance(value, int) or isinstance(value, bool) or not -1 <= value < 1 << 31:
        raise HubError(400, "The sleep time must be a whole number of seconds, or -1 to never sleep.")
    return value


def check_volumes(volumes: Any) -> list[dict[str, Any]]:
    """Return the volumes to mount, each ``{"type", "source", "mountPath", ...}``, or raise 400."""
    for volume in _list_of_objects({"volumes": volumes}, "volumes"):
        if not all(isinstance(volume.get(key), str) for key in ("type", "source", "mountPath")):
            raise HubError(400, "A volume must have a `type`, a `source` and a `mountPath`.")
        if not volume["mountPath"].startswith("/"):
            raise HubError(400, "The `mountPath` of a volume must start with /.")
    return volumes


def _described(entry: dict[str, Any]) -> dict[str, str]:
    key, value, description = entry.get("key"), entry.get("value"), entry.get("description")
    if not isinstance(key, str) or not 0 < len(key) <= _NAME_CHARACTERS:
        raise HubError(400, f"A secret or variable must have a `key` of 1 to {_NAME_CHARACTERS} characters.")
    if not isinstance(value, str) or len(value) > _VALUE_CHARACTERS:
        raise HubError(400, "The value of a secret or a variable must be a string.")
    described = {"updatedAt": now()}
    if isinstance(description, str):
        described["description"] = description[:_VALUE_CHARACTERS]
    return described


def _list_of_objects(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = body.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise HubError(400, f"`{key}` must be a list of objects.")
    return value
