"""`spacehub hub mirror`: a repo from another Hub, a git clone, a client's cache or a plain folder."""

import os
import subprocess
import sys

import pytest
from huggingface_hub import HfApi, snapshot_download

from localhub import LocalHub, LocalHubError
from localhub.maintenance import git_fetch
from localhub.maintenance.fsck import fsck
from localhub.maintenance.hub_folder import open_hub, parse_repo
from localhub.maintenance.mirror import mirror

FILES = {"README.md": b"# A card\n", "d/large.bin": os.urandom(50_000), "d/a.txt": b"hello"}


@pytest.fixture(scope="module")
def origin(tmp_path_factory):
    """Another Hub: a private repo with a history."""
    with LocalHub(tmp_path_factory.mktemp("origin") / "hub") as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("moon/r", private=True)
        for path, data in [("d/large.bin", os.urandom(1000)), *FILES.items()]:
            api.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id="moon/r")
        hub.sha = api.model_info("moon/r").sha
        hub.api = api
        yield hub


@pytest.fixture
def take(tmp_path, monkeypatch):
    """Mirror into an empty Hub and return its commit, its message, its files."""

    def run(name, origin):
        root = tmp_path / "hub"
        with open_hub(root, make=True) as store:
            id, commit = mirror(store, name, str(origin))
            assert list(fsck(store, None, quick=False)) == []
            assert list(store.incoming.iterdir()) == []
            snapshot = store.get(id).snapshot()
            assert snapshot.commit_id == commit
            entries = [entry for entry in snapshot.walk(recursive=True) if not entry.is_folder]
            large = {entry.path for entry in entries if entry.pointer}
            files = {entry.path: snapshot.read(entry.path) for entry in entries}
            assert files.pop(".gitattributes")
            return commit, snapshot.commit.message, files, large

    return run


@pytest.fixture(params=["with git", "without git"])
def git(request, monkeypatch):
    if request.param == "without git":
        monkeypatch.setattr(git_fetch.shutil, "which", lambda name: None)
    return request.param == "with git"


def speaks_git(hub) -> bool:
    address = f"{hub.endpoint.replace('//', f'//x:{hub.token}@')}/moon/r"
    run = subprocess.run(
        ["git", "ls-remote", address], capture_output=True, env=os.environ | {"GIT_TERMINAL_PROMPT": "0"}
    )
    return run.returncode == 0


def test_from_another_hub(origin, take, git):
    commit, message, files, large = take("moon/r", origin.endpoint)
    assert files == FILES
    assert large == {"d/large.bin"}
    if git and speaks_git(origin):
        assert commit == origin.sha
    else:
        assert message == f"Mirror of {origin.endpoint}/moon/r\n\nIts commit there is {origin.sha}\n"


def test_a_mirror_can_be_worked_with(origin, take, tmp_path):
    take("moon/r", origin.endpoint)
    with LocalHub(tmp_path / "hub") as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        assert api.model_info("moon/r").private
        api.upload_file(path_or_fileobj=b"new", path_in_repo="b.txt", repo_id="moon/r")
        folder = snapshot_download("moon/r", endpoint=hub.endpoint, token=hub.token)
        for path, data in FILES.items():
            with open(os.path.join(folder, path), "rb") as file:
                assert file.read() == data
        assert len(api.list_repo_commits("moon/r")) == 2


@pytest.fixture
def clone(tmp_path):
    """A git clone with a large file as git-lfs leaves it: a pointer in git, content in the work tree."""
    folder = tmp_path / "clone"
    (folder / "d").mkdir(parents=True)

    def run(*command):
        subprocess.run(["git", "-C", str(folder), *command], check=True, capture_output=True)

    run("init", "-b", "trunk")
    for path, data in FILES.items():
        (folder / path).write_bytes(data)
    from localhub.files.lfs import Pointer
    from localhub.maintenance.fsck import sha256_of

    (folder / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    pointer = Pointer(sha256_of(folder / "d/large.bin"), len(FILES["d/large.bin"]))
    (folder / "d/large.bin").write_bytes(pointer.encode())
    run(
        "-c",
        "filter.lfs.clean=cat",
        "-c",
        "filter.lfs.required=false",
        "-c",
        "filter.lfs.process=",
        "add",
        ".",
    )
    run("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "theirs")
    (folder / "d/large.bin").write_bytes(FILES["d/large.bin"])
    return folder


def test_from_a_clone(clone, take, git):
    commit, message, files, large = take("datasets/moon/r", clone)
    assert (files, large) == (FILES, {"d/large.bin"})
    head = subprocess.run(["git", "-C", str(clone), "rev-parse", "HEAD"], capture_output=True, text=True)
    assert (commit == head.stdout.strip()) == git
    assert message == ("theirs\n" if git else "Mirror of clone\n")


def test_a_clone_without_its_large_files_is_refused(clone, take, tmp_path):
    (clone / "d/large.bin").unlink()
    with pytest.raises(LocalHubError, match="git lfs pull"):
        take("moon/r", clone)
    assert not any((tmp_path / "hub/repos").rglob("*"))


def test_from_a_cache(origin, take, tmp_path):
    cache = tmp_path / "cache"
    snapshot_download("moon/r", endpoint=origin.endpoint, token=origin.token, cache_dir=cache)
    for number, folder in enumerate(
        [cache / "models--moon--r", cache / "models--moon--r/snapshots" / origin.sha]
    ):
        _, message, files, large = take(f"moon/r{number}", folder)
        assert (files, large) == (FILES, {"d/large.bin"})
        assert message == f"Mirror of models/moon/r\n\nIts commit there is {origin.sha}\n"


def test_from_a_folder(take, tmp_path):
    folder = tmp_path / "plain"
    for path, data in (FILES | {".cache/huggingface/x": b"x", ".git/config": b"x"}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    _, message, files, large = take("spaces/moon/r", folder)
    assert (files, large, message) == (FILES, {"d/large.bin"}, "Mirror of plain\n")


def test_what_cannot_be_mirrored_leaves_nothing(origin, take, tmp_path):
    for name, place, expected in (
        ("moon/none", origin.endpoint, "Cannot mirror"),
        ("moon/r", "http://127.0.0.1:9", "Cannot mirror"),
        ("moon/r", tmp_path / "none", "is neither huggingface.co"),
        ("r", origin.endpoint, "is not a valid repo name"),
    ):
        with pytest.raises(LocalHubError, match=expected):
            take(name, place)
    assert not any((tmp_path / "hub").glob("repos/*/*/*"))
    take("moon/r", origin.endpoint)
    with pytest.raises(LocalHubError, match="already has a repo named moon/r"):
        take("moon/r", origin.endpoint)


def test_the_command_while_a_hub_runs(origin, hub_process, tmp_path):
    hub = hub_process(tmp_path / "hub")
    command = [sys.executable, "-m", "spacehub.cli", "hub", "mirror", "moon/r", "--from", origin.endpoint]
    environment = os.environ | {"HF_HOME": str(tmp_path / "home"), "HF_TOKEN": origin.token}
    run = subprocess.run([*command, "--root", str(hub.root)], capture_output=True, text=True, env=environment)
    assert run.returncode == 0, run.stderr
    assert "Mirrored moon/r at commit" in run.stdout
    assert set(HfApi(endpoint=hub.endpoint, token=hub.token).list_repo_files("moon/r")) == {
        *FILES,
        ".gitattributes",
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [("a/b", "a/b"), ("models/a/b", "a/b"), ("datasets/a/b", "datasets/a/b"), ("/spaces/a/b/", "spaces/a/b")],
)
def test_names(text, path):
    assert parse_repo(text).web_path == path
