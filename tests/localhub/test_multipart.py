"""Large files in parts: in order, out of order, twice, and everything that must be refused without a trace."""

import hashlib
import os

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub import LocalHub
from localhub.storage import multipart
from localhub.web import signing

PART = 100_000
DATA = os.urandom(3 * PART + 7)
SIZE = len(DATA)
OID = hashlib.sha256(DATA).hexdigest()
PARTS = [DATA[start : start + PART] for start in range(0, SIZE, PART)]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(multipart, "MULTIPART_BYTES", 2 * PART)
    monkeypatch.setattr(multipart, "PART_BYTES", PART)


@pytest.fixture
def hub(tmp_path):
    with LocalHub(tmp_path / "root") as hub:
        HfApi(endpoint=hub.endpoint, token=hub.token).create_repo("r")
        yield hub


class Upload:
    """An upload in parts, as a client does it."""

    def __init__(self, hub, oid=OID, size=SIZE, transfers=("basic", "multipart")):
        self.anyone = httpx2.Client(trust_env=False, timeout=60)
        body = {
            "operation": "upload",
            "transfers": list(transfers),
            "objects": [{"oid": oid, "size": size}],
        }
        headers = {"Authorization": f"Bearer {hub.token}"}
        url = f"{hub.endpoint}/spacehub/r.git/info/lfs/objects/batch"
        self.answer = self.anyone.post(url, json=body, headers=headers).json()
        self.oid = oid
        self.action = self.answer["objects"][0].get("actions", {}).get("upload")
        self.hrefs = [value for key, value in (self.action or {}).get("header", {}).items() if key.isdigit()]
        self.etags: dict[int, str] = {}

    def put(self, number, content):
        answer = self.anyone.put(self.hrefs[number], content=content)
        if answer.status_code == 200:
            self.etags[number + 1] = answer.headers["ETag"]
        return answer.status_code

    def complete(self):
        parts = [{"partNumber": number, "etag": etag} for number, etag in sorted(self.etags.items())]
        return self.anyone.post(self.action["href"], json={"oid": self.oid, "parts": parts}).status_code


def stored(tmp_path):
    return [path.name for path in tmp_path.glob("root/repos/*/*/*/git/lfs/objects/*/*/*")]


def under_way(tmp_path):
    return list(tmp_path.glob("root/incoming/*"))


def test_through_the_client(hub, tmp_path):
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    path = tmp_path / "large.bin"
    path.write_bytes(DATA)
    api.upload_file(path_or_fileobj=path, path_in_repo="large.bin", repo_id="spacehub/r")
    with open(api.hf_hub_download("spacehub/r", "large.bin"), "rb") as file:
        assert file.read() == DATA
    assert (stored(tmp_path), under_way(tmp_path)) == ([OID], [])
    assert Upload(hub).action is None


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (0, 1, 0, 2, 3)], ids=["in", "out", "twice"])
def test_in_any_order(hub, tmp_path, order):
    upload = Upload(hub)
    assert upload.answer["transfer"] == "multipart"
    assert upload.action["header"]["chunk_size"] == str(PART)
    assert [upload.put(number, PARTS[number]) for number in order] == [200] * len(order)
    assert upload.complete() == 200
    assert upload.complete() == 200  # the answer may have been lost
    assert (stored(tmp_path), under_way(tmp_path)) == ([OID], [])


def test_a_part_is_sent_again_after_a_wrong_one(hub, tmp_path):
    upload = Upload(hub)
    assert [upload.put(number, part) for number, part in enumerate([bytes(PART), *PARTS[1:]])] == [200] * 4
    assert upload.put(0, PARTS[0]) == 200
    assert upload.complete() == 200
    assert stored(tmp_path) == [OID]


@pytest.mark.parametrize(
    ("sent", "statuses", "end"),
    [
        ({0: PARTS[0], 1: PARTS[1], 2: PARTS[2]}, [200] * 3, 400),
        ({0: bytes(PART), 1: PARTS[1], 2: PARTS[2], 3: PARTS[3]}, [200] * 4, 400),
        ({0: PARTS[0][:-1]}, [400], 400),
        ({0: PARTS[0] + b"x"}, [413], 400),
        ({3: PARTS[0]}, [413], 400),
        ({}, [], 400),
    ],
    ids=["one missing", "wrong content", "truncated", "too long", "last too long", "none"],
)
def test_refused_without_a_trace(hub, tmp_path, sent, statuses, end):
    upload = Upload(hub)
    assert [upload.put(number, content) for number, content in sent.items()] == statuses
    assert upload.complete() == end
    assert (stored(tmp_path), under_way(tmp_path)) == ([], [])


def test_etags_must_be_those_of_the_parts(hub, tmp_path):
    upload = Upload(hub)
    for number, part in enumerate(PARTS):
        upload.put(number, part)
    upload.etags[2] = upload.etags[1]
    assert upload.complete() == 400
    assert (stored(tmp_path), under_way(tmp_path)) == ([], [])


def test_addresses_cannot_be_made_up(hub, tmp_path):
    upload = Upload(hub)
    first = upload.hrefs[0]
    wrong = [first.replace("/1?", "/2?"), first.replace("size=3", "size=4"), first.split("?")[0]]
    wrong += [first.replace("/parts/", "/parts/0"), first.replace("signature=", "signature=0")]
    assert [upload.anyone.put(href, content=PARTS[0]).status_code for href in wrong] == [
        403,
        403,
        422,
        403,
        403,
    ]
    assert upload.anyone.post(first, json={"parts": []}).status_code in (404, 405)
    assert under_way(tmp_path) == []


def test_addresses_expire(hub, monkeypatch):
    monkeypatch.setattr(signing, "LIFETIME_SECONDS", -1)
    assert Upload(hub).put(0, PARTS[0]) == 403


def test_abandoned_parts_go_by_age_and_at_the_start(hub, tmp_path, monkeypatch):
    assert Upload(hub).put(0, PARTS[0]) == 200
    monkeypatch.setattr(multipart, "ABANDONED_SECONDS", -1)
    assert Upload(hub).put(0, PARTS[0]) == 200
    assert len(under_way(tmp_path)) == 1


@pytest.mark.parametrize(
    ("size", "transfers", "transfer"),
    [
        (2 * PART, ("basic", "multipart"), "basic"),
        (2 * PART + 1, ("basic", "multipart"), "multipart"),
        (2 * PART + 1, ("basic",), "basic"),
        (1 << 50, ("multipart",), "multipart"),
    ],
)
def test_when_in_parts(hub, size, transfers, transfer):
    upload = Upload(hub, size=size, transfers=transfers)
    assert upload.answer["transfer"] == transfer
    assert len(upload.hrefs) <= multipart.MOST_PARTS
