"""Copies of a repo and of its large files: history and content come along, nothing else does, and nobody gets too much."""

import hashlib
import os

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, check_repos, ndjson

DATA = os.urandom(5000)
OID = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def source(api):
    api.create_repo("source")
    files = [CommitOperationAdd("a.bin", DATA), CommitOperationAdd("b.txt", b"text")]
    api.create_commit("spacehub/source", files, commit_message="files")
    api.create_tag("spacehub/source", tag="v1")
    api.create_branch("spacehub/source", branch="side")
    api.create_discussion("spacehub/source", "A question")
    api.create_pull_request("spacehub/source", "A change")
    return "spacehub/source"


def test_a_whole_repo(api, source):
    url = api.duplicate_repo(source, "spacehub/copy")
    assert (url.repo_id, url.files_copy_pending) == ("spacehub/copy", False)
    assert api.list_repo_refs("spacehub/copy", include_pull_requests=True).pull_requests == []
    ours, theirs = api.list_repo_refs(source), api.list_repo_refs("spacehub/copy")
    assert (ours.branches, ours.tags) == (theirs.branches, theirs.tags)
    assert [c.commit_id for c in api.list_repo_commits(source)] == [
        c.commit_id for c in api.list_repo_commits("spacehub/copy")
    ]
    assert list(api.get_repo_discussions("spacehub/copy")) == []
    api.delete_repo(source)
    with open(api.hf_hub_download("spacehub/copy", "a.bin"), "rb") as file:
        assert file.read() == DATA
    with pytest.raises(HfHubHTTPError) as caught:
        api.duplicate_repo("spacehub/copy", "spacehub/copy")
    assert caught.value.response.status_code == 409
    assert api.duplicate_repo("spacehub/copy", "spacehub/copy", exist_ok=True).repo_id == "spacehub/copy"


def test_the_copies_part_ways(hub_process):
    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("source")
    for number in range(3):
        files = [
            CommitOperationAdd(f"{number}/{index}.txt", os.urandom(9).hex().encode()) for index in range(20)
        ]
        api.create_commit("spacehub/source", files, commit_message="many")
    api.upload_file(path_or_fileobj=DATA, path_in_repo="a.bin", repo_id="spacehub/source")
    api.duplicate_repo("spacehub/source", "spacehub/copy", private=True)
    inode = {path.stat().st_ino for path in hub.root.glob(f"repos/*/*/*/git/lfs/objects/*/*/{OID}")}
    assert len(inode) == 1  # no second copy on the disk
    api.upload_file(path_or_fileobj=b"1", path_in_repo="new", repo_id="spacehub/copy")
    api.super_squash_history("spacehub/source")
    assert api.model_info("spacehub/copy").private
    assert not api.file_exists("spacehub/source", "new")
    assert len(api.list_repo_commits("spacehub/copy")) == 6
    check_repos(hub.root)


def test_a_space_with_its_settings(api):
    api.create_repo("app", repo_type="space", space_sdk="static")
    api.add_space_variable("spacehub/app", "OLD", "1")
    variables = [{"key": "NEW", "value": "2"}]
    api.duplicate_repo("spacehub/app", "spacehub/app2", repo_type="space", space_variables=variables)
    assert list(api.get_space_variables("spacehub/app2")) == ["NEW"]
    assert api.space_info("spacehub/app2").sdk == "static"


@pytest.fixture(scope="module")
def private(people):
    owner = people[ALICE_WRITES]
    for name, hidden in (("secret", True), ("open", False)):
        owner.post("/api/repos/create", json={"name": name, "private": hidden}).raise_for_status()
    return people


@pytest.mark.parametrize(
    ("token", "source", "target", "status"),
    [
        (None, "open", "alice/x", 401),
        (ALICE_READS, "open", "alice/x", 403),
        (BOB_WRITES, "open", "alice/x", 403),
        (BOB_WRITES, "secret", "bob/x", 404),
        (BOB_WRITES, "open", "bob/x", 200),
        (ALICE_WRITES, "secret", "alice/y", 200),
        (ALICE_WRITES, "open", "../x", 400),
    ],
)
def test_who_may(private, token, source, target, status):
    answer = private[token].post(f"/api/models/alice/{source}/duplicate", json={"repository": target})
    assert answer.status_code == status
    if source == "secret" and status == 200:
        assert private[None].get(f"/api/models/{target}").status_code == 404


def duplicate_files(wire, source, target, oid=OID):
    body = {
        "target": {"type": "model", "name": target},
        "files": [{"sha256": oid, "xetHash": "", "filename": "a"}],
    }
    return wire.post(f"/api/models/{source}/lfs-files/duplicate", json=body)


def test_large_files_from_one_repo_to_another(api, wire, source):
    api.create_repo("other")
    copy = ndjson(("lfsFile", {"path": "there.bin", "algo": "sha256", "oid": OID}))
    assert wire.post("/api/models/spacehub/other/commit/main", content=copy).status_code == 400
    assert duplicate_files(wire, source, "spacehub/other").json() == {"failed": []}
    assert duplicate_files(wire, source, "spacehub/other").json() == {"failed": []}
    wire.post("/api/models/spacehub/other/commit/main", content=copy).raise_for_status()
    with open(api.hf_hub_download("spacehub/other", "there.bin"), "rb") as file:
        assert file.read() == DATA
    missing = duplicate_files(wire, source, "spacehub/other", oid="0" * 64).json()["failed"]
    assert [item["sha256"] for item in missing] == ["0" * 64]
    assert duplicate_files(wire, source, "spacehub/other", oid="../x").status_code == 400


def test_large_files_of_a_private_repo_stay_there(private):
    assert duplicate_files(private[CAROL_WRITES], "alice/secret", "carol/none").status_code == 404
    assert duplicate_files(private[CAROL_WRITES], "alice/open", "alice/secret").status_code == 404


@pytest.mark.parametrize("revision", [None, "before"])
def test_copies_within_a_repo(api, source, revision):
    """A large file by its hash alone, a small one by its content, also from another revision."""
    api.create_branch(source, branch="before")
    api.create_commit(
        source,
        [
            CommitOperationCopy("a.bin", "copies/a.bin", src_revision=revision),
            CommitOperationCopy("b.txt", "copies/b.txt", src_revision=revision),
        ],
        commit_message="copies",
    )
    infos = {
        info.path: info for info in api.get_paths_info(source, ["a.bin", "copies/a.bin", "copies/b.txt"])
    }
    assert infos["copies/a.bin"].lfs == infos["a.bin"].lfs
    assert infos["copies/b.txt"].size == 4


def test_a_missing_source(api):
    with pytest.raises(RepositoryNotFoundError):
        api.duplicate_repo("spacehub/none", "spacehub/copy")
