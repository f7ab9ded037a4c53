"""Large files read through Xet: the requested data arrives, for authorised callers, also after a restart of the Hub."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from localhub.web.signing import LIFETIME_SECONDS
from localhub.xet import reconstruction
from localhub.xet.reconstruction import LEAST_BYTES
from localhub.xet.xorb import CHUNK_BYTES
from tests.doses import dose

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, ndjson
from .test_xet_clients import run, stock


def store(client, content: bytes, repo="spacehub/r") -> str:
    """Put a large file into a repo; returns its sha256."""
    oid = hashlib.sha256(content).hexdigest()
    body = {"operation": "upload", "objects": [{"oid": oid, "size": len(content)}]}
    answer = client.post(f"/{repo}.git/info/lfs/objects/batch", json=body).raise_for_status().json()
    if "actions" in answer["objects"][0]:
        client.put(answer["objects"][0]["actions"]["upload"]["href"], content=content).raise_for_status()
    return oid


class Reader:
    """Reads as a client does."""

    def __init__(self, client, repo="models/spacehub/r"):
        self._client = client
        answer = client.get(f"/api/{repo}/xet-read-token/main").raise_for_status().headers
        self.url, self.token = answer["X-Xet-Cas-Url"], answer["X-Xet-Access-Token"]

    def plan(self, oid, span=None, version="v1/"):
        headers = {"Authorization": f"Bearer {self.token}"}
        if span:
            headers["Range"] = f"bytes={span[0]}-{span[1]}"
        return self._client.get(f"{self.url}/{version}reconstructions/{oid}", headers=headers)

    def read(self, oid, span=None) -> bytes:
        plan = self.plan(oid, span).raise_for_status().json()
        content = b""
        for term in plan["terms"]:
            (fetch,) = plan["fetch_info"][term["hash"]]
            span_ = fetch["url_range"]
            answer = httpx2.get(  # no Authorization: the address is the permission
                fetch["url"], headers={"Range": f"bytes={span_['start']}-{span_['end']}"}, trust_env=False
            ).raise_for_status()
            assert len(answer.content) == span_["end"] + 1
            chunks = chunks_of(answer.content)
            assert term["range"] == fetch["range"] == {"start": 0, "end": len(chunks)}
            assert sum(map(len, chunks)) == term["unpacked_length"]
            content += b"".join(chunks)
        return content[plan["offset_into_first_range"] :]


def chunks_of(data: bytes) -> list[bytes]:
    chunks = []
    while data:
        size = int.from_bytes(data[5:8], "little")
        assert data[:8] == b"\0" + data[1:4] + b"\0" + data[1:4]
        assert size <= CHUNK_BYTES
        chunks.append(data[8 : 8 + size])
        data = data[8 + size :]
    return chunks


XORB_BYTES = 2 * CHUNK_BYTES
LARGE = os.urandom(XORB_BYTES * 2 + CHUNK_BYTES + 1)


@pytest.fixture(scope="module")
def hub():
    """A Hub whose xorbs are short."""
    from localhub import LocalHub

    with pytest.MonkeyPatch.context() as patch, LocalHub() as hub:
        patch.setattr(reconstruction, "XORB_BYTES", XORB_BYTES)
        yield hub


@pytest.fixture(scope="module")
def client(hub):
    headers = {"Authorization": f"Bearer {hub.token}"}
    with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
        client.post("/api/repos/create", json={"name": "r"}).raise_for_status()
        yield client


@pytest.mark.parametrize("size", [1, CHUNK_BYTES, CHUNK_BYTES + 1, XORB_BYTES, XORB_BYTES + 1, len(LARGE)])
def test_a_whole_file(client, size):
    oid = store(client, LARGE[:size])
    assert Reader(client).read(oid) == LARGE[:size]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0, 0),
        (0, 2**64 - 2),
        (1, XORB_BYTES - 1),
        (XORB_BYTES - 1, XORB_BYTES),
        (XORB_BYTES, XORB_BYTES),
        (XORB_BYTES + 5, XORB_BYTES * 2 + 5),
        (len(LARGE) - 1, len(LARGE) + 100),
    ],
)
def test_a_range(client, first, last):
    """At least the range comes; a client leaves out what is too much at its end."""
    oid = store(client, LARGE)
    wanted = LARGE[first : last + 1]
    got = Reader(client).read(oid, (first, last))
    assert got[: len(wanted)] == wanted
    assert len(got) < len(wanted) + XORB_BYTES


def test_all_versions_say_the_same(client):
    oid = store(client, LARGE)
    first, second, older = (
        Reader(client).plan(oid, (5, 10), version).json() for version in ("v1/", "v2/", "")
    )
    assert list(older["fetch_info"]) == list(first["fetch_info"]) == list(second["xorbs"])
    assert first["terms"] == second["terms"] == older["terms"]
    ((old,),), ((new,),) = first["fetch_info"].values(), second["xorbs"].values()
    assert new["ranges"] == [{"chunks": old["range"], "bytes": old["url_range"]}]
    assert new["url"].split("?")[0] == old["url"].split("?")[0]


def test_a_range_outside(client):
    oid = store(client, LARGE)
    assert Reader(client).plan(oid, (len(LARGE), len(LARGE) + 5)).status_code == 416


def test_xorbs_are_called_the_same_only_if_they_are_the_same(client):
    """Clients remember xorbs by their names."""
    names = {}
    for content in (LARGE, LARGE[:-1], LARGE[1:], LARGE[:XORB_BYTES]):
        oid = store(client, content)
        for number, term in enumerate(Reader(client).plan(oid).json()["terms"]):
            names[term["hash"]] = content[number * XORB_BYTES : (number + 1) * XORB_BYTES]
        assert [term["hash"] for term in Reader(client).plan(oid).json()["terms"]] == list(names)[
            -number - 1 :
        ]
    assert len(names) == 3 + 3 + 3 + 1


@pytest.mark.parametrize("oid", ["0" * 64, "0" * 63, "..%2F..%2Fconfig", "A" * 64])
def test_what_is_not_there(client, oid):
    assert Reader(client).plan(oid).status_code == 404


def test_addresses_cannot_be_made_up(client, monkeypatch):
    oid, other = store(client, LARGE), store(client, b"other")
    ((fetch,), *_) = Reader(client).plan(oid).json()["fetch_info"].values()
    url = fetch["url"]
    for changed in (
        url.replace("signature=", "signature=0"),
        url.replace("expires=", "expires=9"),
        url.replace(oid, other),
        url.replace(f"{oid}/0", f"{oid}/{XORB_BYTES}"),
        url.replace(f"{oid}/0", f"{oid}/-1"),
        url.split("?")[0],
    ):
        assert changed != url
        assert client.get(changed).status_code == 403
    assert client.get(url).status_code == 206
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + 1)
    assert client.get(url).status_code == 403


def test_private_and_gated_files(people):
    owner = people[BOB_WRITES]
    owner.post("/api/repos/create", json={"name": "hidden-file", "private": True}).raise_for_status()
    oid = store(owner, b"secret", "bob/hidden-file")
    address = "/api/models/bob/hidden-file/xet-read-token/main"
    for token in (None, ALICE_READS, ALICE_WRITES):
        assert people[token].get(address).status_code == 404
    assert Reader(owner, "models/bob/hidden-file").read(oid) == b"secret"
    settings = {"private": False, "gated": "manual"}
    owner.put("/api/models/bob/hidden-file/settings", json=settings).raise_for_status()
    assert people[None].get(address).status_code == 401
    assert people[ALICE_READS].get(address).status_code == 403
    assert Reader(owner, "models/bob/hidden-file").read(oid) == b"secret"


def test_a_repo_that_moves_or_is_created_again(client):
    client.post("/api/repos/create", json={"name": "before"}).raise_for_status()
    oid = store(client, b"content", "spacehub/before")
    reader = Reader(client, "models/spacehub/before")
    move = {"fromRepo": "spacehub/before", "toRepo": "spacehub/after", "type": "model"}
    client.post("/api/repos/move", json=move).raise_for_status()
    assert reader.read(oid) == b"content"
    client.post("/api/repos/create", json={"name": "before", "private": True}).raise_for_status()
    store(client, b"content", "spacehub/before")
    assert reader.plan(oid).status_code == 403


def test_a_restarted_hub(tmp_path):
    """Tokens and addresses from before hold, for a client does not ask again."""
    from localhub import LocalHub

    with LocalHub(tmp_path / "root") as hub:
        headers = {"Authorization": f"Bearer {hub.token}"}
        with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
            client.post("/api/repos/create", json={"name": "r"}).raise_for_status()
            oid = store(client, b"content")
            reader = Reader(client)
            port = client.base_url.port
    with LocalHub(tmp_path / "root", port=port), httpx2.Client(trust_env=False, timeout=60) as client:
        reader._client = client
        assert reader.read(oid) == b"content"
    assert (tmp_path / "root/key").stat().st_mode & 0o777 == 0o600


PULL = """
import hashlib, sys
from pathlib import Path
from unittest.mock import patch
from huggingface_hub import file_download, hf_hub_download, snapshot_download
with patch.object(file_download, "http_get", side_effect=AssertionError("not through Xet")):
    for name in sys.argv[2:]:
        got = Path(hf_hub_download("spacehub/r", name, cache_dir=sys.argv[1])).read_bytes()
        assert hashlib.sha256(got).hexdigest() == name
folder = Path(snapshot_download("spacehub/r", cache_dir=sys.argv[1] + "-whole"))
for name in sys.argv[2:]:
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == name
"""


def test_clients_are_sent_here_for_what_is_large_enough(client):
    large, small = bytes(LEAST_BYTES), bytes(LEAST_BYTES - 1)
    files = [
        ("lfsFile", {"path": name, "algo": "sha256", "oid": store(client, content), "size": len(content)})
        for name, content in (("large", large), ("small", small))
    ]
    client.post("/api/models/spacehub/r/commit/main", content=ndjson(*files)).raise_for_status()
    for name, content in (("large", large), ("small", small)):
        headers = client.head(f"/spacehub/r/resolve/main/{name}").headers
        oid = hashlib.sha256(content).hexdigest()
        assert headers.get("X-Xet-Hash") == (oid if name == "large" else None)
        assert ("X-Xet-Refresh-Route" in headers) == (name == "large")
    listed = {entry["path"]: entry for entry in client.get("/api/models/spacehub/r/tree/main").json()}
    assert "xetHash" in listed["large"]
    assert "xetHash" not in listed["small"]
    route = client.head("/spacehub/r/resolve/main/large").headers["X-Xet-Refresh-Route"]
    assert client.get(route).headers["X-Xet-Cas-Url"].startswith(str(client.base_url))


def test_stock_clients_at_once(hub_process, tmp_path):
    hub = hub_process()
    from huggingface_hub import CommitOperationAdd, HfApi

    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("r")
    contents = [os.urandom(1 << 20), LARGE * 2, bytes(dose(20, 300) << 20), os.urandom((16 << 20) + 1)]
    names = [hashlib.sha256(content).hexdigest() for content in contents]
    additions = [CommitOperationAdd(*pair) for pair in zip(names, contents, strict=True)]
    rules = b"* filter=lfs diff=lfs merge=lfs -text\n.gitattributes -filter -diff -merge text\n"
    attributes = CommitOperationAdd(".gitattributes", rules)
    api.create_commit("spacehub/r", [attributes], commit_message="everything is large")
    api.create_commit("spacehub/r", additions, commit_message="files")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PULL, str(tmp_path / f"cache-{number}"), *names],
            env=stock(hub, tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(dose(2, 8))
    ]
    for process in running:
        output = process.communicate()
        assert process.returncode == 0, output


def test_a_client_goes_on_after_the_hubs_restart(hub_process, tmp_path):
    """One process, which remembers its token, and a Hub that comes back at the same address."""
    hub = hub_process()
    port = hub.endpoint.rsplit(":", 1)[1]
    file = tmp_path / "file.bin"
    file.write_bytes(os.urandom(LEAST_BYTES))
    code = (
        "import sys; from huggingface_hub import HfApi; api = HfApi(); api.create_repo('r')\n"
        "for round in '12':\n"
        "    api.upload_file(path_or_fileobj=sys.argv[1], path_in_repo=round, repo_id='spacehub/r')\n"
        "    print(api.hf_hub_download('spacehub/r', round, revision='main'), flush=True)\n"
        "    print(api.hf_hub_download('spacehub/r', round, force_download=True), flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    client = subprocess.Popen(
        [sys.executable, "-c", code, str(file)],
        env=stock(hub, tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(2):
        assert Path(client.stdout.readline().strip()).read_bytes() == file.read_bytes()
    hub.kill()
    hub_process(hub.root, "--port", port)
    output, errors = client.communicate("\n\n")
    assert client.returncode == 0, errors
    for line in output.split():
        assert Path(line).read_bytes() == file.read_bytes()


def test_without_xet_nothing_changes(hub_process, tmp_path):
    hub = hub_process()
    file = tmp_path / "file.bin"
    file.write_bytes(os.urandom(LEAST_BYTES))
    code = (
        "import sys; from unittest.mock import patch; from huggingface_hub import HfApi, file_download\n"
        "api = HfApi(); api.create_repo('r')\n"
        "with patch.object(file_download, 'xet_get', side_effect=AssertionError('through Xet')):\n"
        "    api.upload_file(path_or_fileobj=sys.argv[1], path_in_repo='a', repo_id='spacehub/r')\n"
        "    print(api.hf_hub_download('spacehub/r', 'a'))\n"
    )
    got = run(sys.executable, "-c", code, str(file), env=stock(hub, tmp_path, HF_HUB_DISABLE_XET="1"))
    assert Path(got.strip()).read_bytes() == file.read_bytes()
