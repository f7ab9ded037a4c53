"""What an attacker sends: requests and packs of few bytes that ask for very much."""

import hashlib
import json
import random
import struct
import zlib

ZERO = "0" * 40
KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4, "ref-delta": 7}


def object_id(kind: str, data: bytes) -> bytes:
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data, usedforsecurity=False).digest()


class Pack:
    """A pack in the making; `add` gives an object's id."""

    def __init__(self):
        self.entries: dict[bytes, bytes] = {}
        self.count: int | None = None  # what the header says instead of the truth

    def add(self, kind: str, data: bytes) -> bytes:
        oid = object_id(kind, data)
        self.entries[oid] = _header(KINDS[kind], len(data)) + zlib.compress(data, 9)
        return oid

    def add_delta(self, base: bytes, delta: bytes) -> None:
        key = hashlib.sha1(base + delta, usedforsecurity=False).digest()
        self.entries[key] = _header(KINDS["ref-delta"], len(delta)) + base + zlib.compress(delta, 9)

    def commit(self, tree: bytes) -> str:
        text = f"tree {tree.hex()}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n\nx\n"
        return self.add("commit", text.encode()).hex()

    def tree(self, *entries: tuple[str, str, bytes]) -> bytes:
        """A folder of (mode, name, id)."""
        return self.add("tree", b"".join(f"{mode} {name}\0".encode() + oid for mode, name, oid in entries))

    def encode(self) -> bytes:
        count = len(self.entries) if self.count is None else self.count
        data = b"PACK" + struct.pack(">II", 2, count) + b"".join(self.entries.values())
        return data + hashlib.sha1(data, usedforsecurity=False).digest()


def _header(kind: int, size: int) -> bytes:
    byte, size = (kind << 4) | (size & 15), size >> 4
    out = bytearray()
    while size:
        out.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    return bytes([*out, byte])


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def push(commands: list[tuple[str, str, str]], pack: bytes = b"") -> bytes:
    """The body of a push: (old, new, ref) for each command."""
    lines = [f"{old} {new} {ref}" for old, new, ref in commands]
    first = line(lines[0] + "\0report-status\n")
    return first + b"".join(line(f"{text}\n") for text in lines[1:]) + b"0000" + pack


def _pushed(pack: Pack, tree: bytes, ref: str = "refs/heads/x") -> bytes:
    return push([(ZERO, pack.commit(tree), ref)], pack.encode())


def delta_bomb(gigabytes: int = 64) -> bytes:
    """A delta of some bytes that says it makes gigabytes out of 64 KiB."""
    pack = Pack()
    base = pack.add("blob", bytes(65536))
    copies = b"\x90\x00" * 1  # copy 64 KiB from the beginning
    size = gigabytes << 30
    pack.add_delta(base, _varint(65536) + _varint(size) + copies * min(size >> 16, 1 << 18))
    return _pushed(pack, pack.tree(("100644", "a", base)))


def tree_bomb(levels: int = 12, width: int = 10) -> bytes:
    """Some trees that stand for width ** levels files."""
    pack = Pack()
    oid, mode = pack.add("blob", b"x"), "100644"
    for _ in range(levels):
        oid, mode = pack.tree(*((mode, f"{number:02}", oid) for number in range(width))), "40000"
    return _pushed(pack, oid)


def deep_folder(levels: int = 3000) -> bytes:
    pack = Pack()
    oid, mode = pack.add("blob", b"x"), "100644"
    for _ in range(levels):
        oid, mode = pack.tree((mode, "d", oid)), "40000"
    return _pushed(pack, oid)


def deep_by_sharing(half: int = 60) -> bytes:
    """Two folders that are not too deep, and the one in the other."""
    pack = Pack()
    oid, mode = pack.add("blob", b"x"), "100644"
    for _ in range(half):
        oid, mode = pack.tree((mode, "d", oid)), "40000"
    shared = oid
    for _ in range(half):
        oid = pack.tree(("40000", "e", oid))
    return _pushed(pack, pack.tree(("40000", "a", shared), ("40000", "b", oid)))


def many_refs(count: int = 1_000_000) -> bytes:
    return push([(ZERO, "1" * 40, f"refs/heads/{number}") for number in range(count)])


def many_objects() -> bytes:
    """A header that says there are four billion objects."""
    pack = Pack()
    tree = pack.tree(("100644", "a", pack.add("blob", b"x")))
    commit = pack.commit(tree)
    pack.count = 0xFFFFFFFF
    return push([(ZERO, commit, "refs/heads/x")], pack.encode())


def long_name() -> bytes:
    pack = Pack()
    return _pushed(pack, pack.tree(("100644", "n" * 100_000, pack.add("blob", b"x"))))


def zeros(megabytes: int = 200) -> bytes:
    """A file that is a thousand times as long as it is in the pack."""
    pack = Pack()
    return _pushed(pack, pack.tree(("100644", "a", pack.add("blob", bytes(megabytes << 20)))))


def odd_objects(chance: random.Random) -> bytes:
    """A pack with faults at random places."""
    pack = Pack()
    blob = pack.add("blob", chance.randbytes(20))
    names = [".git", "..", "a/b", "", "a\nb", "GIT~1", "ok"]
    modes = ["100644", "120000", "160000", "40000", "0", "777777"]
    entries = [(chance.choice(modes), chance.choice(names), blob) for _ in range(chance.randint(1, 3))]
    body = bytearray(_pushed(pack, pack.tree(*entries), f"refs/heads/{chance.choice(names)}"))
    for _ in range(chance.choice([0, 0, 1, 5])):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)[: chance.choice([len(body), len(body), chance.randrange(len(body))])]


PACKS = {
    "delta bomb": delta_bomb,
    "tree bomb": tree_bomb,
    "deep folder": deep_folder,
    "deep by sharing": deep_by_sharing,
    "many refs": lambda: many_refs(20_000),
    "many objects": many_objects,
    "long name": long_name,
    "zeros": lambda: zeros(30),
}


def yaml_bombs() -> dict[str, str]:
    merges = "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}], k{n}: 1}}\n" for n in range(1, 8)
    )
    laughs = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
    )
    return {
        "lists": "a: " + "[" * 60_000,
        "mappings": "a: " + "{a: " * 60_000,
        "blocks": "".join(" " * n + "a:\n" for n in range(900)),
        "dashes": "- " * 5000,
        "questions": "? " * 5000,
        "merge keys": merges,
        "laughs": laughs,
        "itself": "a: &a [*a]",
        "aliases": "a: &a [1]\nb: [" + "*a," * 5000 + "]",
        "number": "a: " + "1" * 400_000,
        "hexadecimal": "a: 0x" + "f" * 400_000,
        "values": "a:\n" + "- 1\n" * 200_000,
    }


def json_bombs() -> dict[str, bytes]:
    return {
        "lists": b"[" * 100_000,
        "objects": b'{"a":' * 100_000,
        "in a field": b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "values": b'{"name": [' + b"[]," * 300_000 + b"[]]}",
        "number": b'{"name": ' + b"9" * 100_000 + b"}",
        "half a string": b'{"name": "' + b'\\"' * 100_000,
        "not UTF-8": b'{"name": "\xff"}',
        "UTF-16": '{"name": "r"}'.encode("utf-16"),
    }


def card(block: str) -> bytes:
    return json.dumps({"content": f"---\n{block}\n---\n", "repoType": "model"}).encode()
