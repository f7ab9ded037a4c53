"""Commits under competition, stale parents, and trees edited at depth, held against git itself."""

import os
import subprocess
import threading

import pygit2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from localhub.git.gitrepo import GitRepo
from localhub.git.objects import ObjectWriter
from localhub.git.tree import EditableTree
from localhub.storage.locks import RepoLock
from tests.doses import dose

from .hubs import check_repos, git_folders, in_threads, ndjson


def test_stale_parent(api):
    api.create_repo("r")
    first = api.upload_file(path_or_fileobj=b"1", path_in_repo="a", repo_id="spacehub/r").oid
    second = api.upload_file(
        path_or_fileobj=b"2", path_in_repo="a", repo_id="spacehub/r", parent_commit=first[:8]
    ).oid
    with pytest.raises(HfHubHTTPError, match="The branch was updated since you opened this page") as caught:
        api.upload_file(path_or_fileobj=b"3", path_in_repo="a", repo_id="spacehub/r", parent_commit=first)
    assert caught.value.response.status_code == 412
    assert api.model_info("spacehub/r").sha == second


def test_a_refused_commit_leaves_no_trace(wire, api):
    """Not even where its first lines were good."""
    api.create_repo("r")
    before = api.model_info("spacehub/r").sha
    body = ndjson(
        ("file", {"path": "good", "content": "aGk=", "encoding": "base64"}), ("deletedFile", {"path": "none"})
    )
    answer = wire.post("/api/models/spacehub/r/commit/main", content=body)
    assert (answer.status_code, answer.headers["X-Error-Code"]) == (404, "EntryNotFound")
    assert "A file with this name doesn't exist" in answer.json()["error"]
    assert api.model_info("spacehub/r").sha == before
    assert not api.file_exists("spacehub/r", "good")


def test_operations_apply_in_order(wire, api):
    api.create_repo("r")
    put = ("file", {"path": "d/a", "content": "aGk=", "encoding": "base64"})
    other = ("file", {"path": "d/b/c", "content": "aG8=", "encoding": "utf-8"})
    wire.post("/api/models/spacehub/r/commit/main", content=ndjson(put, other)).raise_for_status()
    body = ndjson(("deletedFolder", {"path": "d/"}), put)
    wire.post("/api/models/spacehub/r/commit/main", content=body).raise_for_status()
    assert api.list_repo_files("spacehub/r") == [".gitattributes", "d/a"]
    body = ndjson(
        ("deletedFile", {"path": "d/a"}),
        ("file", {"path": "d", "content": "now a file", "encoding": "utf-8"}),
    )
    answer = wire.post("/api/models/spacehub/r/commit/main", content=body)
    assert answer.status_code == 422
    wire.post(
        "/api/models/spacehub/r/commit/main", content=ndjson(("deletedFile", {"path": "d/a"}))
    ).raise_for_status()
    wire.post("/api/models/spacehub/r/commit/main", content=ndjson(*[put])).raise_for_status()


def test_all_files_may_go(api):
    api.create_repo("r")
    api.delete_file(".gitattributes", "spacehub/r")
    assert api.list_repo_files("spacehub/r") == []
    api.upload_file(path_or_fileobj=os.urandom(2000), path_in_repo="x.bin", repo_id="spacehub/r")
    assert api.list_repo_files("spacehub/r") == [".gitattributes", "x.bin"]


def test_parallel_committers_lose_nothing(hub_process):
    committers, each = 32, dose(2, 20)
    hub = hub_process()
    HfApi(endpoint=hub.endpoint, token=hub.token).create_repo("r")
    accepted, lock = set(), threading.Lock()

    def work(number):
        mine = HfApi(endpoint=hub.endpoint, token=hub.token)
        for turn in range(each):
            while True:
                parent = mine.model_info("spacehub/r").sha
                try:
                    oid = mine.create_commit(
                        "spacehub/r",
                        [CommitOperationAdd(f"{number}/{turn}", b"x")],
                        commit_message=f"{number} {turn}",
                        # every other commit insists on its parent, and tries again when it has lost
                        parent_commit=parent if turn % 2 else None,
                    ).oid
                    break
                except HfHubHTTPError as error:
                    if error.response.status_code != 412:
                        raise
            with lock:
                accepted.add(oid)

    in_threads(committers, work)
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    assert {commit.commit_id for commit in api.list_repo_commits("spacehub/r")} > accepted
    assert len(accepted) == committers * each
    assert len(api.list_repo_files("spacehub/r")) == committers * each + 1
    check_repos(hub.root)


def test_parallel_creators_make_one_repo(local_hub):
    made, refused = [], []

    def work(_):
        try:
            made.append(HfApi(endpoint=local_hub.endpoint, token=local_hub.token).create_repo("contested"))
        except HfHubHTTPError as error:
            refused.append(error.response.status_code)

    in_threads(8, work)
    assert len(made) == 1
    assert refused == [409] * 7


@pytest.mark.parametrize("count", [1, 4, 400])
def test_trees_and_packs_are_gits_own(tmp_path, count):
    """The same files, added in two steps by us and at once by git, make the same tree."""
    names = [f"{'abc'[n % 3]}{n % 7}/x{n}" if n % 2 else f"{'abc'[n % 3]}{n % 7}.{n}" for n in range(count)]
    repo = GitRepo.create(tmp_path / "ours")
    tree, parents = None, []
    for part in (names[::2], names[1::2]):
        with ObjectWriter(repo.handle, tmp_path) as writer:
            edited = EditableTree(repo.handle, tree)
            for name in part:
                edited.set(name, writer.add("blob", name.encode()))
            tree = edited.write(writer)
            tree = tree or writer.add("tree", b"")
            author = ("a <b>\n", "c")
            oid = repo.commit(
                writer, tree=tree, parents=parents, author=author, message="m\n", ref="refs/heads/main"
            )
            parents = [oid]
    theirs = pygit2.init_repository(str(tmp_path / "theirs"))
    for name in names:
        path = tmp_path / "theirs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    theirs.index.add_all()
    assert theirs.index.write_tree() == pygit2.Oid(raw=tree)
    packs = list((tmp_path / "ours/objects/pack").glob("*.idx"))
    assert bool(packs) == (count == 400)
    for command in (["fsck", "--strict", "--full"], *(["verify-pack", str(pack)] for pack in packs)):
        subprocess.run(["git", "-C", str(tmp_path / "ours"), *command], check=True, capture_output=True)


def test_commits_on_one_repo_do_not_hold_up_others(hub_process):
    """A commit that has begun to arrive and then stalls keeps nobody waiting, not even on its own repo."""
    import socket

    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("slow")
    host, port = hub.endpoint.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as stalled:
        head = (
            f"POST /api/models/spacehub/slow/commit/main HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n"
        )
        stalled.sendall(f"{head}Authorization: Bearer {hub.token}\r\n\r\n".encode() + ndjson()[:20])
        oid = api.upload_file(path_or_fileobj=b"x", path_in_repo="a", repo_id="spacehub/slow").oid
        assert api.model_info("spacehub/slow").sha == oid
    assert len(git_folders(hub.root)) == 1


def test_a_repo_that_is_busy_holds_up_no_other(hub_process):
    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    for name in ("busy", "free"):
        api.create_repo(name)
    waiting = threading.Thread(
        target=api.upload_file,
        kwargs={"path_or_fileobj": b"1", "path_in_repo": "x", "repo_id": "spacehub/busy"},
    )
    with RepoLock(hub.root / "repos/models/spacehub/busy"):
        waiting.start()
        for number in range(3):
            api.upload_file(path_or_fileobj=b"1", path_in_repo=f"{number}", repo_id="spacehub/free")
        assert waiting.is_alive()
        assert not api.file_exists("spacehub/busy", "x")
    waiting.join()
    assert api.file_exists("spacehub/busy", "x")
