"""The rules for a push, which are the same as for a commit through the API. Every new object is checked before it is accepted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pygit2

from localhub.errors import HubError
from localhub.files.lfs import POINTER_BYTES, LfsStore, Pointer
from localhub.git.gitrepo import MAIN, check_ref_count, check_ref_name
from localhub.git.objects import blob_data
from localhub.git.tree_shapes import TreeShapes
from localhub.ids import check_path
from localhub.rules import refusals
from localhub.rules.upload_mode import REGULAR_BYTES, is_binary

_NOTHING = "0" * 40


@dataclass(frozen=True)
class RefUpdate:
    """One line of a push request.

    Attributes
    ----------
    old, new : str
        Ids before and after; all zeros if the ref does not exist.
    ref : str
        Full name.
    """

    old: str
    new: str
    ref: str


@dataclass(frozen=True)
class Rights:
    """Where the pusher may push.

    Attributes
    ----------
    writes : bool
        Whether the pusher may push to branches and tags.
    pull_requests : frozenset of str
        The ``refs/pr/N`` that the pusher may push to.
    """

    writes: bool
    pull_requests: frozenset[str]


def problems(
    git_folder: Path, quarantine: Path, updates: list[RefUpdate], rights: Rights, repo_type: str
) -> Iterator[str]:
    """Yield a sentence for each reason to reject a push; yield nothing if the push is accepted.

    Parameters
    ----------
    git_folder : Path
        The bare repository.
    quarantine : Path
        Where git keeps the pushed objects until they are accepted.
    updates : list of RefUpdate
        The requested updates.
    rights : Rights
        The pusher's rights.
    repo_type : str
        "model", "dataset", "space" or "kernel": whose rules a card must satisfy.
    """
    wrong = [sentence for update in updates if (sentence := _ref_problem(update, rights))]
    try:
        check_ref_count(pygit2.Repository(str(git_folder)), sum(update.old == _NOTHING for update in updates))
    except HubError as error:
        wrong.append(f"{error.message.removesuffix('.')}.")
    yield from wrong
    if not wrong:
        yield from _NewObjects(git_folder, quarantine, repo_type).problems(updates)


_KINDS = {"heads": "branch", "tags": "tag", "convert": "branch"}


def _ref_problem(update: RefUpdate, rights: Rights) -> str | None:
    kind = _KINDS.get(update.ref.split("/")[1]) if update.ref.count("/") > 1 else None
    if update.ref.startswith("refs/pr/"):
        if update.ref not in rights.pull_requests:
            return f"{update.ref} is not an open pull request that you may push to."
        return f"{update.ref} cannot be deleted. Close the pull request." if update.new == _NOTHING else None
    if kind is None:
        return f"{update.ref} is not a branch, a tag or a pull request."
    if not rights.writes:
        return f"You may not write to {update.ref}. Push to one of your own pull requests."
    if update.new == _NOTHING:
        return f"Cannot delete {update.ref}." if update.ref == f"refs/heads/{MAIN}" else None
    try:
        check_ref_name(update.ref, kind, update.ref.split("/", 2)[2])
    except HubError as error:
        return f"{error.message.removesuffix('.')}."
    return None


class _NewObjects:
    """The objects of a push that are new here."""

    def __init__(self, git_folder: Path, quarantine: Path, repo_type: str):
        self._before = pygit2.Repository(str(git_folder))
        self._after = pygit2.Repository(str(git_folder))
        self._after.odb.add_disk_alternate(str(quarantine))
        self._lfs = LfsStore(git_folder, incoming=git_folder)
        self._repo_type = repo_type
        self._seen: set[pygit2.Oid] = set()
        self._shapes = TreeShapes(self._after)

    def problems(self, updates: list[RefUpdate]) -> Iterator[str]:
        """Yield a sentence for each broken rule."""
        for update in updates:
            if update.new == _NOTHING:
                continue
            try:
                tip = self._after[update.new].peel(pygit2.Commit)
            except (ValueError, pygit2.GitError):
                yield f"{update.ref} would not point to a commit."
                continue
            offenders = _Offenders()
            card = self._card(tip)  # first: a seen object no longer counts as new
            walker = self._after.walk(tip.id, pygit2.enums.SortMode.NONE)
            for ref in self._before.references.iterator():
                walker.hide(ref.peel(pygit2.Commit).id)
            for commit in walker:
                yield from self._tree(commit.tree, "", offenders)
                yield from self._shapes.problems(commit)
            yield from offenders.texts(update.ref)
            if card is not None and (errors := refusals.card_errors(card, self._repo_type)):
                yield refusals.rejected_card(errors, self._repo_type)

    def _card(self, tip: pygit2.Commit) -> bytes | None:
        """Return the README.md that a ref would have after the push, if the file is new."""
        try:
            card = tip.tree[refusals.CARD]
        except KeyError:
            return None
        if not isinstance(card, pygit2.Blob) or card.id in self._before or card.size > REGULAR_BYTES:
            return None
        return card.data

    def _is_new(self, oid: pygit2.Oid) -> bool:
        if oid in self._seen or oid in self._before:
            return False
        self._seen.add(oid)
        return True

    def _tree(self, tree: pygit2.Tree, folder: str, offenders: "_Offenders") -> Iterator[str]:
        if not self._is_new(tree.id):
            return
        if len(tree) > refusals.FOLDER_ENTRIES:
            offenders.crowded.append(folder.rstrip("/"))
        for entry in tree:
            try:
                path = check_path(folder + (entry.raw_name or b"").decode())
            except (HubError, UnicodeDecodeError) as error:
                yield getattr(error, "message", "A path is not valid UTF-8.")
                continue
            if entry.filemode == pygit2.enums.FileMode.LINK:
                yield f"{path} is a symbolic link. Push only files and folders."
            elif entry.filemode == pygit2.enums.FileMode.COMMIT:
                yield f"{path} is a submodule. Push only files and folders."
            elif isinstance(entry, pygit2.Tree):
                yield from self._tree(entry, f"{path}/", offenders)
            elif self._is_new(entry.id):
                yield from self._blob(entry.id, path, offenders)

    def _blob(self, oid: pygit2.Oid, path: str, offenders: "_Offenders") -> Iterator[str]:
        size = self._after.odb.read_header(oid)[1]
        if size > REGULAR_BYTES:
            offenders.long.append(path)
            return
        data = blob_data(self._after, oid)
        pointer = Pointer.decode(data) if size < POINTER_BYTES else None
        if pointer is not None and not self._lfs.holds(pointer):
            yield (
                f"The large file {path} (sha256 {pointer.oid}) has not been uploaded. "
                "Run: git lfs install && git lfs push --all origin"
            )
        if is_binary(data):
            offenders.binary.append(path)
        if refusals.is_attributes(path):
            problem = refusals.attributes_problem(path, None if pointer else data)
            if problem:
                yield problem


@dataclass
class _Offenders:
    """Collects the paths of one ref that break a rule, if huggingface.co lists all offenders for this rule."""

    binary: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)

    def texts(self, ref: str) -> Iterator[str]:
        """Yield huggingface.co's text for each broken rule."""
        rules = (refusals.binary_files, self.binary), (refusals.long_files, self.long)
        for text, paths in (*rules, (refusals.crowded_folders, self.crowded)):
            if paths:
                yield text(paths, ref)
