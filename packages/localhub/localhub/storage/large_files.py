"""All large files of a repo, on every branch and in the whole history: list them, and delete some permanently."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pygit2

from localhub.files.durable import fsync_folder
from localhub.files.lfs import POINTER_BYTES, Pointer
from localhub.git.gitrepo import MAIN, GitRepo
from localhub.git.objects import ObjectWriter
from localhub.git.tree import FOLDER_MODE, read_tree
from localhub.storage.repo import Repo

_SUBMODULE_MODE = 0o160000
_SIGNATURE = re.compile(rb"^(?:gpgsig|gpgsig-sha256) .*\n(?: .*\n)*", re.MULTILINE)


@dataclass(frozen=True)
class LargeFile:
    """A large file, and the first place where it is used.

    Attributes
    ----------
    pointer : Pointer
    path : str
    blob : str
        Git id of its pointer.
    ref : str
        Full name of a branch or tag whose history contains it.
    committed : int
        Seconds since 1970.
    """

    pointer: Pointer
    path: str
    blob: str
    ref: str
    committed: int


def large_files(repo: Repo) -> list[LargeFile]:
    """Return every stored large file in any history, newest first."""
    git = repo.git()
    files: dict[str, LargeFile] = {}
    seen: set[bytes] = set()
    for ref in sorted(
        git.handle.references.iterator(), key=lambda ref: (ref.name != f"refs/heads/{MAIN}", ref.name)
    ):
        order = pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE
        for commit in git.handle.walk(ref.peel(pygit2.Commit).id, order):
            for path, blob, pointer in _pointers(git.handle, commit.tree_id.raw, "", seen):
                if repo.lfs.holds(pointer):
                    files.setdefault(
                        pointer.oid, LargeFile(pointer, path, blob, ref.name, commit.commit_time)
                    )
    return sorted(reversed(files.values()), key=lambda file: -file.committed)


def remove_large_files(repo: Repo, oids: set[str], *, rewrite_history: bool) -> None:
    """Delete large files from the disk and, if history is rewritten, their pointers from every commit of every ref."""
    with repo.lock:
        if rewrite_history:
            git = repo.git()
            with ObjectWriter(git.handle, repo.incoming) as writer:
                moves = _Rewriting(git, oids, writer).moves()
                writer.flush()
            for ref, (old, new) in moves.items():
                git.move(ref, pygit2.Oid(raw=new), expected=old)
        for oid in oids:
            path = repo.lfs.path(oid)
            if path.exists():
                path.unlink()
                fsync_folder(path.parent)


class _Rewriting:
    """Rewrite history without the pointers to some large files; commits without them stay unchanged."""

    def __init__(self, git: GitRepo, oids: set[str], writer: ObjectWriter):
        self._repo = git.handle
        self._oids = oids
        self._writer = writer
        self._trees: dict[bytes, bytes | None] = {}
        self._commits: dict[bytes, bytes] = {}

    def moves(self) -> dict[str, tuple[str, bytes]]:
        """Return each ref's current and new commit; annotated tags become plain ones."""
        moves = {}
        for reference in self._repo.references.iterator():
            if not isinstance(reference.target, pygit2.Oid):
                continue
            commit = reference.peel(pygit2.Commit).id
            for ancestor in self._repo.walk(
                commit, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE
            ):
                if ancestor.id.raw not in self._commits:
                    self._commits[ancestor.id.raw] = self._commit(ancestor)
            if self._commits[commit.raw] != commit.raw:
                moves[reference.name] = (str(reference.target), self._commits[commit.raw])
        return moves

    def _commit(self, commit: pygit2.Commit) -> bytes:
        tree = self._tree(commit.tree_id.raw) or self._writer.add("tree", b"")
        parents = [self._commits[parent.raw] for parent in commit.parent_ids]
        if tree == commit.tree_id.raw and parents == [parent.raw for parent in commit.parent_ids]:
            return commit.id.raw
        head, _, message = commit.read_raw().partition(b"\n\n")
        rest = head[head.index(b"\nauthor ") :]
        lines = [f"tree {tree.hex()}", *(f"parent {parent.hex()}" for parent in parents)]
        rest = _SIGNATURE.sub(b"", rest + b"\n").rstrip(b"\n")  # the signature was for other content
        return self._writer.add("commit", "\n".join(lines).encode() + rest + b"\n\n" + message)

    def _tree(self, oid: bytes) -> bytes | None:
        """Return the tree without the pointers; None if nothing is left."""
        if oid not in self._trees:
            kept = []
            before = list(read_tree(self._repo, oid))
            for name, (mode, child) in before:
                if mode == FOLDER_MODE:
                    after = self._tree(child)
                    if after is not None:
                        kept.append((name, (mode, after)))
                elif mode == _SUBMODULE_MODE or not self._is_doomed(child):
                    kept.append((name, (mode, child)))
            self._trees[oid] = oid if kept == before else _written(kept, self._writer)
        return self._trees[oid]

    def _is_doomed(self, blob: bytes) -> bool:
        pointer = _pointer(self._repo, blob)
        return pointer is not None and pointer.oid in self._oids


def _written(entries: list[tuple[bytes, tuple[int, bytes]]], writer: ObjectWriter) -> bytes | None:
    """Write entries, still in git's order, as a tree."""
    data = b"".join(b"%o %s\0%s" % (mode, name, oid) for name, (mode, oid) in entries)
    return writer.add("tree", data) if entries else None


def _pointers(
    repo: pygit2.Repository, tree: bytes, prefix: str, seen: set[bytes]
) -> Iterator[tuple[str, str, Pointer]]:
    """Yield path, git id and pointer of each large file below a folder, except those already seen."""
    if tree in seen:
        return
    seen.add(tree)
    for name, (mode, child) in read_tree(repo, tree):
        path = prefix + name.decode(errors="replace")
        if mode == FOLDER_MODE:
            yield from _pointers(repo, child, f"{path}/", seen)
        elif mode != _SUBMODULE_MODE and child not in seen:
            seen.add(child)
            if pointer := _pointer(repo, child):
                yield path, child.hex(), pointer


def _pointer(repo: pygit2.Repository, blob: bytes) -> Pointer | None:
    oid = pygit2.Oid(raw=blob)
    if not 120 < repo.odb.read_header(oid)[1] < POINTER_BYTES:
        return None
    return Pointer.decode(repo[oid].read_raw())
