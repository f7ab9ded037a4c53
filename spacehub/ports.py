"""Read the ports of our servers from the environment, and check that the ports are free."""

import os
import socket

from spacehub.errors import SpaceHubError


def read(name: str, default: int) -> int:
    """Return the port in the environment variable `name`, or `default` if it is not set.

    Raises
    ------
    SpaceHubError
        If the value of the variable is not a port number.
    """
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SpaceHubError(
            f"{name} is {text!r}, which is not a port number.",
            f"Use a number from 1 to 65535, such as {name}={default}",
        )
    return int(text)


def require_free(name: str, host: str, port: int) -> None:
    """Check that a server can listen on `port`, which the variable `name` sets.

    Raises
    ------
    SpaceHubError
        If a server cannot listen on the port.
    """
    with socket.socket() as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SpaceHubError(
                f"Cannot listen on port {port}: {error.strerror}.",
                f"Stop the program that uses this port, such as another demo, or choose another port: {name}={_another(port)}",
            ) from error


def _another(port: int) -> int:
    return port + 100 if port <= 65435 else port - 100
