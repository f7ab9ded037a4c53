"""What a web page elsewhere must not do through a visitor's browser: write to this Hub, or read it under another name.

No answer carries CORS headers, so a page of another origin can read none. It can still send a form, which is refused by
its ``Origin``; and it can have its own name lead to this machine (DNS rebinding), which is refused by ``Host``.
"""

import ipaddress
from urllib.parse import urlsplit

from spacehub.localhub.errors import HubError

_READING = {"GET", "HEAD", "OPTIONS"}


def check_browser(method: str, headers: dict[bytes, bytes], *, loopback: bool) -> None:
    """Let a request pass that no page elsewhere can have caused.

    Parameters
    ----------
    method : str
        Of the request.
    headers : dict of bytes to bytes
        Names in lower case.
    loopback : bool
        Whether this Hub listens on loopback only, and so has no other name.

    Raises
    ------
    HubError
        403 for a name that is not this machine's, and for a change that another origin asks for.
    """
    host = headers.get(b"host", b"").decode("latin-1")
    if loopback and host and not is_loopback(_hostname(f"//{host}")):
        raise HubError(403, f"This Hub listens on this machine only; it is not {host[:100]}")
    origin = headers.get(b"origin")
    foreign = origin is not None and origin.decode("latin-1").partition("://")[2] != host
    if method not in _READING and (foreign or headers.get(b"sec-fetch-site") == b"cross-site"):
        raise HubError(403, "A page of another origin cannot change anything here")


def is_loopback(host: str | None) -> bool:
    """Whether a name or an address is this machine's own."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
