"""Keep other web pages from using a visitor's browser to write to this Hub, or to read it under another name.

No response has CORS headers, so a page of another origin cannot read any. It can still send a form, which is rejected by
its ``Origin``; and it can resolve its own name to this machine (DNS rebinding), which is rejected by ``Host``.
"""

from urllib.parse import urlsplit

from localhub.errors import HubError
from localhub.hosts import is_loopback

_READING = {"GET", "HEAD", "OPTIONS"}


def check_browser(method: str, headers: dict[bytes, bytes], *, loopback: bool) -> None:
    """Check that a request does not come from another site's page.

    Parameters
    ----------
    method : str
        The request's method.
    headers : dict of bytes to bytes
        Names in lower case.
    loopback : bool
        Whether this Hub listens on loopback only, and so has no other name.

    Raises
    ------
    HubError
        403 for a host name that is not this machine's, and for a change requested by another origin.
    """
    host = headers.get(b"host", b"").decode("latin-1")
    if loopback and host and not is_loopback(_hostname(f"//{host}")):
        raise HubError(403, f"This Hub listens on this machine only; it is not {host[:100]}")
    origin = headers.get(b"origin")
    foreign = origin is not None and origin.decode("latin-1").partition("://")[2] != host
    if method not in _READING and (foreign or headers.get(b"sec-fetch-site") == b"cross-site"):
        raise HubError(403, "A page of another origin cannot change anything here")


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
