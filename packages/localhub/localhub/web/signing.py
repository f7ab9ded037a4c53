"""Sign addresses and tokens. Each signature is valid for one purpose and for a limited time."""

import hashlib
import hmac
import secrets
import time
from pathlib import Path

from localhub.errors import HubError
from localhub.files.durable import write_file

KEY_BYTES = 32
LIFETIME_SECONDS = 6 * 3600


class Signer:
    """Signs and checks claims.

    Parameters
    ----------
    key : bytes
        A key that only this Hub knows.
    """

    def __init__(self, key: bytes):
        self._key = key

    def sign(self, *claims: str) -> dict[str, str]:
        """Return query parameters that prove the claims."""
        expires = str(int(time.time()) + LIFETIME_SECONDS)
        return {"expires": expires, "signature": self._digest(expires, claims)}

    def check(self, expires: str, signature: str, *claims: str) -> None:
        """Check that this Hub signed the claims.

        Raises
        ------
        HubError
            403 if this Hub did not sign the claims, or the claims have expired.
        """
        signed = hmac.compare_digest(self._digest(expires, claims).encode(), signature.encode())
        if not signed or int(expires) < time.time():
            raise HubError(403, "This URL or token is invalid or has expired. Request a new URL or token.")

    def _digest(self, expires: str, claims: tuple[str, ...]) -> str:
        message = "\0".join((expires, *claims)).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def kept_key(path: Path) -> bytes:
    """Return the key from a private file, which is created if missing. So addresses stay valid after a restart of the embedded Hub."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) != KEY_BYTES:
        key = secrets.token_bytes(KEY_BYTES)
        write_file(path, key, mode=0o600)
    return key
