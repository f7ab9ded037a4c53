"""Turn the NDJSON lines of a client's commit into changes of a tree, then into a commit."""

import base64
import binascii
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, BinaryIO

import pygit2

from localhub.errors import HubError, entry_not_found, repo_not_found
from localhub.files.lfs import OID, Pointer
from localhub.git.gitrepo import BRANCH_MOVED, GitRepo
from localhub.git.objects import ObjectWriter, blob_data
from localhub.git.tree import FOLDER_MODE, EditableTree, PathConflict
from localhub.ids import check_path
from localhub.jsonbody import parse_object
from localhub.rules import refusals
from localhub.rules.patterns import GITATTRIBUTES, FolderAttributes, lfs_line
from localhub.rules.upload_mode import REGULAR_BYTES, is_binary
from localhub.storage.changes import Change, Header
from localhub.storage.discussions import Discussions
from localhub.storage.repo import Repo

LINE_BYTES = REGULAR_BYTES // 3 * 4 + 65536  # a regular file in base64, its path, and the JSON around them


def commit(repo: Repo, revision: str, body: BinaryIO, *, author: tuple[str, str]) -> str:
    """Create a commit on a branch.

    Parameters
    ----------
    repo : Repo
        The repo.
    revision : str
        The branch.
    body : binary file
        The request's NDJSON lines.
    author : tuple of str
        Name and email.

    Returns
    -------
    str
        The new commit's id.

    Raises
    ------
    HubError
        400 or 422 for an invalid commit, 404 for a missing branch or file, 412 if the branch has moved.
    """
    with _received(repo, revision, body) as (git, writer, ref, header, changes):
        tip = git.resolve(ref)
        parent = str(tip.id)
        if header.parent and not parent.startswith(header.parent.lower()):
            raise HubError(412, BRANCH_MOVED)
        tree = _changed(tip, changes, writer, git, ref)
        return git.commit(writer, tree=tree, parents=[parent], author=author, message=header.message, ref=ref)


def commit_as_pull_request(
    repo: Repo, revision: str, body: BinaryIO, *, author: tuple[str, str]
) -> tuple[str, int]:
    """Open a pull request against a branch with one commit; parameters and errors as for `commit`.

    The commit's parent is the one in the header, or else the branch's newest commit.

    Returns
    -------
    tuple of str and int
        The commit's id and the pull request's number.
    """
    with _received(repo, revision, body) as (git, writer, base, header, changes):
        start = git.resolve(header.parent or base)
        tree = _changed(start, changes, writer, git, base)
        discussions = Discussions(repo)
        pull_request = discussions.new(header.summary, author[0], header.description, base=base)
        oid = git.commit(
            writer,
            tree=tree,
            parents=[str(start.id)],
            author=author,
            message=header.message,
            ref=pull_request.ref,
            expected=None,
        )
        discussions.save(pull_request)
        return oid, pull_request.num


@contextmanager
def _received(
    repo: Repo, revision: str, body: BinaryIO
) -> Generator[tuple[GitRepo, ObjectWriter, str, Header, list[Change]]]:
    """Yield the branch's full name and the parsed request, with the repo locked.

    Content is hashed and compressed before the lock is taken, so that other writers do not wait for it.
    """
    git = repo.git()
    ref = git.branch_ref(revision)
    identity = repo.settings.id
    with ObjectWriter(git.handle, repo.incoming) as writer:
        lines = _parse(body)
        header = _header(*next(lines, ("nothing", {})))
        changes = [_change(key, value, repo, writer) for key, value in lines]
        _check_content(changes, ref, repo.id.type.singular)
        with repo.lock:
            if repo.settings.id != identity:  # deleted and created again in the meantime
                raise repo_not_found()
            _check_large_files(changes, repo)
            yield git, writer, git.branch_ref(ref), header, changes


def _parse(body: BinaryIO) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield key and value of each line."""
    for number in count(1):
        line = body.readline(LINE_BYTES + 1)
        if not line:
            return
        if len(line) > LINE_BYTES:
            raise HubError(413, f"Line {number} of the commit is too long. Send large files through LFS.")
        if not line.strip():
            continue
        item = parse_object(line, f"Line {number} of the commit")
        key, value = item.get("key"), item.get("value")
        if not isinstance(key, str) or not isinstance(value, dict):
            raise HubError(
                400, f"Line {number} of the commit is not a JSON object with the fields `key` and `value`."
            )
        yield key, value


def _header(key: str, value: dict[str, Any]) -> Header:
    summary, description = value.get("summary"), value.get("description") or ""
    parent = value.get("parentCommit")
    if key != "header" or not isinstance(summary, str) or not isinstance(description, str):
        raise HubError(400, "A commit must start with a header that contains a summary.")
    if parent is not None and (not isinstance(parent, str) or not 4 <= len(parent) <= 40):
        raise HubError(400, "`parentCommit` must be a commit id.")
    if not summary.strip():
        raise HubError(400, "A commit must have a non-empty summary.")
    return Header(summary.strip().replace("\n", " "), description.strip(), parent)


def _change(key: str, value: dict[str, Any], repo: Repo, writer: ObjectWriter) -> Change:
    path: Any = value.get("path")
    if key == "file":
        content = _content(path, value)
        kept = content if refusals.is_attributes(check_path(path)) or path == refusals.CARD else None
        return Change(path, blob=writer.add("blob", content), content=kept, binary=is_binary(content))
    if key == "lfsFile":
        pointer = _pointer(path, value, repo)
        return Change(check_path(path), blob=writer.add("blob", pointer.encode()), pointer=pointer)
    if key == "deletedFile":
        return Change(check_path(path))
    if key == "deletedFolder":
        return Change(check_path(path.rstrip("/") if isinstance(path, str) else path), folder=True)
    raise HubError(400, f"The commit contains an unknown operation: {key!r}.")


def _content(path: str, value: dict[str, Any]) -> bytes:
    content, encoding = value.get("content"), value.get("encoding", "utf-8")
    if not isinstance(content, str) or encoding not in ("base64", "utf-8"):
        raise HubError(400, f"The content of {path!r} must be a string in base64 or UTF-8.")
    try:
        data = base64.b64decode(content, validate=True) if encoding == "base64" else content.encode()
    except (binascii.Error, ValueError) as error:
        raise HubError(400, f"The content of {path!r} is not valid {encoding}.") from error
    if len(data) > REGULAR_BYTES:
        raise HubError(
            413,
            f"{path!r} is {len(data)} bytes. Upload files larger than {REGULAR_BYTES} bytes through LFS.",
        )
    return data


def _pointer(path: str, value: dict[str, Any], repo: Repo) -> Pointer:
    oid, size = value.get("oid"), value.get("size")
    if value.get("algo", "sha256") != "sha256" or not isinstance(oid, str) or not OID.fullmatch(oid):
        raise HubError(400, f"The oid of the large file {path!r} must be the SHA-256 hash of its content.")
    stored = repo.lfs.size(oid)
    if stored is None:
        raise HubError(
            400,
            f"The large file {path!r} (sha256 {oid}) has not been uploaded to this repo. Upload this file first.",
        )
    if size is not None and size != stored:
        raise HubError(
            400, f"The large file {path!r} has {stored} bytes, but the declared size is {size} bytes."
        )
    repo.lfs.claim(Pointer(oid, stored))
    return Pointer(oid, stored)


def _check_large_files(changes: list[Change], repo: Repo) -> None:
    """Check that the large files still exist. Before the repo was locked they could be removed; now they cannot."""
    for change in changes:
        if change.pointer and not repo.lfs.holds(change.pointer):
            raise HubError(400, f"The large file {change.path!r} no longer exists. Upload this file again.")


def _check_content(changes: list[Change], ref: str, repo_type: str) -> None:
    """Check the rules of huggingface.co: git contains only text files, git can read .gitattributes, and the card is valid."""
    last = {change.path: change for change in changes}
    for path, change in last.items():
        if refusals.is_attributes(path) and change.blob is not None:
            problem = refusals.attributes_problem(path, change.content)
            if problem:
                raise HubError(400, problem)
    binary = [path for path, change in last.items() if change.binary]
    if binary:
        raise HubError(400, refusals.binary_files(binary, ref))
    card = last.get(refusals.CARD)
    errors = refusals.card_errors(card.content, repo_type) if card and card.content is not None else []
    if errors:
        raise HubError(400, "\n".join(errors))


def _changed(
    start: pygit2.Commit, changes: list[Change], writer: ObjectWriter, git: GitRepo, ref: str
) -> bytes:
    """Apply the changes to a commit's tree; return the new tree's id."""
    tree = EditableTree(git.handle, start.tree.id.raw)
    for change in changes:
        if change.blob is not None:
            try:
                tree.set(change.path, change.blob)
            except PathConflict as error:
                raise HubError(422, f"Cannot write {change.path!r}: {error}.") from error
        elif not tree.remove(change.path, folder=change.folder):
            what = "folder" if change.folder else "file"
            error = entry_not_found(change.path)
            raise HubError(404, f"A {what} with this name doesn't exist: {change.path}", code=error.code)
    _track_large_files(changes, tree, writer, git)
    crowded = tree.crowded(refusals.FOLDER_ENTRIES)
    if crowded:
        raise HubError(400, refusals.crowded_folders(crowded, ref))
    return tree.write(writer) or writer.add("tree", b"")


def _track_large_files(changes: list[Change], tree: EditableTree, writer: ObjectWriter, git: GitRepo) -> None:
    """Add the large files that no pattern covers to .gitattributes, so that git-lfs fetches them in a clone."""
    large = [change.path for change in changes if change.pointer]
    if not large:
        return
    new = {change.path: change.content for change in changes if change.content is not None}

    def read(path: str) -> bytes | None:
        mode, oid = tree.get(path) or (FOLDER_MODE, b"")
        if mode == FOLDER_MODE:
            return None
        return new[path] if path in new else blob_data(git.handle, pygit2.Oid(raw=oid))

    attributes = FolderAttributes(read)
    lines = [lfs_line(path) for path in large if not attributes.is_lfs(path) and tree.get(path) is not None]
    text = read(GITATTRIBUTES) or b""
    if not lines or Pointer.decode(text) or (tree.get(GITATTRIBUTES) or (None,))[0] == FOLDER_MODE:
        return
    text += b"" if text.endswith(b"\n") or not text else b"\n"
    text += "".join(lines).encode(errors="surrogateescape")
    if len(text) > REGULAR_BYTES:
        raise HubError(400, refusals.attributes_as_pointer(GITATTRIBUTES))
    tree.set(GITATTRIBUTES, writer.add("blob", text))
