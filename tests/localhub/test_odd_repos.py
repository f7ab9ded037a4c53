"""A repository that nobody should have, because of a crash, an older version or an odd mirror, breaks no list."""

import shutil

import pygit2
import pytest

REPO = "repos/models/spacehub/odd"


def deep_folder(folder):
    """A folder 1,500 levels deep, written past all checks."""
    repo = pygit2.Repository(str(folder / "git"))
    pygit2.settings.enable_fsync_gitdir(False)
    oid, mode = repo.create_blob(b"x"), pygit2.enums.FileMode.BLOB
    for _ in range(1500):
        builder = repo.TreeBuilder()
        builder.insert("d", oid, mode)
        oid, mode = builder.write(), pygit2.enums.FileMode.TREE
    who = pygit2.Signature("a", "a@b.c")
    parent = repo.references["refs/heads/main"].peel().id
    pygit2.settings.enable_fsync_gitdir(True)
    repo.create_commit("refs/heads/main", who, who, "deep", oid, [parent])


ODD = {
    "deep folder": deep_folder,
    "settings that are no JSON": lambda folder: (folder / "repo.json").write_text("{"),
    "settings that are a list": lambda folder: (folder / "repo.json").write_text("[]"),
    "settings of wrong types": lambda folder: (folder / "repo.json").write_text('{"id": 1}'),
    "no settings": lambda folder: (folder / "repo.json").unlink(),
    "no git": lambda folder: shutil.rmtree(folder / "git"),
    "a branch to nowhere": lambda folder: (folder / "git/refs/heads/main").write_text("1" * 40 + "\n"),
    "no branch": lambda folder: (folder / "git/refs/heads/main").unlink(),
    "objects cut short": lambda folder: [path.write_bytes(b"x") for path in _objects(folder)],
    "likes that are no JSON": lambda folder: (folder / "likes.json").write_text("]["),
    "a file in its place": lambda folder: (shutil.rmtree(folder), folder.write_text("x")),
}
LISTS = (
    "/api/models?full=true",
    "/api/models?expand=siblings&expand=likes",
    "/api/models?author=spacehub",
    "/api/models-tags-by-type",
    "/",
    "/spacehub",
    "/api/whoami-v2",
    "/api/users/spacehub/overview",
    "/api/users/spacehub/likes",
    "/api/settings/repositories",
)


def _objects(folder):
    found = [path for path in (folder / "git/objects").rglob("*") if path.is_file()]
    for path in found:
        path.chmod(0o600)
    return found


@pytest.mark.parametrize("make_odd", ODD.values(), ids=ODD)
def test_an_odd_repo_breaks_no_list(client, hub, tmp_path, make_odd):
    client.post("/api/repos/create", json={"name": "odd"}).raise_for_status()
    make_odd(tmp_path / "root" / REPO)
    for address in LISTS:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text[:300])
    assert "spacehub/r" in [item["id"] for item in client.get("/api/models?full=true").json()]
