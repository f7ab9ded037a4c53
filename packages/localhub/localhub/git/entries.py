"""Files and folders of a repo at one commit: look up, list in order, read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pygit2

from localhub.errors import entry_not_found
from localhub.files.lfs import POINTER_BYTES, LfsStore, Pointer
from localhub.git.gitrepo import GitRepo
from localhub.git.lookups import entry_at
from localhub.git.objects import blob_data


@dataclass(frozen=True)
class Entry:
    """A file or a folder.

    Attributes
    ----------
    path : str
    oid : str
        Git id of the blob or tree.
    is_folder : bool
    size : int
        Length of the content in bytes (of the large file, not its pointer); 0 for a folder.
    pointer : Pointer or None
        Only for a large file.
    pointer_size : int
        Length of the pointer file.
    """

    path: str
    oid: str
    is_folder: bool
    size: int = 0
    pointer: Pointer | None = None
    pointer_size: int = 0

    @property
    def etag(self) -> str:
        """The identity of the content: sha256 of a large file, otherwise the blob's git id."""
        return self.pointer.oid if self.pointer else self.oid


class Snapshot:
    """A repo at one commit.

    Parameters
    ----------
    git : GitRepo
    lfs : LfsStore
    commit : pygit2.Commit
    """

    def __init__(self, git: GitRepo, lfs: LfsStore, commit: pygit2.Commit):
        self.git = git
        self.lfs = lfs
        self.commit = commit
        self.commit_id = str(commit.id)

    def find(self, path: str) -> Entry | None:
        """Return the file or folder at a path, or None."""
        if not path or path.startswith("/") or "\0" in path:
            return None
        git_object = entry_at(self.commit.tree, path.rstrip("/"))
        return None if git_object is None else self._entry(path, git_object)

    def file(self, path: str) -> Entry | None:
        """Return the file at a path, or None."""
        entry = self.find(path)
        return entry if entry and not entry.is_folder and not path.endswith("/") else None

    def require(self, path: str) -> Entry:
        """Return the file at a path; 404 if it does not exist."""
        if (entry := self.file(path)) is None:
            raise entry_not_found(path, self.commit_id)
        return entry

    def read(self, path: str, *, limit: int = 1 << 26) -> bytes | None:
        """Return the content of a file of up to `limit` bytes, or None."""
        entry = self.file(path)
        if entry is None or entry.size > limit:
            return None
        return self.lfs.path(entry.pointer.oid).read_bytes() if entry.pointer else self.blob(entry)

    def blob(self, entry: Entry) -> bytes:
        """Return git's content for a file: the file itself or its pointer."""
        return blob_data(self.git.handle, entry.oid)

    def walk(self, folder: str = "", *, recursive: bool = False, after: str | None = None) -> Iterator[Entry]:
        """List a folder in git's order, starting after the path `after`; sizes are read only when needed.

        Raises
        ------
        KeyError
            If the folder does not exist.
        """
        tree = self.commit.tree
        folder = folder.strip("/")
        if folder:
            below = entry_at(tree, folder)
            if not isinstance(below, pygit2.Tree):
                raise KeyError(folder)
            tree = below
        prefix = f"{folder}/" if folder else ""
        skip = after.removeprefix(prefix).split("/") if after else []
        return self._walk(tree, prefix, recursive, skip)

    def _walk(self, tree: pygit2.Tree, prefix: str, recursive: bool, skip: list[str]) -> Iterator[Entry]:
        """Walk depth first, a folder before its content; `skip` is the rest of the path to start after."""
        open_folders = [(prefix, iter(tree), skip)]  # no recursion: a folder may be deep
        while open_folders:
            prefix, items, skip = open_folders[-1]
            item = next(items, None)
            if item is None:
                open_folders.pop()
                continue
            if item.type == pygit2.enums.ObjectType.COMMIT:  # a submodule is neither file nor folder here
                continue
            below: list[str] = []
            if skip:
                if item.name != skip[0]:
                    continue
                below = skip[1:]
                open_folders[-1] = (prefix, items, [])
            else:
                yield self._entry(f"{prefix}{item.name}", item)
            if recursive and isinstance(item, pygit2.Tree):
                open_folders.append((f"{prefix}{item.name}/", iter(item), below))

    def _entry(self, path: str, item: pygit2.Object) -> Entry:
        if item.type == pygit2.enums.ObjectType.TREE:
            return Entry(path, str(item.id), is_folder=True)
        size = self.git.handle.odb.read_header(item.id)[1]
        small = isinstance(item, pygit2.Blob) and 120 < size < POINTER_BYTES
        pointer = Pointer.decode(item.data) if small else None
        if pointer is None or not self.lfs.holds(pointer):
            return Entry(path, str(item.id), is_folder=False, size=size)
        return Entry(path, str(item.id), False, pointer.size, pointer, pointer_size=size)
