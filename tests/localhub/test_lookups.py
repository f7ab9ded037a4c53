"""A lookup finds what is there, and keeps nothing of what it was asked for."""

import tracemalloc

import pygit2
import pytest

from localhub.git import lookups


@pytest.fixture
def repo(tmp_path):
    repo = pygit2.init_repository(tmp_path, bare=True)
    builder = repo.TreeBuilder()
    builder.insert("file", repo.create_blob(b"x"), pygit2.enums.FileMode.BLOB)
    who = pygit2.Signature("a", "a@b")
    repo.create_commit("refs/heads/main", who, who, "first", builder.write(), [])
    return repo


@pytest.mark.parametrize(
    ("path", "there"),
    [("file", True), ("missing", False), ("f", False), ("file/below", False), ("\0", False)],
)
def test_a_path(repo, path, there):
    tree = repo.references["refs/heads/main"].peel(pygit2.Tree)
    assert (lookups.entry_at(tree, path) is not None) is there


@pytest.mark.parametrize(
    ("name", "there"), [("refs/heads/main", True), ("refs/heads/none", False), ("refs/heads/a..b", False)]
)
def test_a_ref(repo, name, there):
    assert (lookups.reference_at(repo, name) is not None) is there


def test_no_string_is_kept(repo):
    tree, long = repo.references["refs/heads/main"].peel(pygit2.Tree), "a/" * 20_000
    tracemalloc.start()
    try:
        for number in range(100):
            assert lookups.entry_at(tree, f"{long}{number}") is None
            assert lookups.reference_at(repo, f"refs/heads/{long}{number}") is None
            assert lookups.entry_at(tree, "file") is not None
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 5 * len(long)
