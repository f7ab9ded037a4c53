"""Find everything that is reachable from the refs of a repo: git objects, and the large files that they point to."""

from dataclasses import dataclass, field
from typing import NamedTuple

import pygit2

from localhub.files.lfs import POINTER_BYTES, Pointer
from localhub.git.tree import FOLDER_MODE, read_tree

_SUBMODULE_MODE = 0o160000
_SHORTEST_POINTER = 120


class Place(NamedTuple):
    """A path at a commit."""

    path: str
    commit: str

    def __str__(self) -> str:
        return f"{self.path} at {self.commit[:10]}"


@dataclass
class Reachable:
    """The result of a walk from all refs.

    Attributes
    ----------
    objects : set of bytes
        20-byte ids of commits, trees, blobs and annotated tags.
    pointers : dict of Pointer to Place
        Each large file, and one of the places where it is used.
    missing : list of str
        Referenced objects that cannot be read: "tree 1a2b… of data at 3c4d…".
    """

    objects: set[bytes] = field(default_factory=set)
    pointers: dict[Pointer, Place] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def reachable(repo: pygit2.Repository) -> Reachable:
    """Walk from every ref through the whole history."""
    reached = Reachable()
    walk = _Walk(repo, reached)
    for reference in repo.references.iterator():
        name = reference.name
        try:
            target = reference.resolve().target
        except (KeyError, ValueError, pygit2.GitError):
            reached.missing.append(f"the target of the ref {name}")
            continue
        walk.from_ref(name, pygit2.Oid(hex=str(target)))
    return reached


class _Walk:
    def __init__(self, repo: pygit2.Repository, reached: Reachable):
        self._repo = repo
        self._reached = reached

    def from_ref(self, name: str, target: pygit2.Oid) -> None:
        waiting = [(target, name)]
        while waiting:
            oid, where = waiting.pop()
            if self._is_new(oid.raw):
                item = self._read(oid, f"commit of {where}")
                if isinstance(item, pygit2.Tag):
                    waiting.append((item.target, name))
                elif isinstance(item, pygit2.Commit):
                    waiting += [(parent, f"parent of {oid}") for parent in item.parent_ids]
                    self._tree(item.tree_id.raw, str(oid))

    def _tree(self, root: bytes, commit: str) -> None:
        waiting = [(root, "")] if self._is_new(root) else []
        while waiting:
            oid, prefix = waiting.pop()
            try:
                entries = list(read_tree(self._repo, oid))
            except (KeyError, ValueError, pygit2.GitError):
                self._miss("tree", oid, Place(prefix or "the root", commit))
                continue
            for name, (mode, child) in entries:
                if mode == _SUBMODULE_MODE or not self._is_new(child):
                    continue
                path = prefix + name.decode(errors="replace")
                if mode == FOLDER_MODE:
                    waiting.append((child, f"{path}/"))
                else:
                    self._blob(child, Place(path, commit))

    def _blob(self, oid: bytes, where: Place) -> None:
        try:
            size = self._repo.odb.read_header(pygit2.Oid(raw=oid))[1]
            if _SHORTEST_POINTER < size < POINTER_BYTES:
                pointer = Pointer.decode(self._repo[pygit2.Oid(raw=oid)].read_raw())
                if pointer is not None:
                    self._reached.pointers.setdefault(pointer, where)
        except (KeyError, pygit2.GitError):
            self._miss("file", oid, where)

    def _is_new(self, oid: bytes) -> bool:
        if oid in self._reached.objects:
            return False
        self._reached.objects.add(oid)
        return True

    def _read(self, oid: pygit2.Oid, where: str) -> pygit2.Object | None:
        try:
            return self._repo[oid]
        except (KeyError, pygit2.GitError):
            self._miss("object", oid.raw, where)
            return None

    def _miss(self, kind: str, oid: bytes, where: Place | str) -> None:
        self._reached.missing.append(f"{kind} {oid.hex()} ({where})")
