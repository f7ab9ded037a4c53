"""Find the commit that last changed each of some paths."""

from typing import Any

import pygit2

from localhub.git.entries import Snapshot
from localhub.git.lookups import entry_at
from localhub.times import iso_timestamp


def last_commits(snapshot: Snapshot, paths: list[str]) -> dict[str, dict[str, Any]]:
    """Walk back from a commit until the last change of each path is found.

    Returns
    -------
    dict
        Path to ``{"id", "title", "date"}``.
    """
    changes: dict[str, dict[str, Any]] = {}
    open_paths = set(paths)
    for commit in snapshot.git.history(snapshot.commit):
        before = commit.parents[0].tree if commit.parents else None
        same = _SameFolders(commit.tree, before)
        for path in list(open_paths):
            if path.rpartition("/")[0] in same:
                continue
            if before is None or _id_at(before, path) != _id_at(commit.tree, path):
                changes[path] = _described(commit)
                open_paths.discard(path)
        if not open_paths:
            break
    return changes


class _SameFolders:
    """Yield the folders that two trees share, comparing each once."""

    def __init__(self, tree: Any, before: Any):
        self._tree, self._before, self._known = tree, before, {}

    def __contains__(self, folder: str) -> bool:
        if folder not in self._known:
            if self._before is None:
                self._known[folder] = False
            elif not folder:
                self._known[folder] = self._tree.id == self._before.id
            else:
                self._known[folder] = _id_at(self._tree, folder) == _id_at(self._before, folder)
        return self._known[folder]


def _id_at(tree: Any, path: str):
    git_object = entry_at(tree, path)
    return git_object.id if git_object else None


def _described(commit: pygit2.Commit) -> dict[str, Any]:
    title = commit.message.split("\n", 1)[0]
    return {"id": str(commit.id), "title": title, "date": iso_timestamp(commit.commit_time)}
