"""Check the start of a push (gitprotocol-pack(5)): count its lines, one per changed ref, before git reads them."""

import zlib
from typing import BinaryIO

from localhub.errors import HubError

MOST_COMMANDS = 1000
_LINE_BYTES = 65520
_READ_BYTES = 1 << 16


def check_commands(body: BinaryIO, *, gzipped: bool) -> None:
    """Check that a push does not change too many refs.

    Parameters
    ----------
    body : binary file
        The body, at its start; read as far as needed.
    gzipped : bool
        Whether it is compressed.

    Raises
    ------
    HubError
        413 for too many refs, 400 if the start is not valid.
    """
    source = _Inflated(body) if gzipped else body
    for _ in range(MOST_COMMANDS + 1):
        length = source.read(4)
        if length in (b"0000", b""):
            return
        try:
            size = int(length, 16)
        except ValueError:
            size = 0
        if not 4 < size <= _LINE_BYTES or len(source.read(size - 4)) != size - 4:
            raise HubError(400, "This is not a valid git request.")
    raise HubError(
        413,
        f"A push may change at most {MOST_COMMANDS} branches and tags. Push fewer branches and tags at a time.",
    )


class _Inflated:
    """A compressed file, decompressed in memory only as far as needed."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._inflate = zlib.decompressobj(wbits=31)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return the next bytes; fewer at the end, or if it is not gzip."""
        out = b""
        while len(out) < size:
            self._rest = self._rest or self._file.read(_READ_BYTES)
            if not self._rest or self._inflate.eof:
                break
            try:
                out += self._inflate.decompress(self._rest, size - len(out))
            except zlib.error:
                break
            self._rest = self._inflate.unconsumed_tail
        return out
