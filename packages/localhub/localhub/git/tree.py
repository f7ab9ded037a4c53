"""An editable git tree: only the folders on the way to a change are read and rewritten."""

from collections.abc import Iterator

import pygit2

from localhub.git.objects import ObjectWriter

FILE_MODE = 0o100644
FOLDER_MODE = 0o40000


class PathConflict(Exception):
    """A file is at a path that needs a folder, or a folder at a path that needs a file."""


class EditableTree:
    """A folder as a mapping of name to (mode, id), including its opened subfolders.

    Parameters
    ----------
    repo : pygit2.Repository
    oid : bytes, optional
        Id of the tree to start from; None for an empty folder.
    """

    def __init__(self, repo: pygit2.Repository, oid: bytes | None = None):
        self._repo = repo
        self._oid = oid
        self._entries = dict(read_tree(repo, oid)) if oid else {}
        self._opened: dict[bytes, EditableTree] = {}
        self._changed = oid is None
        self._before = len(self._entries)

    def get(self, path: str) -> tuple[int, bytes] | None:
        """Return the mode and id of a file or folder (a changed folder's id is meaningless); None if it does not exist."""
        *folders, name = path.encode().split(b"/")
        tree: EditableTree = self
        for folder in folders:
            below = tree._open(folder)
            if below is None:
                return None
            tree = below
        return tree._entries.get(name)

    def set(self, path: str, oid: bytes) -> None:
        """Add or replace a file.

        Raises
        ------
        PathConflict
            If a part of the path is a file, or the whole path is a folder.
        """
        *folders, name = path.encode().split(b"/")
        tree: EditableTree = self
        for folder in folders:
            tree._changed = True
            tree = tree._child(folder)
        if tree._entries.get(name, (FILE_MODE,))[0] == FOLDER_MODE:
            raise PathConflict(f"{path} is a folder")
        tree._changed = True
        tree._entries[name] = (FILE_MODE, oid)

    def remove(self, path: str, *, folder: bool = False) -> bool:
        """Remove a file or a whole folder (only a folder if `folder` is set); return False if it does not exist."""
        *folders, name = path.encode().split(b"/")
        way: list[EditableTree] = [self]
        for part in folders:
            tree = way[-1]._open(part)
            if tree is None:
                return False
            way.append(tree)
        entry = way[-1]._entries.get(name)
        if entry is None or (folder and entry[0] != FOLDER_MODE):
            return False
        del way[-1]._entries[name]
        way[-1]._opened.pop(name, None)
        for tree in way:
            tree._changed = True
        return True

    def crowded(self, most: int) -> list[str]:
        """Return the paths of the folders that have grown to more than `most` entries."""
        crowded = [""] if len(self._entries) > max(most, self._before) else []
        for name, tree in self._opened.items():
            below = name.decode(errors="replace")
            crowded += [f"{below}/{path}" if path else below for path in tree.crowded(most)]
        return crowded

    def write(self, writer: ObjectWriter) -> bytes | None:
        """Pass each changed folder to the writer, deepest first; return this folder's id, or None if it is empty."""
        if not self._changed:
            return self._oid
        for name, tree in self._opened.items():
            oid = tree.write(writer)
            if oid is None:
                del self._entries[name]
            else:
                self._entries[name] = (FOLDER_MODE, oid)
        if not self._entries:
            return None
        ordered = sorted(self._entries.items(), key=_git_order)
        return writer.add("tree", b"".join(b"%o %s\0%s" % (mode, name, oid) for name, (mode, oid) in ordered))

    def _child(self, name: bytes) -> "EditableTree":
        """Return the folder of this name, which is created if it does not exist."""
        tree = self._open(name)
        if tree is None:
            if name in self._entries:
                raise PathConflict(f"{name.decode(errors='replace')} is a file")
            tree = self._opened[name] = EditableTree(self._repo, None)
            self._entries[name] = (FOLDER_MODE, b"")
        return tree

    def _open(self, name: bytes) -> "EditableTree | None":
        """Return the folder of this name, or None."""
        if name in self._opened:
            return self._opened[name]
        mode, oid = self._entries.get(name, (None, None))
        if mode != FOLDER_MODE:
            return None
        tree = self._opened[name] = EditableTree(self._repo, oid)
        return tree


def read_tree(repo: pygit2.Repository, oid: bytes) -> Iterator[tuple[bytes, tuple[int, bytes]]]:
    """Return the name, mode and 20-byte id of each entry of a tree, in git's order."""
    data = repo[pygit2.Oid(raw=oid)].read_raw()
    position, end = 0, len(data)
    while position < end:
        space = data.index(b" ", position)
        null = data.index(b"\0", space)
        yield data[space + 1 : null], (int(data[position:space], 8), data[null + 1 : null + 21])
        position = null + 21


def _git_order(item: tuple[bytes, tuple[int, bytes]]) -> bytes:
    """Return git's sort key, in which the name of a folder ends with a slash."""
    name, (mode, _) = item
    return name + b"/" if mode == FOLDER_MODE else name
