"""Look up a path or a ref without leaking memory.

pygit2 1.21 keeps one reference to every string that it looks up (`pgit_borrow_fsdefault` in its utils.c does not
release what `PyOS_FSPath` returns). The memory of a server would grow with every path and ref that it looks up.
Here each lookup uses its own string, which is released afterwards if pygit2 kept it.
"""

import ctypes
import sys
from collections.abc import Callable
from typing import TypeVar

import pygit2

Found = TypeVar("Found")

_release = ctypes.pythonapi.Py_DecRef
_release.argtypes, _release.restype = [ctypes.py_object], None


def entry_at(tree: pygit2.Tree, path: str) -> pygit2.Object | None:
    """Return the file or folder at a path below a folder, or None."""
    return _look_up(tree.__getitem__, path)


def reference_at(repo: pygit2.Repository, name: str) -> pygit2.Reference | None:
    """Return the ref with a full name such as ``refs/heads/main``, or None; no ref has an invalid name."""
    return _look_up(repo.lookup_reference, name)


def _look_up(find: Callable[[str], Found], key: str) -> Found | None:
    own = f"{key} "[:-1]  # nothing else refers to it, so its references can be counted
    references = sys.getrefcount(own)
    try:
        found = find(own)
    except (KeyError, ValueError, pygit2.GitError):
        found = None
    if len(own) > 1 and sys.getrefcount(own) == references + 1:  # Python shares strings of one character
        _release(own)
    return found
