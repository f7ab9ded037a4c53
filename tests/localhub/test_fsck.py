"""`spacehub hub fsck` finds every kind of damage, says where and what to do, and changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from localhub import LocalHub
from localhub.maintenance.fsck import fsck
from localhub.maintenance.hub_folder import open_hub

LARGE = os.urandom(50_000)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A Hub's folder with one repo of two commits, and a moved one."""
    folder = tmp_path_factory.mktemp("made") / "hub"
    with LocalHub(folder) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r")
        api.upload_file(path_or_fileobj=LARGE, path_in_repo="d/large.bin", repo_id="spacehub/r")
        api.upload_file(path_or_fileobj=b"hello", path_in_repo="a.txt", repo_id="spacehub/r")
        api.create_repo("old")
        api.move_repo("spacehub/old", "spacehub/new")
    return folder


@pytest.fixture
def root(made, tmp_path):
    """A copy of it that nobody serves."""
    return Path(shutil.copytree(made, tmp_path / "hub"))


def find(root, pattern) -> Path:
    return next(path for path in sorted(root.glob(pattern)) if path.is_file())


def rewrite(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(data)


LFS = "repos/models/spacehub/r/git/lfs/objects/*/*/*"
REPO = "repos/models/spacehub/r"
DAMAGES = {
    "nothing": (lambda root: None, None),
    "large file gone": (lambda root: find(root, LFS).unlink(), "d/large.bin"),
    "large file cut": (lambda root: rewrite(find(root, LFS), LARGE[:-1]), "49999 bytes instead of 50000"),
    "large file changed": (
        lambda root: rewrite(find(root, LFS), LARGE[:-1] + b"x"),
        "does not match its sha256",
    ),
    "git object gone": (lambda root: find(root, f"{REPO}/git/objects/[0-9a-f]*/*").unlink(), "git: "),
    "git object cut": (lambda root: rewrite(find(root, f"{REPO}/git/objects/[0-9a-f]*/*"), b""), "git: "),
    "ref of nothing": (lambda root: rewrite(root / REPO / "git/refs/heads/main", b"1" * 40 + b"\n"), "main"),
    "ref of garbage": (lambda root: rewrite(root / REPO / "git/refs/heads/main", b"garbage"), "main"),
    "main gone": (lambda root: (root / REPO / "git/refs/heads/main").unlink(), "no branch main"),
    "no git": (lambda root: (root / REPO / "git/HEAD").unlink(), "is not a git repository"),
    "settings": (lambda root: rewrite(root / REPO / "repo.json", b"{"), "repo.json cannot be read"),
    "settings without id": (
        lambda root: rewrite(root / REPO / "repo.json", b"{}"),
        "repo.json cannot be read",
    ),
    "other settings": (lambda root: rewrite(root / REPO / "more.json", b"{"), "more.json: cannot be read"),
    "discussion": (
        lambda root: [
            (root / REPO / "discussions").mkdir(),
            rewrite(root / REPO / "discussions/1.json", b"{"),
        ],
        "1.json: cannot be read",
    ),
    "webhooks": (
        lambda root: [(root / "webhooks").mkdir(), rewrite(root / "webhooks/a.json", b"")],
        "a.json: cannot be read",
    ),
    "redirect": (
        lambda root: rewrite(root / "redirects/models/spacehub/old", b"../../x"),
        "does not contain the name of a repo",
    ),
}


@pytest.mark.parametrize("git", ["with git", "without git"])
@pytest.mark.parametrize(("damage", "expected"), DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_found(root, monkeypatch, damage, expected, git):
    if git == "without git":
        monkeypatch.setattr("localhub.maintenance.fsck.shutil.which", lambda name: None)
    damage(root)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    with open_hub(root) as store:
        lines = [str(line) for line in fsck(store, None, quick=False)]
    if expected is None:
        assert lines == []
    else:
        assert any(expected.removeprefix("git: " * (git == "without git")) in line for line in lines), lines
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    assert after.keys() - {root / "lock"} == before.keys() - {root / "lock"}
    assert all(after[path] == before[path] for path in before if path.name != "lock")


def command(root, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "spacehub.cli", "hub", *arguments, "--root", str(root)],
        capture_output=True,
        text=True,
    )


def test_the_command(root):
    run = command(root, "fsck")
    assert run.returncode == 0
    assert "spacehub/r: 10 git objects, 1 large files" in run.stdout
    rewrite(find(root, LFS), LARGE[:-1] + b"x")
    assert command(root, "fsck", "--quick").returncode == 0
    run = command(root, "fsck", "spacehub/r")
    assert run.returncode == 1
    assert "DAMAGE spacehub/r: the content of the large file d/large.bin at" in run.stdout
    assert "upload it again" in run.stdout
    assert "Found damage in 1 place." in run.stderr
    for name, fix in (("spacehub/none", "has no repo"), ("../x", "is not a valid repo name")):
        run = command(root, "fsck", name)
        assert (run.returncode, "Traceback" in run.stderr) == (1, False)
        assert fix in run.stderr
    assert "does not contain an embedded Hub" in command(root / "nowhere", "fsck").stderr


def test_leftovers_of_a_crash_are_reported_and_removed_at_the_next_start(root):
    lock = root / REPO / "git/refs/heads/main.lock"
    lock.touch()
    (root / "incoming/half").write_bytes(b"x")
    with open_hub(root) as store:
        notes = []
        assert list(fsck(store, None, quick=True, say=notes.append)) == []
    assert len([note for note in notes if note.startswith("note:")]) == 2
    with LocalHub(root) as hub:
        assert not lock.exists()
        assert list((root / "incoming").iterdir()) == []
        HfApi(endpoint=hub.endpoint, token=hub.token).upload_file(
            path_or_fileobj=b"x", path_in_repo="b.txt", repo_id="spacehub/r"
        )
