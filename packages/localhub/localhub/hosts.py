"""Recognise the addresses of this machine."""

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Return whether a name or an address belongs to this machine."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
