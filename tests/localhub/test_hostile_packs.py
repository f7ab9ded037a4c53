"""Packs that ask for far more than they are long are refused, and leave nothing behind."""

import gzip
import shutil

import httpx2
import pytest

from localhub import LocalHub
from localhub.git import gitrepo

from . import hostile
from .hubs import check_repos

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

PUSH = "/spacehub/r/git-receive-pack"
HEADERS = {"Content-Type": "application/x-git-receive-pack-request"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def pusher(root):
    with LocalHub(root) as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=120) as client:
            client.post("/api/repos/create", json={"name": "r"}).raise_for_status()
            yield client


def branches(client) -> list[str]:
    return [branch["name"] for branch in client.get("/api/models/spacehub/r/refs").json()["branches"]]


@pytest.mark.parametrize("name", hostile.PACKS)
def test_hostile_packs_are_refused(pusher, root, name):
    answer = pusher.post(PUSH, content=hostile.PACKS[name](), headers=HEADERS)
    assert answer.status_code in (200, 400, 413), answer.text
    assert b"ok refs/heads/x" not in answer.content
    assert branches(pusher) == ["main"]
    assert list(root.glob("repos/*/*/*/git/objects/*incoming-*")) == []
    assert list(root.glob("incoming/*")) == []
    check_repos(root)


def test_a_good_pack_is_taken(pusher):
    answer = pusher.post(PUSH, content=hostile.tree_bomb(levels=3), headers=HEADERS)
    assert b"ok refs/heads/x" in answer.content
    pusher.request("DELETE", "/api/models/spacehub/r/branch/x").raise_for_status()


def test_refs_are_counted_in_a_compressed_push(pusher):
    body = gzip.compress(hostile.many_refs(2000))
    answer = pusher.post(PUSH, content=body, headers={**HEADERS, "Content-Encoding": "gzip"})
    assert (answer.status_code, "at most 1000 branches" in answer.text) == (413, True)


def test_a_repo_has_only_so_many_refs(pusher, monkeypatch):
    monkeypatch.setattr(gitrepo, "MOST_REFS", 1)
    answer = pusher.post("/api/models/spacehub/r/branch/more", json={})
    assert (answer.status_code, "at most 1 branches" in answer.json()["error"]) == (413, True)
