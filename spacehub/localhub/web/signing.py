"""Upload addresses that only this Hub can make, good for one object and a while."""

import hashlib
import hmac
import secrets
import time

from spacehub.localhub.errors import HubError

LIFETIME_SECONDS = 6 * 3600


class Signer:
    """Signs and checks the claims in an address; the key is new with every start of the Hub."""

    def __init__(self):
        self._key = secrets.token_bytes(32)

    def sign(self, *claims: str) -> dict[str, str]:
        """Query parameters that vouch for the claims."""
        expires = str(int(time.time()) + LIFETIME_SECONDS)
        return {"expires": expires, "signature": self._digest(expires, claims)}

    def check(self, expires: str, signature: str, *claims: str) -> None:
        """Let what this Hub signed pass.

        Raises
        ------
        HubError
            403 if it was not signed here or has expired.
        """
        signed = hmac.compare_digest(self._digest(expires, claims).encode(), signature.encode())
        if not signed or int(expires) < time.time():
            raise HubError(403, "This upload address is not valid or has expired: ask for a new one")

    def _digest(self, expires: str, claims: tuple[str, ...]) -> str:
        message = "\0".join((expires, *claims)).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
