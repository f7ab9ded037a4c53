"""The ports that our servers are told to listen on: read from the environment, and proved free."""

import os
import socket

from spacehub.errors import SpaceHubError


def read(name: str, default: int) -> int:
    """Return the port that the environment variable `name` holds, or `default`.

    Raises
    ------
    SpaceHubError
        When it holds something else.
    """
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SpaceHubError(
            f"{name} is {text!r}, which is no port.", f"Use a number from 1 to 65535: {name}={default}"
        )
    return int(text)


def require_free(name: str, host: str, port: int) -> None:
    """Prove that `port`, which the variable `name` moves, can be listened on.

    Raises
    ------
    SpaceHubError
        When it cannot.
    """
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SpaceHubError(
                f"Port {port} cannot be listened on: {error.strerror}.",
                f"Stop what uses it (another demo, perhaps), or choose another port: {name}={_another(port)}",
            ) from error


def _another(port: int) -> int:
    return port + 100 if port <= 65435 else port - 100
