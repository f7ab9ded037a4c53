"""Xet's hashes: the keyed BLAKE3 hash of a chunk, and the hash of the tree over the chunks of a xorb.

Source of keys and rules: https://huggingface.co/docs/xet/hashing
"""

_CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
_NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
_MEAN_CHILDREN = 4
_MOST_CHILDREN = 2 * _MEAN_CHILDREN + 1
HASH_BYTES = 32


def chunk_hash(data: bytes | bytearray | memoryview) -> bytes:
    """Return the 32-byte hash of a chunk's content."""
    from blake3 import blake3

    return blake3(data, key=_CHUNK_KEY).digest()


def tree_hash(chunks: list[tuple[bytes, int]]) -> bytes:
    """Return the hash of a xorb, given the hash and the length in bytes of each of its chunks (at least one chunk)."""
    nodes = chunks
    while len(nodes) > 1:
        parents, start = [], 0
        while start < len(nodes):
            stop = _family_end(nodes, start)
            parents.append(_parent(nodes[start:stop]))
            start = stop
        nodes = parents
    return nodes[0][0]


def to_hex(hash: bytes) -> str:
    """Return a hash as Xet prints it: four little-endian 64-bit numbers."""
    return b"".join(hash[start : start + 8][::-1] for start in range(0, HASH_BYTES, 8)).hex()


def from_hex(text: str) -> bytes:
    """Parse a printed hash."""
    return b"".join(bytes.fromhex(text[start : start + 16])[::-1] for start in range(0, 2 * HASH_BYTES, 16))


def _family_end(nodes: list[tuple[bytes, int]], start: int) -> int:
    """Return where the children of the next parent end. The last child is the first one, from the third on, whose hash is divisible by 4."""
    most = min(start + _MOST_CHILDREN, len(nodes))
    for index in range(start + 2, most):
        if nodes[index][0][24] % _MEAN_CHILDREN == 0:  # lowest byte of the hash's last number
            return index + 1
    return most


def _parent(children: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    from blake3 import blake3

    text = "".join(f"{to_hex(hash)} : {size}\n" for hash, size in children)
    return blake3(text.encode(), key=_NODE_KEY).digest(), sum(size for _, size in children)
