"""Read the specification of a job from a request, and check the bounds of each part."""

import re
from dataclasses import dataclass
from typing import Any

from localhub.errors import HubError
from localhub.ids import check_path
from localhub.storage.space import check_hardware

DEFAULT_SECONDS = 30 * 60  # as on huggingface.co
MOST_SECONDS = 7 * 24 * 3600
MOST_WORDS = 1024
WORD_BYTES = 100_000  # Linux passes at most 128 KiB in one word to a program
TOTAL_BYTES = 1 << 20
MOST_VARIABLES = 256
MOST_LABELS = 64
MOST_VOLUMES = 16
MOST_ATTEMPTS = 10
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,255}", re.ASCII)
_LABEL = re.compile(r"[\w.-]{0,256}", re.ASCII)
_MOUNT = re.compile(r"(/(?!\.)[\w.-]{1,64}){1,8}", re.ASCII)
_IMAGE = re.compile(r"[!-~]{1,512}")
VOLUME_TYPES = ("bucket", "model", "dataset", "space")
_NOT_HERE = {
    "spaceId": "the image of a Space",
    "ssh": "SSH",
    "expose": "exposed ports",
    "network": "network groups",
    "resourceGroupId": "resource groups",
}


@dataclass(frozen=True)
class Volume:
    """Files of a repo or a bucket that a job finds at `mount_path`."""

    type: str
    source: str
    mount_path: str
    path: str
    revision: str | None
    read_only: bool


@dataclass(frozen=True)
class Spec:
    """The specification of a job: its command, environment, limits and volumes."""

    image: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    environment: dict[str, str]
    secrets: dict[str, str]
    flavor: str
    seconds: int
    attempts: int
    labels: dict[str, str]
    volumes: tuple[Volume, ...]


def read_spec(body: dict[str, Any]) -> Spec:
    """Read the body of a request to run a job.

    Raises
    ------
    HubError
        400 if a part is invalid or exceeds its bound, 501 for a feature that a local process cannot offer.
    """
    for key, what in _NOT_HERE.items():
        if body.get(key):
            raise HubError(501, f"This Hub runs jobs as local processes, so it does not support {what}.")
    image = body.get("dockerImage")
    if not isinstance(image, str) or not _IMAGE.fullmatch(image):
        raise HubError(400, "`dockerImage` must be the name of a Docker image.")
    command, arguments = _words(body, "command"), _words(body, "arguments")
    if not command or not command[0]:
        raise HubError(400, "`command` must have at least one word.")
    if len(command) + len(arguments) > MOST_WORDS:
        raise HubError(400, f"The command of a job must not exceed {MOST_WORDS} words.")
    environment, secrets = _variables(body, "environment"), _variables(body, "secrets")
    passed = [*command, *arguments, *environment, *environment.values(), *secrets, *secrets.values()]
    if sum(len(text.encode()) for text in passed) > TOTAL_BYTES:
        raise HubError(
            400, f"The command and variables of a job must not exceed {TOTAL_BYTES} bytes in total."
        )
    flavor = body.get("flavor")
    return Spec(
        image,
        command,
        arguments,
        environment,
        secrets,
        check_hardware("cpu-basic" if flavor is None else flavor),
        _number(body, "timeoutSeconds", DEFAULT_SECONDS, MOST_SECONDS),
        _number(body, "attempts", 1, MOST_ATTEMPTS),
        read_labels(body),
        _volumes(body),
    )


def read_labels(body: dict[str, Any]) -> dict[str, str]:
    """Read the labels of a job; 400 if the labels are invalid."""
    labels = _object(body, "labels", MOST_LABELS)
    for key, value in labels.items():
        if not key or not all(isinstance(text, str) and _LABEL.fullmatch(text) for text in (key, value)):
            raise HubError(
                400, "The key and the value of a label may contain only letters, digits, '-', '_' and '.'."
            )
    return labels


def _number(body: dict[str, Any], key: str, default: int, most: int) -> int:
    value = body.get(key)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise HubError(400, f"`{key}` must be a whole number from 1 to {most}.")
    return value


def _is_text(value: Any) -> bool:
    """Return whether a value can be passed to a program as a word or a variable."""
    if not isinstance(value, str) or len(value) > WORD_BYTES or "\0" in value:
        return False
    return len(value.encode()) <= WORD_BYTES


def _words(body: dict[str, Any], key: str) -> tuple[str, ...]:
    value = body.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(map(_is_text, value)):
        raise HubError(
            400,
            f"`{key}` must be a list of strings of at most {WORD_BYTES} bytes each, without null characters.",
        )
    return tuple(value)


def _object(body: dict[str, Any], key: str, most: int) -> dict[str, Any]:
    value = body.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > most:
        raise HubError(400, f"`{key}` must be an object with at most {most} entries.")
    return value


def _variables(body: dict[str, Any], key: str) -> dict[str, str]:
    found = _object(body, key, MOST_VARIABLES)
    for name, value in found.items():
        # The errors contain names alone: a value may be a secret.
        if not _NAME.fullmatch(name):
            raise HubError(400, f"{name[:64]!r} in `{key}` is not a valid name.")
        if not _is_text(value):
            raise HubError(
                400,
                f"The value of {name[:64]!r} in `{key}` must be a string of at most {WORD_BYTES} bytes, without null characters.",
            )
    return found


def _volumes(body: dict[str, Any]) -> tuple[Volume, ...]:
    value = body.get("volumes")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_VOLUMES:
        raise HubError(400, f"`volumes` must be a list of at most {MOST_VOLUMES} volumes.")
    volumes = tuple(map(_volume, value))
    if len({volume.mount_path for volume in volumes}) < len(volumes):
        raise HubError(
            400, "Two volumes have the same `mountPath`. Use a different `mountPath` for each volume."
        )
    return volumes


def _volume(value: Any) -> Volume:
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    kind, source, mount = given.get("type"), given.get("source"), given.get("mountPath")
    path, revision = given.get("path") or "", given.get("revision")
    if kind not in VOLUME_TYPES or not isinstance(source, str):
        raise HubError(
            400,
            f"A volume must have a source and a type. The type must be one of: {', '.join(VOLUME_TYPES)}.",
        )
    if not isinstance(mount, str) or not _MOUNT.fullmatch(mount):
        raise HubError(400, "The `mountPath` of a volume must be an absolute path, such as /data.")
    if revision is not None and (not isinstance(revision, str) or len(revision) > 255):
        raise HubError(400, "The revision of a volume must be a branch, a tag or a commit.")
    if path:
        path = check_path(path.rstrip("/") if isinstance(path, str) else path)
    return Volume(kind, source, mount, path, revision, given.get("readOnly") is True)
