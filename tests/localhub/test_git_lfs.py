"""git-lfs as people have it: push, clone, pull, files in parts, and a push without its objects."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from localhub.storage import multipart

from .git_client import Git
from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs git-lfs")

DATA = os.urandom(300_000)


def install(home):
    """Have git use git-lfs."""
    Git(home / "anywhere", make=True)("lfs", "install")


@pytest.fixture
def git(local_hub, api, tmp_path):
    api.create_repo("r")
    install(tmp_path)
    git = Git.clone(local_hub.endpoint, "spacehub/r", tmp_path / "work", token=local_hub.token)
    (git.folder / "large.bin").write_bytes(DATA)
    git.commit({})
    return git


def test_there_and_back(git, api, local_hub, tmp_path):
    said = git.says("push", "origin", "main")
    assert "lock" not in said.lower()  # it knows that there are none, and does not talk about it
    info = api.get_paths_info("spacehub/r", "large.bin")[0]
    assert (info.size, info.lfs.size) == (len(DATA), len(DATA))
    with open(api.hf_hub_download("spacehub/r", "large.bin"), "rb") as file:
        assert file.read() == DATA
    clone = Git.clone(local_hub.endpoint, "spacehub/r", tmp_path / "clone")
    assert (clone.folder / "large.bin").read_bytes() == DATA
    api.upload_file(path_or_fileobj=DATA[::-1], path_in_repo="odd name.xyz", repo_id="spacehub/r")
    clone("pull")
    assert (clone.folder / "odd name.xyz").read_bytes() == DATA[::-1]
    assert clone("lfs", "fsck") == "Git LFS fsck OK"


def test_a_push_without_its_objects(git):
    said = git.fails("push", "--no-verify", "origin", "main")
    assert "The large file large.bin" in said
    assert "git lfs push" in said
    git("lfs", "push", "--all", "origin")
    git("push", "origin", "main")


def test_in_parts(git, api, local_hub, tmp_path, monkeypatch):
    """With the client's own transfer agent, as `hf lfs-enable-largefiles` sets it up."""
    monkeypatch.setattr(multipart, "MULTIPART_BYTES", 200_000)
    monkeypatch.setattr(multipart, "PART_BYTES", 70_000)
    hf = Path(sys.executable).parent / "hf"
    subprocess.run([hf, "lfs-enable-largefiles", git.folder], check=True, capture_output=True)
    git("config", "lfs.customtransfer.multipart.path", str(hf))
    git("config", "lfs.concurrenttransfers", "1")  # each would be an agent of its own
    git("push", "origin", "main")
    with open(api.hf_hub_download("spacehub/r", "large.bin"), "rb") as file:
        assert file.read() == DATA


def test_a_private_repo(people, tmp_path):
    endpoint = str(people[None].base_url).rstrip("/")
    people[ALICE_WRITES].post("/api/repos/create", json={"name": "lfs", "private": True}).raise_for_status()
    install(tmp_path)
    git = Git.clone(endpoint, "alice/lfs", tmp_path / "work", token=ALICE_WRITES)
    (git.folder / "large.bin").write_bytes(DATA)
    git.commit({})
    git("push", "origin", "main")
    reader = Git.clone(endpoint, "alice/lfs", tmp_path / "reader", token=ALICE_READS)
    assert (reader.folder / "large.bin").read_bytes() == DATA
    # each of the ways in which people give git a token
    header = Git.clone(
        endpoint, "alice/lfs", tmp_path / "h", "-c", f"http.extraHeader=Authorization: Bearer {ALICE_READS}"
    )
    assert (header.folder / "large.bin").read_bytes() == DATA
    helper = f"!f() {{ echo username=alice; echo password={ALICE_READS}; }}; f"
    helped = Git.clone(endpoint, "alice/lfs", tmp_path / "c", "-c", f"credential.helper={helper}")
    assert (helped.folder / "large.bin").read_bytes() == DATA
    for token, status in ((None, 401), (BOB_WRITES, 404), (ALICE_READS, 403)):
        asked = people[token].post(
            "/alice/lfs.git/info/lfs/objects/batch", json={"operation": "upload", "objects": []}
        )
        assert asked.status_code == status
        assert asked.json()["message"]


def test_an_outsiders_pull_request(people, tmp_path):
    endpoint = str(people[None].base_url).rstrip("/")
    people[ALICE_WRITES].post("/api/repos/create", json={"name": "open"}).raise_for_status()
    body = {"title": "By carol", "pullRequest": True}
    people[CAROL_WRITES].post("/api/models/alice/open/discussions", json=body).raise_for_status()
    install(tmp_path)
    git = Git.clone(endpoint, "alice/open", tmp_path / "work", token=CAROL_WRITES)
    (git.folder / "large.bin").write_bytes(DATA)
    git.commit({})
    git("push", "origin", "HEAD:refs/pr/1")
    found = people[None].get("/alice/open/resolve/refs%2Fpr%2F1/large.bin")
    assert found.content == DATA
