"""huggingface_hub, unmodified, does its everyday work on the Hub."""

import os
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfFileSystem,
    RepoCard,
    RepoFolder,
)
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from .hubs import check_repos, git_folders

TYPES = ["model", "dataset", "space"]


@pytest.mark.parametrize("repo_type", TYPES)
def test_life_of_a_repo(api, repo_type):
    sdk = {"space_sdk": "static"} if repo_type == "space" else {}
    url = api.create_repo("spacehub/one", repo_type=repo_type, **sdk)
    assert (url.repo_id, url.repo_type) == ("spacehub/one", repo_type)
    with pytest.raises(HfHubHTTPError, match="You already created this"):
        api.create_repo("spacehub/one", repo_type=repo_type, **sdk)
    assert api.create_repo("spacehub/one", repo_type=repo_type, exist_ok=True, **sdk) == url
    assert api.repo_exists("spacehub/one", repo_type=repo_type)

    api.upload_file(
        path_or_fileobj=b"hello", path_in_repo="a.txt", repo_id="spacehub/one", repo_type=repo_type
    )
    info = api.repo_info("spacehub/one", repo_type=repo_type)
    assert "a.txt" in [file.rfilename for file in info.siblings]
    path = api.hf_hub_download("spacehub/one", "a.txt", repo_type=repo_type)
    assert Path(path).read_text() == "hello"

    api.delete_repo("spacehub/one", repo_type=repo_type)
    assert not api.repo_exists("spacehub/one", repo_type=repo_type)
    with pytest.raises(RepositoryNotFoundError):
        api.delete_repo("spacehub/one", repo_type=repo_type)
    api.delete_repo("spacehub/one", repo_type=repo_type, missing_ok=True)


def test_folder_up_and_snapshot_down(api, tmp_path):
    source = tmp_path / "source"
    (source / "deep" / "er").mkdir(parents=True)
    contents = {"a.txt": b"text", "deep/er/b.bin": os.urandom(3000), "empty": b"", "ü ñ ö.txt": b"x"}
    for name, data in contents.items():
        (source / name).write_bytes(data)
    api.create_repo("folder")
    commit = api.upload_folder(folder_path=source, repo_id="spacehub/folder", commit_message="all")
    again = api.upload_folder(folder_path=source, repo_id="spacehub/folder", commit_message="nothing new")
    assert again.oid == commit.oid

    target = api.snapshot_download("spacehub/folder", local_dir=tmp_path / "target")
    for name, data in contents.items():
        assert (Path(target) / name).read_bytes() == data
    api.upload_folder(
        folder_path=source,
        path_in_repo="again",
        repo_id="spacehub/folder",
        delete_patterns="*",
        ignore_patterns="*.bin",
    )
    assert "again/deep/er/b.bin" not in api.list_repo_files("spacehub/folder")


def test_commit_of_all_operations(api):
    api.create_repo("all")
    data = os.urandom(5000)
    first = api.create_commit(
        "spacehub/all",
        [
            CommitOperationAdd("text.txt", b"one"),
            CommitOperationAdd("large.bin", data),
            CommitOperationAdd("folder/x.txt", b"x"),
            CommitOperationAdd("folder/y.txt", b"y"),
            CommitOperationAdd("gone.txt", b"gone"),
        ],
        commit_message="first",
        commit_description="with a description",
    )
    second = api.create_commit(
        "spacehub/all",
        [
            CommitOperationCopy("text.txt", "text-copy.txt"),
            CommitOperationCopy("large.bin", "copies/large.bin"),
            CommitOperationDelete("gone.txt"),
            CommitOperationDelete("folder/"),
        ],
        commit_message="second",
        parent_commit=first.oid,
    )
    files = {file.path: file for file in api.list_repo_tree("spacehub/all", recursive=True, expand=True)}
    assert set(files) == {
        ".gitattributes",
        "text.txt",
        "text-copy.txt",
        "large.bin",
        "copies",
        "copies/large.bin",
    }
    assert files["copies/large.bin"].lfs.sha256 == files["large.bin"].lfs.sha256
    assert isinstance(files["copies"], RepoFolder)
    assert files["text.txt"].last_commit.oid == first.oid
    assert files["text-copy.txt"].last_commit.oid == second.oid
    titles = [(commit.title, commit.message) for commit in api.list_repo_commits("spacehub/all")]
    assert titles == [("second", ""), ("first", "with a description"), ("initial commit", "")]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda api: api.model_info("spacehub/none"), RepositoryNotFoundError),
        (lambda api: api.model_info("spacehub/here", revision="none"), RevisionNotFoundError),
        (lambda api: api.hf_hub_download("spacehub/here", "none.txt"), EntryNotFoundError),
        (lambda api: api.hf_hub_download("spacehub/here", "a", revision="none"), RevisionNotFoundError),
        (lambda api: list(api.list_repo_tree("spacehub/here", "none")), EntryNotFoundError),
        (lambda api: api.delete_file("none.txt", "spacehub/here"), EntryNotFoundError),
        (lambda api: api.delete_folder("none", "spacehub/here"), EntryNotFoundError),
        (lambda api: api.create_repo("here", repo_type="space", space_sdk="none"), ValueError),
        (lambda api: api.create_branch("spacehub/here", branch="refs/pr/1"), BadRequestError),
        (lambda api: api.create_tag("spacehub/here", tag="v1", revision="none"), RevisionNotFoundError),
        (
            lambda api: api.upload_file(path_or_fileobj=b"", path_in_repo="a", repo_id="spacehub/none"),
            HfHubHTTPError,
        ),
    ],
)
def test_errors_are_the_clients_own(api, call, error):
    api.create_repo("here")
    with pytest.raises(error):
        call(api)


def test_branches_tags_and_history(api):
    api.create_repo("refs")
    first = api.upload_file(path_or_fileobj=b"1", path_in_repo="a.txt", repo_id="spacehub/refs").oid
    api.create_branch("spacehub/refs", branch="feature/one")
    api.create_tag("spacehub/refs", tag="v1", tag_message="release")
    api.create_tag("spacehub/refs", tag="plain", revision=first)
    api.upload_file(
        path_or_fileobj=b"2", path_in_repo="a.txt", repo_id="spacehub/refs", revision="feature/one"
    )
    for revision, content in [
        ("main", "1"),
        ("feature/one", "2"),
        ("v1", "1"),
        (first, "1"),
        ("refs/heads/main", "1"),
    ]:
        path = api.hf_hub_download("spacehub/refs", "a.txt", revision=revision)
        assert Path(path).read_text() == content
    refs = api.list_repo_refs("spacehub/refs")
    assert sorted(branch.name for branch in refs.branches) == ["feature/one", "main"]
    assert {tag.name: tag.target_commit for tag in refs.tags} == {"v1": first, "plain": first}
    with pytest.raises(HfHubHTTPError, match="already exists"):
        api.create_branch("spacehub/refs", branch="feature/one")
    api.create_branch("spacehub/refs", branch="feature/one", exist_ok=True)
    with pytest.raises(HfHubHTTPError, match="Cannot delete refs/heads/main"):
        api.delete_branch("spacehub/refs", branch="main")
    api.delete_branch("spacehub/refs", branch="feature/one")
    api.delete_tag("spacehub/refs", tag="v1")
    with pytest.raises(RevisionNotFoundError):
        api.delete_tag("spacehub/refs", tag="v1")
    assert [branch.name for branch in api.list_repo_refs("spacehub/refs").branches] == ["main"]


def test_long_lists_come_in_pages(api):
    api.create_repo("many")
    files = [CommitOperationAdd(f"d/{number:04}.txt", b"%d" % number) for number in range(2345)]
    api.create_commit("spacehub/many", files, commit_message="many")
    assert len(list(api.list_repo_tree("spacehub/many", "d"))) == 2345
    paths = [file.path for file in api.list_repo_tree("spacehub/many", recursive=True)]
    assert paths == sorted(paths)
    assert len(paths) == 2345 + 2
    for number in range(60):
        api.create_commit(
            "spacehub/many", [CommitOperationAdd("n", b"%d" % number)], commit_message=str(number)
        )
    titles = [commit.title for commit in api.list_repo_commits("spacehub/many")]
    assert titles == [*map(str, reversed(range(60))), "many", "initial commit"]


def test_lists_filter_and_sort(api):
    card = (
        "---\nlicense: mit\nlibrary_name: skops\npipeline_tag: tabular-classification\nlanguage: en\n{}---\n"
    )
    for name, more in [("a-lander", "datasets: spacehub/data\n"), ("b-rover", "tags: [mars]\n")]:
        api.create_repo(name)
        api.upload_file(
            path_or_fileobj=card.format(more).encode(), path_in_repo="README.md", repo_id=f"spacehub/{name}"
        )
    api.create_repo("other/c-lander")
    api.create_repo("data", repo_type="dataset")

    def ids(**query):
        return [model.id for model in api.list_models(**query)]

    assert set(ids()) == {"spacehub/a-lander", "spacehub/b-rover", "other/c-lander"}
    assert ids(author="other") == ["other/c-lander"]
    assert set(ids(search="LANDER")) == {"spacehub/a-lander", "other/c-lander"}
    assert ids(filter=["mars", "license:mit"]) == ["spacehub/b-rover"]
    assert ids(filter="dataset:spacehub/data") == ["spacehub/a-lander"]
    assert set(ids(pipeline_tag="tabular-classification")) == {"spacehub/a-lander", "spacehub/b-rover"}
    assert ids(sort="created_at") == ["other/c-lander", "spacehub/b-rover", "spacehub/a-lander"]
    assert len(ids(limit=2)) == 2
    assert [dataset.id for dataset in api.list_datasets()] == ["spacehub/data"]
    full = next(api.list_models(filter="mars", full=True, cardData=True))
    assert full.card_data.license == "mit"
    assert full.library_name == "skops"
    assert {"skops", "tabular-classification", "en", "license:mit", "mars"} <= set(full.tags)
    expanded = api.model_info("spacehub/b-rover", expand=["tags", "likes"])
    assert expanded.likes == 0
    assert expanded.sha is None


def test_a_moved_repo_redirects(api):
    api.create_repo("old")
    api.upload_file(path_or_fileobj=os.urandom(2000), path_in_repo="a.bin", repo_id="spacehub/old")
    api.move_repo("spacehub/old", "spacehub/new")
    assert api.model_info("spacehub/old").id == "spacehub/new"
    assert Path(api.hf_hub_download("spacehub/old", "a.bin")).stat().st_size == 2000
    api.upload_file(path_or_fileobj=b"x", path_in_repo="b.txt", repo_id="spacehub/old")
    assert "b.txt" in api.list_repo_files("spacehub/new")
    api.move_repo("spacehub/new", "other/newer")
    assert api.model_info("spacehub/old").id == api.model_info("spacehub/new").id == "other/newer"
    api.move_repo("other/newer", "spacehub/new")
    assert api.model_info("other/newer").id == "spacehub/new"
    api.create_repo("third")
    with pytest.raises(HfHubHTTPError, match="already exists"):
        api.move_repo("spacehub/new", "spacehub/third")
    api.create_repo("old")
    assert api.model_info("spacehub/old").id == "spacehub/old"


def test_visibility(api):
    api.create_repo("hidden", private=True)
    assert api.model_info("spacehub/hidden").private
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("spacehub/hidden", token=False)
    api.update_repo_settings("spacehub/hidden", private=False)
    assert not api.model_info("spacehub/hidden", token=False).private


def test_gitignore_leaves_files_out(api, tmp_path):
    for name in ("keep.txt", "skip.log", ".gitignore"):
        (tmp_path / name).write_text("*.log\n")
    api.create_repo("ignoring")
    api.upload_folder(
        folder_path=tmp_path, repo_id="spacehub/ignoring", allow_patterns=["*.txt", "*.log", ".gitignore"]
    )
    assert set(api.list_repo_files("spacehub/ignoring")) == {".gitattributes", ".gitignore", "keep.txt"}


def test_large_files_are_named_in_gitattributes(api):
    """So that a git clone with git-lfs gets content, not pointers."""
    api.create_repo("named")
    for path in ("weights.strange", "with space/b [1].strange", "covered.bin"):
        api.upload_file(path_or_fileobj=os.urandom(600), path_in_repo=path, repo_id="spacehub/named")
    text = Path(api.hf_hub_download("spacehub/named", ".gitattributes")).read_text()
    assert "weights.strange filter=lfs" in text
    assert "with[[:space:]]space/b[[:space:]]\\[1\\].strange filter=lfs" in text
    assert "covered" not in text


def test_file_system(api):
    api.create_repo("fs", repo_type="dataset")
    fs = HfFileSystem(endpoint=api.endpoint, token=api.token)
    base = "datasets/spacehub/fs"
    with fs.open(f"{base}/in/a.csv", "w") as file:
        file.write("x,y\n1,2\n")
    data = os.urandom(100_000)
    fs.pipe_file(f"{base}/b.bin", data)
    assert fs.cat_file(f"{base}/b.bin", start=50_000, end=50_010) == data[50_000:50_010]
    assert sorted(fs.glob(f"{base}/**/*.csv")) == [f"{base}/in/a.csv"]
    fs.cp_file(f"{base}/b.bin", f"{base}/c.bin")
    fs.rm(f"{base}/in", recursive=True)
    assert sorted(fs.ls(base, detail=False)) == [f"{base}/.gitattributes", f"{base}/b.bin", f"{base}/c.bin"]


def test_card_is_checked(api):
    card = RepoCard("---\nlicense: apache-2.0\n---\n# A card")
    card.validate(repo_type="model")
    with pytest.raises(ValueError, match="license"):
        RepoCard("---\nlicense: gpl-9\n---\n").validate(repo_type="model")
    api.create_repo("carded")
    card.push_to_hub("spacehub/carded")
    assert api.model_info("spacehub/carded").card_data.license == "apache-2.0"
    with pytest.raises(ValueError, match=r"Invalid metadata in README\.md"):
        api.upload_file(
            path_or_fileobj=b"---\nlicense: [\n---", path_in_repo="README.md", repo_id="spacehub/carded"
        )


def test_whoami(api, local_hub):
    assert api.whoami()["name"] == local_hub.account
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        api.whoami(token="hf_wrong")


def test_large_content_keeps_git_sound(hub_process):
    """Loose objects, packs and large files in one repo; git itself checks them."""
    hub = hub_process()
    api = huggingface_hub.HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("sound")
    for round_ in range(3):
        api.create_commit(
            "spacehub/sound",
            [
                CommitOperationAdd(f"{round_}/{number}.txt", os.urandom(20).hex().encode())
                for number in range(40)
            ],
            commit_message="pack",
        )
        api.upload_file(
            path_or_fileobj=os.urandom(9000), path_in_repo=f"{round_}.bin", repo_id="spacehub/sound"
        )
    check_repos(hub.root)
    (folder,) = git_folders(hub.root)
    assert len(list(folder.glob("git/objects/pack/*.pack"))) == 3
    assert len(list(folder.glob("git/lfs/objects/*/*/*"))) == 3
