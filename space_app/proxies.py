"""Decide which proxies may say, in X-Forwarded-For, which address a visitor has.

Anyone can send this header. Each proxy appends, on the right, the address that connected to it. The visitor's
address is therefore the right-most address that does not belong to a trusted proxy. Everything to the left of
it may be forged.
"""

import os

VARIABLE = "FORWARDED_ALLOW_IPS"  # uvicorn's own
LOOPBACK = "127.0.0.1"
# Only the Space's proxies can connect to a Space's container, from addresses that are not on the internet.
PRIVATE = ",".join(
    (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def trusted() -> str:
    """Return the trusted proxies, in uvicorn's form: the operator's, those of a Space, or this machine alone."""
    return os.environ.get(VARIABLE) or (PRIVATE if os.environ.get("SPACE_ID") else LOOPBACK)
