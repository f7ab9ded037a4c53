"""`spacehub hub gc` removes what nobody needs and nothing else, also while the Hub is at work."""

import hashlib
import os
import subprocess
import sys
import threading
import time

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from localhub import LocalHub
from localhub.maintenance.fsck import fsck
from localhub.maintenance.garbage import collect_garbage
from localhub.maintenance.hub_folder import open_hub
from tests.doses import dose

from .hubs import check_repos, ndjson

DAY = 24 * 3600


@pytest.fixture
def hub(tmp_path):
    with LocalHub(tmp_path / "hub") as hub:
        yield hub


@pytest.fixture
def api(hub):
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("r")
    return api


@pytest.fixture
def root(tmp_path):
    return tmp_path / "hub"


def large_files(root) -> set[str]:
    return {path.name for path in root.glob("repos/*/*/*/git/lfs/objects/*/*/*")}


def make_old(root) -> None:
    """Let everything be two days old."""
    then = time.time() - 2 * DAY
    for path in root.glob("repos/*/*/*/git/**/*"):
        os.utime(path, (then, then))


def clean(root, **options):
    with open_hub(root) as store:
        return collect_garbage(store, None, **options)


def send(hub, content: bytes) -> None:
    """Upload a large file without committing it."""
    with httpx2.Client(
        base_url=hub.endpoint, headers={"Authorization": f"Bearer {hub.token}"}, trust_env=False, timeout=60
    ) as c:
        action = ask(c, content)["actions"]["upload"]["href"]
        assert c.put(action, content=content).status_code == 200


def ask(client, content: bytes) -> dict:
    oid = hashlib.sha256(content).hexdigest()
    body = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(content)}]}
    return client.post("/spacehub/r.git/info/lfs/objects/batch", json=body).json()["objects"][0]


def test_only_what_nothing_needs_goes(hub, api, root):
    kept, on_a_branch, tagged, unneeded = (os.urandom(1000 + i) for i in range(4))
    api.upload_file(path_or_fileobj=tagged, path_in_repo="a.bin", repo_id="spacehub/r")
    api.create_tag("spacehub/r", tag="v1", tag_message="annotated")
    api.upload_file(path_or_fileobj=kept, path_in_repo="a.bin", repo_id="spacehub/r")
    api.create_branch("spacehub/r", branch="side")
    api.upload_file(path_or_fileobj=on_a_branch, path_in_repo="b.bin", repo_id="spacehub/r", revision="side")
    send(hub, unneeded)
    names = {hashlib.sha256(data).hexdigest() for data in (kept, on_a_branch, tagged)}
    doomed = hashlib.sha256(unneeded).hexdigest()

    assert clean(root).large_files == 0  # all is young
    make_old(root)
    would = clean(root, dry_run=True)
    assert (would.large_files, large_files(root)) == (1, names | {doomed})
    done = clean(root)
    assert (done.large_files, large_files(root)) == (1, names)
    assert done.bytes >= would.bytes > 0
    assert clean(root).large_files == clean(root).packed == 0

    api.delete_branch("spacehub/r", branch="side")
    make_old(root)
    assert clean(root).large_files == 1
    assert large_files(root) == names - {hashlib.sha256(on_a_branch).hexdigest()}
    with open(api.hf_hub_download("spacehub/r", "a.bin", revision="v1"), "rb") as file:
        assert file.read() == tagged
    check_repos(root)


def test_what_was_answered_as_stored_is_kept_for_its_commit(hub, api, root):
    content = os.urandom(5000)
    oid = hashlib.sha256(content).hexdigest()
    send(hub, content)
    make_old(root)
    with httpx2.Client(
        base_url=hub.endpoint, headers={"Authorization": f"Bearer {hub.token}"}, trust_env=False, timeout=60
    ) as c:
        assert "actions" not in ask(c, content)
        assert clean(root).large_files == 0
        line = ("lfsFile", {"path": "a.bin", "algo": "sha256", "oid": oid, "size": len(content)})
        c.post("/api/models/spacehub/r/commit/main", content=ndjson(line)).raise_for_status()
    make_old(root)
    assert clean(root).large_files == 0


def test_many_commits_become_one_pack(api, root):
    for number in range(4):
        files = [CommitOperationAdd(f"{number}/{i}.txt", os.urandom(50).hex().encode()) for i in range(30)]
        api.create_commit("spacehub/r", files, commit_message=str(number))
    packs = root / "repos/models/spacehub/r/git/objects/pack"
    assert len(list(packs.glob("*.pack"))) == 4
    before = api.list_repo_files("spacehub/r")
    assert clean(root).packed > 4
    assert len(list(packs.glob("*.pack"))) == len(list(packs.glob("*.idx"))) == 1
    assert api.list_repo_files("spacehub/r") == before
    check_repos(root)


def test_a_damaged_repo_is_left_alone(hub, api, root):
    api.upload_file(path_or_fileobj=b"x", path_in_repo="d/a.txt", repo_id="spacehub/r")
    send(hub, os.urandom(100))
    make_old(root)
    next(path for path in root.glob("repos/models/spacehub/r/git/objects/[0-9a-f]*/*")).unlink()
    freed = clean(root)
    assert (freed.large_files, freed.packed, freed.damaged) == (0, 0, ("spacehub/r",))


def test_while_a_hub_runs(hub_process, tmp_path):
    """Clients commit, read, branch and delete without an error while another process cleans again and again."""
    root = tmp_path / "hub"
    hub = hub_process(root)
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    for name in ("one", "two"):
        api.create_repo(name)
    wrong, expected, over = [], {"one": {}, "two": {}}, threading.Event()

    def work(name):
        try:
            for turn in range(dose(5, 80)):
                files = {f"{turn}/{i}.txt": os.urandom(30).hex().encode() for i in range(20)}
                files[f"{turn}/large.bin"] = os.urandom(3000)
                operations = [CommitOperationAdd(path, data) for path, data in files.items()]
                api.create_commit(f"spacehub/{name}", operations, commit_message=str(turn))
                expected[name] |= files
                api.create_branch(f"spacehub/{name}", branch=f"b{turn}")
                api.delete_branch(f"spacehub/{name}", branch=f"b{turn}")
                assert set(expected[name]) <= set(api.list_repo_files(f"spacehub/{name}"))
        except Exception as error:
            wrong.append(error)
        finally:
            over.set()

    workers = [threading.Thread(target=work, args=(name,)) for name in expected]
    for worker in workers:
        worker.start()
    cleanings = 0
    while not over.is_set() or cleanings == 0:
        clean(root)
        cleanings += 1
    for worker in workers:
        worker.join()
    assert wrong == []
    run = subprocess.run(
        [sys.executable, "-m", "spacehub.cli", "hub", "--root", str(root), "gc"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    with open_hub(root) as store:
        assert not store.alone
        assert list(fsck(store, None, quick=False)) == []
    for name, files in expected.items():
        for path in list(files)[:: len(files) // 5]:
            with open(api.hf_hub_download(f"spacehub/{name}", path), "rb") as file:
                assert file.read() == files[path]
