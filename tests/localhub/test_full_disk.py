"""A full disk: refused with 507, nothing half done, reads go on, and all is well once there is room."""

import os
import shutil
import subprocess

import httpx2
import pytest

from localhub import LocalHub, LocalHubError
from localhub.maintenance.exporting import export_repo
from localhub.maintenance.hub_folder import open_hub

from .hubs import check_repos, git_folders, ndjson
from .xet_parts import sha256, shard, xorb


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.skip(f"a small disk needs the right to mount one: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def send(client, content: bytes) -> int:
    """Upload a large file; the status of the answer that ended it."""
    oid = sha256(content)
    body = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(content)}]}
    answer = client.post("/spacehub/r.git/info/lfs/objects/batch", json=body)
    if answer.status_code != 200:
        return answer.status_code
    return client.put(answer.json()["objects"][0]["actions"]["upload"]["href"], content=content).status_code


def test_full_disk(small_disk):
    root = small_disk / "hub"
    with LocalHub(root) as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        client = httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60)
        client.post("/api/repos/create", json={"name": "r"}).raise_for_status()

        def commit(count, size):
            files = [
                (
                    "file",
                    {"path": os.urandom(5).hex(), "content": os.urandom(size).hex(), "encoding": "utf-8"},
                )
                for _ in range(count)
            ]
            return client.post("/api/models/spacehub/r/commit/main", content=ndjson(*files)).status_code

        room = small_disk / "room"
        room.write_bytes(bytes(1 << 20))
        for count, size in ((1, 100_000), (40, 2_000), (1, 1)):  # a loose object, a pack, the last bytes
            statuses = [commit(count, size)]
            while statuses[-1] == 200:
                statuses.append(commit(count, size))
            assert statuses[-1] == 507
        assert client.post("/api/repos/create", json={"name": "more"}).status_code == 507
        assert send(client, os.urandom(600_000)) == 507
        with pytest.raises(LocalHubError, match="No space left"), open_hub(root) as store:
            export_repo(store, "spacehub/r", small_disk / "r.tar")
        history = client.get("/api/models/spacehub/r/commits/main?limit=1000").json()
        assert len(history) > 5
        assert list((root / "incoming").iterdir()) == []
        assert [folder.name for folder in git_folders(root)] == ["r"]

        room.unlink()
        assert commit(3, 1000) == 200
        assert send(client, os.urandom(100_000)) == 200
        assert len(client.get("/api/models/spacehub/r/commits/main?limit=1000").json()) == len(history) + 1
        client.close()
    check_repos(root)


@pytest.mark.parametrize("seen", [True, False], ids=["seen before", "met while writing"])
def test_full_disk_under_xet(small_disk, monkeypatch, seen):
    """Neither a xorb nor the file that is built of it may be half there."""
    if not seen:
        usage = shutil.disk_usage("/")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    root, content = small_disk / "hub", os.urandom(100_000)
    name, data = xorb(content)
    with LocalHub(root) as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        client = httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60)
        client.post("/api/repos/create", json={"name": "r"}).raise_for_status()
        answer = client.get("/api/models/spacehub/r/xet-write-token/main").headers
        url, headers = answer["X-Xet-Cas-Url"], {"Authorization": f"Bearer {answer['X-Xet-Access-Token']}"}

        def leave(space):
            (small_disk / "room").unlink(missing_ok=True)
            disk = os.statvfs(small_disk)
            (small_disk / "room").write_bytes(bytes(disk.f_bavail * disk.f_frsize - space))

        def files(pattern):
            return [path for path in root.glob(pattern) if path.is_file()]

        term = (name, 0, 1, len(content))
        last = shard((sha256(content), [term]))
        for space in (0, 50_000, 90_000, 110_000):
            leave(space)
            status = client.post(f"{url}/v1/xorbs/default/{name}", content=data, headers=headers).status_code
            assert status == (507 if space < len(data) else 200)
            assert len(files("incoming/**/*")) == (status == 200)
        assert client.post(f"{url}/v1/shards", content=last, headers=headers).status_code == 507
        assert files("repos/*/*/*/git/lfs/objects/*/*/*") == []
        assert len(files("incoming/**/*")) == 1
        (small_disk / "room").unlink()
        assert client.post(f"{url}/v1/shards", content=last, headers=headers).status_code == 200
        assert files("incoming/**/*") == []
        client.close()
    check_repos(root)
