"""Xorbs and shards: every way of packing is undone, and nothing that is not one is taken for one."""

import contextlib
import os

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from localhub.errors import HubError
from localhub.xet.hashing import from_hex, to_hex, tree_hash
from localhub.xet.shard import read_shard
from localhub.xet.xorb import CHUNK_BYTES, CHUNKS, XorbUpload

from .xet_parts import END, GROUPED_LZ4, LZ4, PLAIN, chunk, sha256, shard, xorb


def unpack(folder, name: str, data: bytes, *, step: int = 1 << 20) -> bytes:
    upload = XorbUpload(from_hex(name), folder / "temporary")
    try:
        for start in range(0, len(data), step):
            upload.write([data[start : start + step]])
        starts = upload.finish(folder / "xorb")
    finally:
        upload.abandon()
    content = (folder / "xorb").read_bytes()
    assert starts[-1] == len(content)
    return content


CONTENTS = [b"a", b"ab" * 30_000, os.urandom(CHUNK_BYTES), bytes(range(256)) * 17 + b"123"]


@pytest.mark.parametrize("scheme", [PLAIN, LZ4, GROUPED_LZ4])
@pytest.mark.parametrize("step", [1, 7, 4096, 1 << 20])
def test_every_packing_is_undone(tmp_path, scheme, step):
    contents = [part[: 64 * step] for part in CONTENTS]
    assert unpack(tmp_path, *xorb(*contents, scheme=scheme), step=step) == b"".join(contents)


def test_many_chunks(tmp_path):
    contents = [b"%d" % number for number in range(CHUNKS)]
    assert unpack(tmp_path, *xorb(*contents)) == b"".join(contents)
    with pytest.raises(HubError, match="must not exceed"):
        unpack(tmp_path, *xorb(*contents, b"one more"))


NAME, DATA = xorb(b"some content", b"more of it" * 100, scheme=LZ4)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        (NAME, b"", "truncated"),
        (NAME, DATA[:5], "truncated"),
        (NAME, DATA[:-1], "truncated"),
        (NAME, chunk(b"some content", LZ4), "hash"),
        (NAME, DATA + chunk(b"x"), "hash"),
        (xorb(b"other")[0], DATA, "hash"),
        (NAME, b"XETBLOB" + DATA, "header"),
        (NAME, bytes(100), "header"),
        (NAME, chunk(b"", PLAIN), "header"),
        (NAME, chunk(bytes(CHUNK_BYTES + 1), LZ4), "header"),
        (NAME, b"\0\x04\0\0\0\x05\0\0abcd", "does not match its header"),
        (NAME, b"\0\x04\0\0\x03\x04\0\0abcd", "unknown compression"),
        (NAME, b"\0\x09\0\0\x01\x09\0\0" + b"abcdefghi", "not in LZ4 format"),
        (
            NAME,
            chunk(bytes(CHUNK_BYTES), LZ4).replace(b"\0\0\2", b"\1\0\0", 1),
            "does not match its header",
        ),
    ],
)
def test_what_is_not_that_xorb_is_refused_and_leaves_no_trace(tmp_path, name, data, problem):
    with pytest.raises(HubError, match=problem) as caught:
        unpack(tmp_path, name, data)
    assert 400 <= caught.value.status < 500
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200), st.integers(0, len(DATA)), st.integers(0, len(DATA)))
@example(b"", 0, 0)
@settings(deadline=None)
def test_of_a_damaged_xorb_nothing_wrong_is_kept(tmp_path_factory, bytes_, start, stop):
    try:
        content = unpack(tmp_path_factory.mktemp("xorb"), NAME, DATA[:start] + bytes_ + DATA[stop:], step=64)
    except HubError:
        return
    assert content == b"some content" + b"more of it" * 100


def test_the_tree_depends_on_every_hash_and_length():
    leaves = [(os.urandom(32), 1 + number) for number in range(100)]
    hashes = {tree_hash(leaves)}
    for index in range(100):
        for changed in ((os.urandom(32), leaves[index][1]), (leaves[index][0], 1000)):
            hashes.add(tree_hash([*leaves[:index], changed, *leaves[index + 1 :]]))
    assert len(hashes) == 201
    assert tree_hash(leaves[:1]) == leaves[0][0]


def test_a_hash_in_hex_and_back():
    hash = bytes(range(32))
    assert to_hex(hash) == "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918"
    assert from_hex(to_hex(hash)) == hash


def test_the_files_of_a_shard():
    first, second = sha256(b"first"), sha256(b"second")
    files = read_shard(shard((first, [(NAME, 0, 2, 1012), (NAME, 0, 1, 12)]), (second, [])))
    assert [(file.oid, file.size) for file in files] == [(first, 1024), (second, 0)]
    assert [(to_hex(term.xorb), term.first, term.stop, term.size) for term in files[0].terms] == [
        (NAME, 0, 2, 1012),
        (NAME, 0, 1, 12),
    ]
    assert read_shard(shard()) == []


SHARD = shard((sha256(b"x"), [(NAME, 0, 2, 1012)]))


@pytest.mark.parametrize(
    "data",
    [b"", SHARD[:20], SHARD[: -2 * len(END)], b"x" + SHARD[1:], SHARD[:32] + b"\3" + SHARD[33:]],
    ids=["empty", "half a header", "no end", "other magic", "other version"],
)
def test_what_is_not_a_shard_is_refused(data):
    with pytest.raises(HubError):
        read_shard(data)


def test_a_file_for_a_bucket_has_no_sha256():
    [file] = read_shard(shard((sha256(b"x"), [(NAME, 0, 2, 1012)]), metadata=False))
    assert (file.oid, file.size) == (None, 1012)


@given(st.binary(max_size=100), st.integers(0, len(SHARD)), st.integers(0, len(SHARD)))
def test_a_damaged_shard_is_read_or_refused(bytes_, start, stop):
    with contextlib.suppress(HubError):
        read_shard(SHARD[:start] + bytes_ + SHARD[stop:])
