"""Buckets: who may do what, what a batch refuses, and what is on the disk. The official suite tests the client's calls."""

import json
import os

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub import LocalHub

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, PEOPLE

BUCKET = "alice/data"
EMPTY = {"type": "addFile", "path": "empty", "xetHash": "0" * 64, "mtime": 1_700_000_000_123}


@pytest.fixture(scope="module")
def people():
    with LocalHub(accounts=PEOPLE) as hub:
        yield hub


@pytest.fixture
def call(people):
    """Send a request as somebody; the bucket ``alice/data`` exists and is private."""

    def send(method: str, path: str, token: str | None = ALICE_WRITES, **body) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = f"{people.endpoint}{path}"
        return httpx2.request(method, url, headers=headers, trust_env=False, timeout=30, **body)

    assert send("POST", f"/api/buckets/{BUCKET}", json={"visibility": "private"}).status_code == 200
    yield send
    send("DELETE", f"/api/buckets/{BUCKET}")


def batch(call, *operations: dict, token: str | None = ALICE_WRITES) -> httpx2.Response:
    lines = b"".join(json.dumps(operation).encode() + b"\n" for operation in operations)
    return call("POST", f"/api/buckets/{BUCKET}/batch", token, content=lines)


@pytest.mark.parametrize(
    ("token", "read", "write"),
    [
        (ALICE_WRITES, 200, 200),
        (ALICE_READS, 200, 403),
        (BOB_WRITES, 404, 404),
        (CAROL_WRITES, 404, 404),
        (None, 401, 401),
    ],
)
def test_who_may_do_what(call, token, read, write):
    assert batch(call, EMPTY).json() == {"success": True, "processed": 1, "succeeded": 1, "failed": []}
    path = f"/api/buckets/{BUCKET}"
    for seen in ("", "/tree", "/xet-read-token"):
        assert call("GET", path + seen, token).status_code == read
    assert call("HEAD", f"/buckets/{BUCKET}/resolve/empty", token).status_code == read
    assert len(call("GET", "/api/buckets/alice", token).json()) == (1 if read == 200 else 0)
    assert batch(call, EMPTY, token=token).status_code == write
    assert call("GET", f"{path}/xet-write-token", token).status_code == write
    assert call("PUT", f"{path}/settings", token, json={"private": True}).status_code == write
    move = {"type": "bucket", "fromRepo": BUCKET, "toRepo": "alice/new"}
    if write != 200:
        assert call("POST", "/api/repos/move", token, json=move).status_code == write
        assert call("DELETE", path, token).status_code == write


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (EMPTY | {"path": "../up"}, "is not valid"),
        (EMPTY | {"path": 7}, "must have a path"),
        (EMPTY | {"mtime": -1}, "mtime"),
        (EMPTY | {"mtime": 1 << 60}, "mtime"),
        (EMPTY | {"xetHash": "1" * 64}, "not uploaded"),
        (EMPTY | {"xetHash": "../../../../../../../../etc/passwd"}, "not uploaded"),
        (EMPTY | {"type": "linkFile"}, "type of an operation"),
        (EMPTY | {"type": "copyFile", "sourceRepoType": "bucket", "sourceRepoId": "bob/no"}, "not found"),
        (
            EMPTY | {"type": "copyFile", "sourceRepoType": "model", "sourceRepoId": "no"},
            "is not a valid repo id",
        ),
        (EMPTY | {"type": "copyFile"}, "sourceRepoType"),
    ],
)
def test_a_batch_names_what_failed(call, operation, words):
    answer = batch(call, operation)
    assert answer.status_code == 422
    assert words in answer.json()["failed"][0]["error"]
    answer = batch(call, EMPTY, operation)
    assert (answer.status_code, answer.json()["succeeded"]) == (200, 1)
    assert [file["path"] for file in call("GET", f"/api/buckets/{BUCKET}/tree").json()] == ["empty"]
    file = call("POST", f"/api/buckets/{BUCKET}/paths-info", json={"paths": ["empty", "no"]}).json()
    assert [one["mtime"] for one in file] == ["2023-11-14T22:13:20.123Z"]


def test_too_much_is_refused(call, monkeypatch):
    assert batch(call, *[EMPTY] * 10_001).status_code == 413
    assert call("POST", f"/api/buckets/{BUCKET}/paths-info", json={"paths": ["x"] * 1001}).status_code == 413
    monkeypatch.setattr("localhub.storage.buckets.MOST_FILES", 1)
    assert batch(call, EMPTY, EMPTY | {"path": "second"}).status_code == 413


def test_content_stays_as_long_as_a_file_has_it(tmp_path, xet):
    content = os.urandom(300_000)
    with LocalHub(tmp_path) as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        bucket = api.create_bucket("one").bucket_id
        api.batch_bucket_files(bucket, add=[(content, "a/b.bin"), (b"text", "a/c.txt")])
        hash = next(iter(api.get_bucket_paths_info(bucket, ["a/b.bin"]))).xet_hash
        api.batch_bucket_files(bucket, copy=[("bucket", bucket, hash, "copy.bin")], delete=["a/b.bin"])
        api.move_bucket(bucket, "spacehub/two")
    with LocalHub(tmp_path) as hub:  # the same folder, after a restart
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        assert [file.path for file in api.list_bucket_tree("spacehub/two")] == ["a/c.txt", "copy.bin"]
        api.download_bucket_files("spacehub/two", [("copy.bin", tmp_path / "down")])
        assert (tmp_path / "down").read_bytes() == content
        objects = tmp_path / "buckets/spacehub/two/lfs/objects"
        assert len([path for path in objects.rglob("*") if path.is_file()]) == 2
        api.batch_bucket_files("spacehub/two", delete=["copy.bin"])
        assert [path.read_bytes() for path in objects.rglob("*") if path.is_file()] == [b"text"]
        api.delete_bucket("spacehub/two")
        assert list((tmp_path / "buckets/spacehub").iterdir()) == []
