"""Large files: only what was announced is kept, only who may write can send, and nothing else leaves a trace."""

import hashlib
import os
import time

import httpx2
import pytest

from localhub.errors import HubError
from localhub.files.lfs import Pointer
from localhub.web.signing import LIFETIME_SECONDS, Signer
from tests.doses import dose

from .hubs import ndjson

DATA = os.urandom(100_000)
SIZE = len(DATA)
OID = hashlib.sha256(DATA).hexdigest()


def ask(client, size=SIZE, operation="upload", repo="spacehub/r"):
    body = {"operation": operation, "transfers": ["basic"], "objects": [{"oid": OID, "size": size}]}
    answer = client.post(f"/{repo}.git/info/lfs/objects/batch", json=body)
    assert answer.headers["Content-Type"].startswith("application/vnd.git-lfs+json")
    return answer.json()["objects"][0]


def traces(tmp_path):
    root = tmp_path / "root"
    return [*root.glob("incoming/*"), *root.glob("repos/*/*/*/git/lfs/**/*")]


def test_there_and_back(client, tmp_path):
    actions = ask(client)["actions"]
    # no Authorization: the address is the permission
    assert httpx2.put(actions["upload"]["href"], content=DATA, trust_env=False).status_code == 200
    assert client.post(actions["verify"]["href"], json={"oid": OID, "size": SIZE}).status_code == 200
    assert "actions" not in ask(client)
    href = ask(client, operation="download")["actions"]["download"]["href"]
    assert client.get(href).content == DATA
    assert list((tmp_path / "root/incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (DATA[:-1], 400),
        (DATA + b"x", 413),
        (b"", 400),
        (DATA[:-1] + bytes([DATA[-1] ^ 1]), 400),
        (iter([DATA[:1000], DATA[1000:], b"more"]), 413),
    ],
    ids=["truncated", "too long", "empty", "one bit wrong", "chunked and too long"],
)
def test_what_was_not_announced_is_refused(client, tmp_path, content, status):
    answer = client.put(ask(client)["actions"]["upload"]["href"], content=content)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert traces(tmp_path) == []
    assert "actions" in ask(client)


def test_an_interrupted_upload_leaves_no_trace(client, tmp_path):
    def half():
        yield DATA[:50_000]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.put(ask(client)["actions"]["upload"]["href"], content=half())
    deadline = time.monotonic() + 10
    while traces(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert traces(tmp_path) == []


def tampered(href):
    yield href.replace("signature=", "signature=0")
    yield href.replace("signature=", "x=")
    yield href.replace("expires=", "expires=9")
    yield href.replace(f"size={SIZE}", "size=1")
    yield href.replace(OID, "0" * 64)
    yield href.replace("/models/", "/datasets/")
    yield href.replace("spacehub/r", "spacehub/other")
    yield href.split("?")[0]


def test_addresses_cannot_be_made_up(client, tmp_path):
    client.post("/api/repos/create", json={"name": "other"}).raise_for_status()
    for href in tampered(ask(client)["actions"]["upload"]["href"]):
        assert client.put(href, content=DATA).status_code in (403, 422), href
    assert traces(tmp_path) == []


def test_addresses_expire(monkeypatch):
    signer = Signer(b"key")
    signed = signer.sign("a", "b")
    signer.check(signed["expires"], signed["signature"], "a", "b")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + 1)
    with pytest.raises(HubError):
        signer.check(signed["expires"], signed["signature"], "a", "b")


def test_a_hash_gives_no_access_to_another_repos_file(client, hub):
    """Knowing the sha256 of a private file is not enough to get it into a repo of one's own."""
    client.put(ask(client)["actions"]["upload"]["href"], content=DATA).raise_for_status()
    client.post("/api/repos/create", json={"name": "mine"}).raise_for_status()
    assert "actions" in ask(client, repo="spacehub/mine")
    commit = ndjson(("lfsFile", {"path": "stolen", "algo": "sha256", "oid": OID, "size": SIZE}))
    assert client.post("/api/models/spacehub/mine/commit/main", content=commit).status_code == 400
    pointer = Pointer(OID, SIZE).encode().decode()
    body = ndjson(("file", {"path": "pointer", "content": pointer, "encoding": "utf-8"}))
    client.post("/api/models/spacehub/mine/commit/main", content=body).raise_for_status()
    assert client.get("/spacehub/mine/resolve/main/pointer").text == pointer


def test_downloading_needs_the_right_to_read(client, hub):
    client.put(ask(client)["actions"]["upload"]["href"], content=DATA).raise_for_status()
    href = ask(client, operation="download")["actions"]["download"]["href"]
    assert httpx2.get(href, trust_env=False).content == DATA
    client.put("/api/models/spacehub/r/settings", json={"private": True}).raise_for_status()
    assert httpx2.get(href, trust_env=False).status_code == 404


def test_no_room_on_the_disk(client, tmp_path):
    size = 1 << 59
    href = ask(client, size=size)["actions"]["upload"]["href"]
    answer = client.put(href, content=b"x")
    assert answer.status_code == 507
    assert traces(tmp_path) == []


def test_a_repo_deleted_under_an_upload(client, tmp_path):
    href = ask(client)["actions"]["upload"]["href"]
    client.request("DELETE", "/api/repos/delete", json={"name": "r"}).raise_for_status()
    assert client.put(href, content=DATA).status_code == 404
    assert traces(tmp_path) == []


def test_memory_stays_flat(hub_process):
    """Tens of MiB go up and down; the server never holds them."""
    from pathlib import Path

    from huggingface_hub import HfApi

    hub = hub_process()
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("r")
    megabytes = dose(96, 2048)

    def peak():
        status = Path(f"/proc/{hub.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    api.upload_file(path_or_fileobj=os.urandom(1 << 20), path_in_repo="warm.bin", repo_id="spacehub/r")
    api.hf_hub_download("spacehub/r", "warm.bin")
    before = peak()
    path = hub.root.parent / "large.bin"
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    api.upload_file(path_or_fileobj=path, path_in_repo="large.bin", repo_id="spacehub/r")
    got = Path(api.hf_hub_download("spacehub/r", "large.bin"))
    assert got.stat().st_size == path.stat().st_size
    assert peak() - before < 40
