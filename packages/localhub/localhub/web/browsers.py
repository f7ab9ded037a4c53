"""Prevent other web pages from using a visitor's browser to write to this Hub, or to read it under another host name.

A page of another origin cannot read any response: CORS headers let only pages of this machine read files, such as a
static Space's. Such a page can still send a form, which the Hub rejects because of its ``Origin``. It can also resolve
its own name to this machine (DNS rebinding), which the Hub rejects because of ``Host``.
"""

from urllib.parse import urlsplit

from localhub.errors import HubError
from localhub.hosts import is_loopback

_READING = {"GET", "HEAD", "OPTIONS"}
# Files of repos, which huggingface.co lets pages of every origin read.
_FILES = "/resolve/"
_SHOWN = b"Accept-Ranges, Content-Range, ETag, X-Error-Code, X-Error-Message, X-Linked-Etag, X-Linked-Size, X-Repo-Commit"


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
        raise HubError(
            403,
            f"This Hub accepts only requests to a loopback host, such as localhost or 127.0.0.1, not to {host[:100]}.",
        )
    origin = headers.get(b"origin")
    foreign = origin is not None and origin.decode("latin-1").partition("://")[2] != host
    if method not in _READING and (foreign or headers.get(b"sec-fetch-site") == b"cross-site"):
        raise HubError(403, "A page from another origin cannot change anything on this Hub.")


def shared_headers(method: str, path: str, headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    """Return the CORS headers that let a page of this machine, on another port, read a file; otherwise no headers.

    The headers allow no credentials, and the Hub answers no preflight. So such a page can read only public files.
    """
    origin = headers.get(b"origin", b"")
    if method not in ("GET", "HEAD") or _FILES not in path:
        return []
    if not is_loopback(_hostname(origin.decode("latin-1"))):
        return [(b"vary", b"Origin")]
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", _SHOWN),
        (b"vary", b"Origin"),
    ]


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
