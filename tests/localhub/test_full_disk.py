"""A full disk: refused with 507, nothing half done, reads go on, and all is well once there is room."""

import os
import subprocess

import httpx2
import pytest

from spacehub.localhub import LocalHub

from .hubs import check_repos, git_folders, ndjson


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


def test_full_disk(small_disk):
    root = small_disk / "hub"
    with LocalHub(root) as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        client = httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False)
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
        history = client.get("/api/models/spacehub/r/commits/main?limit=1000").json()
        assert len(history) > 5
        assert list((root / "incoming").iterdir()) == []
        assert [folder.name for folder in git_folders(root)] == ["r"]

        room.unlink()
        assert commit(3, 1000) == 200
        assert len(client.get("/api/models/spacehub/r/commits/main?limit=1000").json()) == len(history) + 1
        client.close()
    check_repos(root)
