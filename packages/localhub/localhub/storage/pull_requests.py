"""The changes of a pull request, its conflicts, and its merge. A merge is one new commit on the target branch, as on huggingface.co."""

from functools import lru_cache
from itertools import islice
from pathlib import Path

import pygit2

from localhub.errors import HubError
from localhub.git.gitrepo import GitRepo
from localhub.git.objects import ObjectWriter
from localhub.storage.discussions import Discussion, Discussions
from localhub.storage.repo import Repo

COMMITS_SHOWN = 250
DIFF_BYTES = 4 << 20  # a longer diff is truncated after a whole file


def open_pull_request(repo: Repo, title: str, author: str, description: str, *, base: str) -> Discussion:
    """Open an empty pull request, a draft, at its branch's newest commit; the repo is locked."""
    git, discussions = repo.git(), Discussions(repo)
    pull_request = discussions.new(title, author, description, base=base)
    pull_request.status = "draft"
    git.move(pull_request.ref, git.resolve(base).id, expected=None)
    discussions.save(pull_request)
    return pull_request


def target(pull_request: Discussion) -> str:
    """Return the branch that a pull request would be merged into; 400 for a discussion without changes."""
    if pull_request.base is None:
        raise HubError(400, f"Discussion {pull_request.num} is not a pull request.")
    return pull_request.base


def ends(git: GitRepo, pull_request: Discussion) -> tuple[pygit2.Commit, pygit2.Commit]:
    """Return the newest commits of a pull request's target branch and its own branch; after a merge, the joined commits."""
    try:
        if pull_request.merged:
            return git.resolve(pull_request.merged["base"]), git.resolve(pull_request.merged["head"])
        return git.resolve(target(pull_request)), git.resolve(pull_request.ref)
    except HubError:  # its branch was deleted, or history rewritten since
        head = git.resolve(pull_request.ref)
        return head, head


def commits(git: GitRepo, pull_request: Discussion) -> list[pygit2.Commit]:
    """Return the commits of a pull request, oldest first."""
    base, head = ends(git, pull_request)
    walker = git.handle.walk(head.id, pygit2.enums.SortMode.TOPOLOGICAL)
    walker.hide(base.id)
    return list(islice(walker, COMMITS_SHOWN))[::-1]


def changes(git: GitRepo, pull_request: Discussion) -> pygit2.Diff:
    """Return the changes of a pull request, file by file."""
    base, head = ends(git, pull_request)
    start = git.handle.merge_base(base.id, head.id) or base.id
    return _commit(git.handle, start).tree.diff_to_tree(head.tree)


def diff(git: GitRepo, pull_request: Discussion) -> str:
    """Return the changes of a pull request as a unified diff."""
    text, size = [], 0
    for patch in changes(git, pull_request):
        data = patch.data if patch is not None else b""
        size += len(data)
        if size > DIFF_BYTES:
            text.append("... and more: the diff is too long to show\n")
            break
        text.append(data.decode(errors="replace"))
    return "".join(text)


def conflicts(git: GitRepo, pull_request: Discussion) -> list[str] | bool:
    """Return files that both sides changed differently; True if the histories have no common ancestor."""
    if pull_request.merged:
        return []
    base, head = ends(git, pull_request)
    files = _conflicts(Path(git.handle.path), str(base.id), str(head.id))
    return files if isinstance(files, bool) else list(files)


def merge(repo: Repo, pull_request: Discussion, *, author: tuple[str, str]) -> str:
    """Merge a pull request into its branch and store its status; the repo is locked.

    Returns
    -------
    str
        The new commit's id.

    Raises
    ------
    HubError
        400 if the pull request is not open, 409 if it conflicts with its branch.
    """
    if pull_request.status != "open":
        raise HubError(
            400,
            f"Pull request {pull_request.num} is {pull_request.status}. Only open pull requests can be merged.",
        )
    git = repo.git()
    git.branch_ref(target(pull_request))
    base, head = ends(git, pull_request)
    start = git.handle.merge_base(base.id, head.id)
    if start is None:
        raise HubError(
            409, f"The histories of {pull_request.ref} and {pull_request.base} have no common ancestor."
        )
    index = _merged(git.handle, start, base, head)
    if files := _conflicting(index):
        raise HubError(
            409,
            f"Cannot merge this pull request. These files have conflicts: {', '.join(files[:20])}.",
            body={"files": files},
        )
    tree, oid = str(index.write_tree(git.handle)), str(base.id)
    if tree != str(base.tree.id):  # otherwise merged already: manually, or by a Hub that was killed
        with ObjectWriter(git.handle, repo.incoming) as writer:
            oid = git.commit(
                writer,
                tree=bytes.fromhex(tree),
                parents=[str(base.id)],
                author=author,
                message=_message(git, pull_request),
                ref=target(pull_request),
            )
    pull_request.merged = {"commit": oid, "base": str(start), "head": str(head.id)}
    pull_request.change_status(author[0], "merged")
    Discussions(repo).save(pull_request)
    return oid


@lru_cache(maxsize=256)
def _conflicts(folder: Path, base: str, head: str) -> tuple[str, ...] | bool:
    """Return the conflicting files of a merge of two commits; True if they have no common ancestor."""
    handle = pygit2.Repository(str(folder))
    start = handle.merge_base(base, head)
    return (
        True
        if start is None
        else tuple(_conflicting(_merged(handle, start, _commit(handle, base), _commit(handle, head))))
    )


def _commit(handle: pygit2.Repository, oid: pygit2.Oid | str) -> pygit2.Commit:
    found = handle[oid]
    assert isinstance(found, pygit2.Commit)
    return found


def _merged(
    handle: pygit2.Repository, start: pygit2.Oid, base: pygit2.Commit, head: pygit2.Commit
) -> pygit2.Index:
    no_renames = pygit2.enums.MergeFlag(0)
    return handle.merge_trees(_commit(handle, start).tree, base.tree, head.tree, flags=no_renames)


def _conflicting(index: pygit2.Index) -> list[str]:
    conflicts = index.conflicts or ()
    return sorted({str(entry.path) for conflict in conflicts for entry in conflict if entry is not None})


def _message(git: GitRepo, pull_request: Discussion) -> str:
    """Return the merge message in huggingface.co's words: the title with the number, then the squashed commits and their authors."""
    lines, authors = [], {}
    for commit in commits(git, pull_request):
        subject = commit.message.split("\n", 1)[0]
        lines.append(f"- {subject} ({commit.id})")
        authors[f"Co-authored-by: {commit.author.name} <{commit.author.email}>"] = True
    return "\n".join([f"{pull_request.title} (#{pull_request.num})", "", *lines, "", "", *authors, ""])
