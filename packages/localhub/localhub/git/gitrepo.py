"""One bare git repository: revisions, history, branches and tags, and new commits."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pygit2

from localhub.errors import HubError, revision_not_found
from localhub.files.durable import fsync_folder
from localhub.git.lookups import reference_at
from localhub.git.objects import ObjectWriter

MAIN = "main"
MOST_REFS = 10_000
_COMMIT_ID = re.compile(r"[0-9a-fA-F]{4,40}")

_COMMITTED_TO = ("refs/heads/", "refs/pr/", "refs/convert/")

CONVERT = "refs/convert/"  # branches with a repo's files in another format, such as refs/convert/parquet

# Prefixes that branch and tag names must not use: pull requests and conversions belong to the Hub.
_OWN_REFS = ("refs/pr/", CONVERT, "pr/", "convert/")


@dataclass(frozen=True)
class RefChange:
    """A ref that has moved.

    Attributes
    ----------
    ref : str
        Full name.
    old, new : str or None
        Commit ids; None if the ref is new or deleted.
    """

    ref: str
    old: str | None
    new: str | None


class GitRepo:
    """A bare repository on disk. Open one per request: threads should not share libgit2's handles.

    Parameters
    ----------
    folder : Path
        The bare repository.
    on_change : callable, optional
        Called with each `RefChange` after it happened.
    """

    def __init__(self, folder: Path, on_change: Callable[[RefChange], None] = lambda change: None):
        self.handle = pygit2.Repository(str(folder), pygit2.enums.RepositoryOpenFlag.BARE)
        self._on_change = on_change

    @classmethod
    def create(cls, folder: Path) -> "GitRepo":
        """Create an empty bare repository with the default branch main."""
        pygit2.init_repository(str(folder), bare=True, initial_head=MAIN)
        return cls(folder)

    def resolve(self, revision: str) -> pygit2.Commit:
        """Return the commit for a branch, a tag, a full ref or an id (which may be abbreviated).

        Raises
        ------
        HubError
            404 RevisionNotFound.
        """
        if revision == "HEAD":  # the default branch, for the JavaScript client
            revision = MAIN
        candidates = [f"refs/heads/{revision}", f"refs/tags/{revision}"]
        if revision.startswith("refs/"):
            candidates.insert(0, revision)
        for name in candidates:
            reference = self._reference(name)
            if reference is not None:
                return reference.peel(pygit2.Commit)
        if _COMMIT_ID.fullmatch(revision):
            try:
                matching = self.handle.get(revision)
            except ValueError:  # an abbreviation that matches several objects
                matching = None
            if isinstance(matching, pygit2.Commit):
                return matching
        raise revision_not_found(revision)

    def branch_ref(self, revision: str) -> str:
        """Return the full name of a branch that accepts commits; the branch of a pull request also counts.

        Raises
        ------
        HubError
            404 RevisionNotFound if the branch does not exist.
        """
        name = revision if revision.startswith(_COMMITTED_TO) else f"refs/heads/{revision}"
        if self._reference(name) is None:
            raise revision_not_found(revision)
        return name

    def target(self, ref: str) -> str | None:
        """Return the commit that a ref points to; None if there is no such ref."""
        reference = self._reference(ref)
        return str(reference.target) if reference else None

    def history(self, commit: pygit2.Commit) -> Iterator[pygit2.Commit]:
        """Yield the commit and its ancestors, newest first, reading them as needed."""
        return self.handle.walk(commit.id, pygit2.enums.SortMode.NONE)

    def references(self, prefix: str) -> list[tuple[str, str]]:
        """Yield the short name and commit id of each ref below a prefix such as ``refs/heads/``."""
        refs = sorted(self.handle.references.iterator(), key=lambda ref: ref.name)
        return [
            (ref.name.removeprefix(prefix), str(ref.peel(pygit2.Commit).id))
            for ref in refs
            if ref.name.startswith(prefix)
        ]

    def commit(
        self,
        writer: ObjectWriter,
        *,
        tree: bytes,
        parents: list[str],
        author: tuple[str, str],
        message: str,
        ref: str,
        expected: str | None = "the first parent",
    ) -> str:
        """Write a commit, make all its objects durable, and only then move the ref to it.

        Parameters
        ----------
        writer : ObjectWriter
            The writer that holds the new objects.
        tree : bytes
            20-byte id of the root folder.
        parents : list of str
            Commit ids.
        author : tuple of str
            Name and email.
        message : str
            The first line is the title.
        ref : str
            Full name of the branch.
        expected : str or None
            The commit that the ref must point to (None: the ref must be new); by default the first parent.

        Returns
        -------
        str
            Id of the new commit.
        """
        who = f"{_one_line(author[0])} <{_one_line(author[1])}> {int(time.time())} +0000"
        lines = [f"tree {tree.hex()}", *(f"parent {parent}" for parent in parents)]
        text = "\n".join([*lines, f"author {who}", f"committer {who}", "", message.replace("\0", "")])
        oid = pygit2.Oid(raw=writer.add("commit", text.encode(errors="replace")))
        writer.flush()
        if expected == "the first parent":
            expected = parents[0] if parents else None
        self.move(ref, oid, expected=expected)
        return str(oid)

    def move(self, ref: str, oid: pygit2.Oid, *, expected: str | None) -> None:
        """Move a ref atomically if it still points to the expected commit (None: does not exist).

        Raises
        ------
        HubError
            412 if the ref has moved.
        """
        with self.handle.transaction() as transaction:
            transaction.lock_ref(ref)
            if self.target(ref) != expected:
                raise HubError(412, BRANCH_MOVED)
            transaction.set_target(ref, oid)
        if expected is None:
            self._fsync_folders_of(ref)
        self._on_change(RefChange(ref, expected, str(oid)))

    def create_branch(self, name: str, commit: pygit2.Commit) -> None:
        """Create a branch at a commit.

        Raises
        ------
        HubError
            400 for a name that git or the embedded Hub rejects, 409 if the branch exists.
        """
        ref = name if name.startswith(CONVERT) else f"refs/heads/{name}"
        self._create_ref(ref, commit.id, kind="branch", name=name.removeprefix(CONVERT))

    def create_tag(self, name: str, commit: pygit2.Commit, message: str, author: tuple[str, str]) -> None:
        """Create a tag at a commit, annotated if there is a message; errors as for `create_branch`."""
        target = commit.id
        if message:
            who = f"{_one_line(author[0])} <{_one_line(author[1])}> {int(time.time())} +0000"
            text = f"object {commit.id}\ntype commit\ntag {name}\ntagger {who}\n\n{message}\n"
            check_ref_name(f"refs/tags/{name}", "tag", name)
            target = self.handle.odb.write(pygit2.enums.ObjectType.TAG, text.encode(errors="replace"))
        self._create_ref(f"refs/tags/{name}", target, kind="tag", name=name)

    def delete_ref(self, ref: str) -> None:
        """Delete a branch or a tag.

        Raises
        ------
        HubError
            403 for main, 404 if the ref does not exist.
        """
        if ref == f"refs/heads/{MAIN}":
            raise HubError(403, f"Cannot delete {ref}")
        reference = self._reference(ref)
        if reference is None:
            raise revision_not_found(ref.split("/", 2)[2])
        old = str(reference.peel(pygit2.Commit).id)
        reference.delete()
        self._fsync_folders_of(ref)
        self._on_change(RefChange(ref, old, None))

    def _create_ref(self, ref: str, target: pygit2.Oid, *, kind: str, name: str) -> None:
        check_ref_name(ref, kind, name)
        check_ref_count(self.handle, 1)
        try:
            self.handle.references.create(ref, target)
        except pygit2.AlreadyExistsError as error:
            raise HubError(409, f"Reference {ref} already exists") from error
        except (ValueError, pygit2.GitError, OSError) as error:  # for example a/b where a is a branch
            raise HubError(400, f"Invalid reference for a {kind}: {name}") from error
        self._fsync_folders_of(ref)
        self._on_change(RefChange(ref, None, str(self.handle[target].peel(pygit2.Commit).id)))

    def _fsync_folders_of(self, ref: str) -> None:
        """Make the creation or deletion of a ref durable: libgit2 only syncs its content."""
        top = Path(self.handle.path)
        for folder in (top / ref).parents:
            if folder == top:
                break
            if folder.is_dir():
                fsync_folder(folder)

    def _reference(self, name: str) -> pygit2.Reference | None:
        return reference_at(self.handle, name)


BRANCH_MOVED = "The branch was updated since you opened this page. Please refresh and try again."


def check_ref_name(ref: str, kind: str, name: str) -> None:
    """Reject the name of a branch or tag that git or huggingface.co would reject.

    Raises
    ------
    HubError
        400, with its name.
    """
    valid = pygit2.reference_is_valid_name(ref) and not name.startswith(("-", *_OWN_REFS))
    if not valid or len(name) > 200 or name == "HEAD" or (_COMMIT_ID.fullmatch(name) and len(name) == 40):
        raise HubError(400, f"Invalid reference for a {kind}: {name}")


def check_ref_count(handle: pygit2.Repository, new: int) -> None:
    """Reject more branches and tags than a list can show.

    Raises
    ------
    HubError
        413.
    """
    if sum(1 for _ in handle.references.iterator()) + new > MOST_REFS:
        raise HubError(
            413, f"A repository can have at most {MOST_REFS} branches and tags. Delete some branches or tags."
        )


def _one_line(text: str) -> str:
    """Remove what git does not allow in a name or an email."""
    return re.sub(r"[<>\x00-\x1f]", " ", text).strip() or "unknown"
