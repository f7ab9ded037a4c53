"""What is to go where before a commit: .gitattributes in any folder, .gitignore, and what is there already."""

import base64

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete

LFS, TEXT = "filter=lfs diff=lfs merge=lfs -text", "-filter text"


@pytest.fixture
def repo(api):
    api.create_repo("r")
    files = {
        "data/.gitattributes": f"*.csv {LFS}\nkeep.bin {TEXT}\n/top.dat {LFS}\n",
        "data/deep/.gitattributes": f"*.csv {TEXT}\n",
        "odd.gitattributes": f"* {LFS}\n",
        ".gitignore": "*.tmp\n/build/\n!keep.tmp\n",
    }
    operations = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
    api.create_commit("spacehub/r", operations, commit_message="rules")
    return "spacehub/r"


def preupload(wire, repo, *paths, revision="main", content=b"a,b\n", **more):
    files = [
        {"path": path, "sample": base64.b64encode(content).decode(), "size": len(content)} for path in paths
    ]
    answer = wire.post(f"/api/models/{repo}/preupload/{revision}", json={"files": files, **more})
    answer.raise_for_status()
    return {file["path"]: file for file in answer.json()["files"]}


def test_the_nearest_gitattributes_decides(wire, repo):
    got = preupload(
        wire,
        repo,
        "a.csv",
        "data/a.csv",
        "data/x/y/a.csv",
        "data/deep/a.csv",
        "data/deep/x/a.csv",
        "data/keep.bin",
        "data/deep/keep.bin",
        "other/keep.bin",
        "data/top.dat",
        "data/x/top.dat",
        "plain.txt",
    )
    assert [path for path, file in got.items() if file["uploadMode"] == "lfs"] == [
        "data/a.csv",
        "data/x/y/a.csv",
        "other/keep.bin",
        "data/top.dat",
    ]


def test_a_large_file_in_a_folder_with_rules_is_not_listed_twice(api, repo):
    before = api.hf_hub_download(repo, ".gitattributes", revision="main")
    api.upload_file(path_or_fileobj=b"a,b\n", path_in_repo="data/a.csv", repo_id=repo)
    with open(before) as old, open(api.hf_hub_download(repo, ".gitattributes")) as new:
        assert new.read() == old.read()
    api.upload_file(path_or_fileobj=b"\0" * 600, path_in_repo="data/deep/raw", repo_id=repo)
    with open(api.hf_hub_download(repo, ".gitattributes")) as new:
        assert new.read().endswith(f"data/deep/raw {LFS}\n")


def test_rules_in_the_same_commit_count(api, repo):
    api.create_commit(
        repo,
        [
            CommitOperationAdd("sub/.gitattributes", f"raw2 {LFS}\n".encode()),
            CommitOperationAdd("sub/raw2", b"\1" * 600),
        ],
        commit_message="both",
    )
    with open(api.hf_hub_download(repo, ".gitattributes")) as file:
        assert "raw2" not in file.read()


@pytest.mark.parametrize(
    ("more", "ignored"),
    [
        ({}, ["x.tmp", "a/x.tmp", "build/x"]),
        ({"gitIgnore": "a/\n"}, ["a/x.tmp", "a/build/x"]),
        ({"gitIgnore": ""}, []),
    ],
)
def test_gitignore_of_the_repo_or_of_the_call(wire, repo, more, ignored):
    got = preupload(wire, repo, "x.tmp", "a/x.tmp", "build/x", "keep.tmp", "a/build/x", **more)
    assert [path for path, file in got.items() if file["shouldIgnore"]] == ignored


def test_existing_files_are_reported_for_a_pull_request_too(wire, api, repo):
    made = api.create_commit(
        repo, [CommitOperationAdd("x", b"of the pull request")], commit_message="Add x", create_pr=True
    )
    assert preupload(wire, repo, "x")["x"]["oid"] is None
    assert preupload(wire, repo, "x", revision="refs%2Fpr%2F1")["x"]["oid"] is not None
    assert api.list_repo_commits(repo, revision="refs/pr/1")[0].commit_id == made.oid


@pytest.mark.parametrize(("path", "is_folder"), [("data", True), ("data/", True), ("data", False)])
def test_a_folder_is_deleted_either_way(api, repo, path, is_folder):
    api.create_commit(repo, [CommitOperationDelete(path, is_folder=is_folder)], commit_message="away")
    assert [file for file in api.list_repo_files(repo) if file.startswith("data")] == []


def test_a_file_is_no_folder(wire, repo):
    line = b'{"key":"header","value":{"summary":"x"}}\n{"key":"deletedFolder","value":{"path":"data/keep.bin/"}}\n'
    assert wire.post(f"/api/models/{repo}/commit/main", content=line).status_code == 404
