"""A Git LFS pointer.

Return the Git LFS pointer for the content of a file. The pointer has three lines, each with a newline at the end.
The lines are "version https://git-lfs.github.com/spec/v1", "oid sha256:" followed by the content's SHA-256 hash in
hex, and "size " followed by the content's length in bytes.
"""

import hashlib

from spacehub.course.checks import returns

START = """
import hashlib


def pointer(content):
    '''content: bytes. Return the pointer as a str.'''
"""
HINTS = (
    "`len(content)` is the number of bytes, and `hashlib.sha256(content).hexdigest()` is the hash.",
    "Do not forget the newline after the size.",
)


def pointer(content):
    oid = hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"


def wrong(content):
    oid = hashlib.sha1(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}"


CHECKS = (
    returns(
        "a short file",
        "version https://git-lfs.github.com/spec/v1\noid sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\nsize 3\n",
        b"abc",
    ),
    returns(
        "an empty file",
        "version https://git-lfs.github.com/spec/v1\noid sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nsize 0\n",
        b"",
    ),
)
