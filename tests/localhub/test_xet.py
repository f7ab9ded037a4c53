"""Xet's store on the wire: who gets in, what is refused, and that a refusal leaves no trace."""

import os
import time

import pytest

from localhub.web.signing import LIFETIME_SECONDS

from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES
from .xet_parts import LZ4, sha256, shard, xorb

CONTENT = [os.urandom(70_000), b"and the rest " * 1000]
WHOLE = b"".join(CONTENT)
NAME, DATA = xorb(*CONTENT, scheme=LZ4)
FILE = (sha256(WHOLE), [(NAME, 0, 2, len(WHOLE))])


class Cas:
    """A repo's store, as a client that has a token sees it."""

    def __init__(self, client, repo="models/spacehub/r", scope="write"):
        self._client = client
        answer = client.get(f"/api/{repo}/xet-{scope}-token/main").raise_for_status()
        self.url, self.token = answer.headers["X-Xet-Cas-Url"], answer.headers["X-Xet-Access-Token"]
        assert answer.json() == {
            "casUrl": self.url,
            "accessToken": self.token,
            "exp": int(answer.headers["X-Xet-Token-Expiration"]),
        }

    def post(self, path, data, token=None, **headers):
        headers = {"Authorization": f"Bearer {token or self.token}", **headers}
        return self._client.post(f"{self.url}/{path}", content=data, headers=headers)

    def get(self, path, token=None, **headers):
        headers = {"Authorization": f"Bearer {token or self.token}", **headers}
        return self._client.get(f"{self.url}/{path}", headers=headers)

    def xorb(self, name=NAME, data=DATA, **kwargs):
        return self.post(f"v1/xorbs/default/{name}", data, **kwargs)

    def shard(self, *files, **kwargs):
        return self.post("v1/shards", shard(*files), **kwargs)


def objects(tmp_path):
    return [path for path in tmp_path.glob("root/repos/*/*/*/git/lfs/objects/*/*/*") if path.is_file()]


def waiting(tmp_path):
    return [path for path in tmp_path.glob("root/incoming/**/*") if path.is_file()]


def test_a_file_becomes_an_lfs_object(client, tmp_path):
    cas = Cas(client)
    assert cas.xorb().json() == {"was_inserted": True}
    assert cas.xorb().json() == {"was_inserted": False}
    assert len(waiting(tmp_path)) == 1
    assert cas.shard(FILE).json() == {"result": 1}
    (stored,) = objects(tmp_path)
    assert stored.name == FILE[0]
    assert stored.read_bytes() == WHOLE
    assert waiting(tmp_path) == []


def test_what_was_sent_before_is_read_from_where_it_is_now(client, tmp_path):
    """Parts of a xorb that is gone come from the LFS objects that were made of it."""
    cas = Cas(client)
    assert cas.xorb().status_code == 200
    first, second, turned = CONTENT[0], CONTENT[1], CONTENT[1] + CONTENT[0]
    terms = [(NAME, 0, 1, len(first)), (NAME, 1, 2, len(second))]
    assert cas.shard((sha256(first), terms[:1])).status_code == 200
    assert len(waiting(tmp_path)) == 1  # the second chunk is in no object yet
    assert cas.shard((sha256(second), terms[1:])).status_code == 200
    assert waiting(tmp_path) == []
    assert cas.shard(FILE, (sha256(turned), terms[::-1])).status_code == 200
    assert {path.read_bytes() for path in objects(tmp_path)} == {first, second, WHOLE, turned}


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        (NAME, DATA[:-1], 400),
        (NAME, DATA + b"x", 400),
        (NAME, os.urandom(len(DATA)), 400),
        (NAME, b"", 400),
        (xorb(b"other")[0], DATA, 400),
        ("0" * 63, DATA, 400),
        (NAME.upper(), DATA, 400),
        ("..%2F..%2Flock", DATA, 400),
    ],
    ids=["truncated", "too long", "random", "empty", "other name", "short name", "capitals", "climbs"],
)
def test_a_wrong_xorb_leaves_no_trace(client, tmp_path, name, data, status):
    cas = Cas(client)
    answer = cas.xorb(name, data)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert waiting(tmp_path) == []
    assert cas.xorb().json() == {"was_inserted": True}


@pytest.mark.parametrize(
    "files",
    [
        [(sha256(b"other"), [(NAME, 0, 2, len(WHOLE))])],
        [(sha256(CONTENT[0]), [(NAME, 1, 2, len(CONTENT[1]))])],
        [(FILE[0], [(NAME, 0, 2, len(WHOLE) - 1)])],
        [(FILE[0], [(NAME, 0, 3, len(WHOLE))])],
        [(FILE[0], [(NAME, 2, 2, 0)])],
        [(FILE[0], [(NAME, 1, 0, 0)])],
        [(FILE[0], [(NAME, 0, 2**32 - 1, 2**32 - 1)])],
        [(FILE[0], [("0" * 64, 0, 2, len(WHOLE))])],
        [(FILE[0], [(NAME, 0, 2, len(WHOLE))] * 2)],
        [(FILE[0], [])],
    ],
    ids=[
        "other sha256",
        "other part",
        "other length",
        "more chunks",
        "no chunks",
        "backwards",
        "huge",
        "unknown",
        "twice",
        "nothing",
    ],
)
def test_a_wrong_shard_leaves_no_object(client, tmp_path, files):
    cas = Cas(client)
    assert cas.xorb().status_code == 200
    answer = cas.shard(*files)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert objects(tmp_path) == []
    assert len(waiting(tmp_path)) == 1
    assert cas.shard(FILE).status_code == 200


@pytest.mark.parametrize("data", [b"", os.urandom(1000), shard(FILE)[:-150]], ids=["none", "random", "cut"])
def test_what_is_no_shard_is_refused(client, tmp_path, data):
    cas = Cas(client)
    assert cas.xorb().status_code == 200
    assert cas.post("v1/shards", data).status_code == 400
    assert objects(tmp_path) == []


def test_sizes_are_bounded(client, monkeypatch):
    monkeypatch.setattr("localhub.web.routes.xet.SERIALIZED_BYTES", len(DATA) - 1)
    monkeypatch.setattr("localhub.web.routes.xet.SHARD_BYTES", len(shard(FILE)) - 1)
    cas = Cas(client)
    for answer in (cas.xorb(), cas.shard(FILE)):
        assert answer.status_code == 413
    for path in (f"v1/xorbs/default/{NAME}", "v1/shards"):
        assert cas.post(path, iter([b"x"])).status_code == 411


def test_one_wrong_file_of_many(client, tmp_path):
    """What could not be built is reported; the others may be there, and sending all again completes them."""
    contents = [os.urandom(100) for _ in range(40)]
    name, data = xorb(*contents)
    files = [(sha256(c), [(name, number, number + 1, len(c))]) for number, c in enumerate(contents)]
    wrong = [*files[:20], (sha256(b"other"), files[20][1]), *files[21:]]
    cas = Cas(client)
    assert cas.xorb(name, data).status_code == 200
    assert cas.shard(*wrong).status_code == 400
    assert cas.shard(*files).status_code == 200
    assert {path.read_bytes() for path in objects(tmp_path)} == set(contents)
    assert waiting(tmp_path) == []


def test_an_empty_file(client, tmp_path):
    assert Cas(client).shard((sha256(b""), [])).status_code == 200
    assert [path.read_bytes() for path in objects(tmp_path)] == [b""]


def test_what_a_client_asks_besides(client, hub):
    cas = Cas(client)
    assert cas.post(f"v1/xorb-grants/default/{NAME}", b"{}").status_code == 404
    assert cas.post("v2/shards", shard(FILE)).status_code == 404
    for path in (f"v1/chunks/default/{NAME}", f"v2/reconstructions/{NAME}", f"v1/reconstructions/{NAME}"):
        assert client.get(f"{cas.url}/{path}").status_code == 404
    assert client.post("/v1/telemetry", content=b"{}").status_code == 202


def test_tokens_hold_for_one_store_and_scope(client, monkeypatch):
    client.post("/api/repos/create", json={"name": "other"}).raise_for_status()
    cas, other = Cas(client), Cas(client, "models/spacehub/other")
    reader, other_reader = Cas(client, scope="read"), Cas(client, "models/spacehub/other", scope="read")
    expires, signature = cas.token.split(".")
    for token in (
        other.token,
        reader.token,
        client.headers["Authorization"].removeprefix("Bearer "),
        f"9{expires}.{signature}",
        f"{expires}.{'0' * 64}",
        "x",
    ):
        assert cas.xorb(token=token).status_code in (401, 403)
        assert cas.shard(FILE, token=token).status_code in (401, 403)
    for token in (cas.token, other.token, other_reader.token, "x"):
        assert reader.get(f"v1/reconstructions/{NAME}", token=token).status_code in (401, 403)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + 1)
    assert cas.xorb().status_code == 403
    assert reader.get(f"v1/reconstructions/{NAME}").status_code == 403


def test_one_repos_xorbs_are_not_anothers(client, tmp_path):
    """Knowing the hashes of a private file is not enough to get it into a repo of one's own."""
    assert Cas(client).xorb().status_code == 200
    client.post("/api/repos/create", json={"name": "other"}).raise_for_status()
    assert Cas(client, "models/spacehub/other").shard(FILE).status_code == 400
    assert objects(tmp_path) == []


@pytest.mark.parametrize(
    ("token", "private", "public"),
    [(None, 404, 401), (ALICE_READS, 404, 403), (ALICE_WRITES, 404, 403), (BOB_WRITES, 200, 200)],
)
def test_who_may_upload(people, token, private, public):
    owner = people[BOB_WRITES]
    for name, hidden in (("hidden", True), ("open", False)):
        owner.post("/api/repos/create", json={"name": name, "private": hidden})
    assert people[token].get("/api/models/bob/hidden/xet-write-token/main").status_code == private
    assert people[token].get("/api/models/bob/open/xet-write-token/main").status_code == public
    assert people[token].get("/api/models/bob/hidden/xet-read-token/main").status_code == private
    assert people[token].get("/api/models/bob/open/xet-read-token/main").status_code == 200


def test_members_of_an_organisation(people):
    people[BOB_WRITES].post(
        "/api/repos/create", json={"name": "crew", "organization": "moon", "private": True}
    )
    address = "/api/models/moon/crew/xet-{}-token/main"
    assert people[BOB_WRITES].get(address.format("write")).status_code == 200
    assert people[ALICE_WRITES].get(address.format("write")).status_code == 403
    assert people[ALICE_WRITES].get(address.format("read")).status_code == 200
    assert people[CAROL_WRITES].get(address.format("read")).status_code == 404


def test_a_pull_requests_token_needs_no_revision(client):
    client.get("/api/models/spacehub/r/xet-write-token/None?create_pr=1").raise_for_status()
    assert client.get("/api/models/spacehub/r/xet-write-token/None").status_code == 404


def test_a_repo_that_moves_or_goes_under_an_upload(client, tmp_path):
    cas = Cas(client)
    assert cas.xorb().status_code == 200
    client.post(
        "/api/repos/move", json={"fromRepo": "spacehub/r", "toRepo": "spacehub/s", "type": "model"}
    ).raise_for_status()
    assert cas.shard(FILE).status_code == 200
    (stored,) = objects(tmp_path)
    assert "spacehub/s" in str(stored)
    client.request("DELETE", "/api/repos/delete", json={"name": "s"}).raise_for_status()
    client.post("/api/repos/create", json={"name": "s"}).raise_for_status()
    assert cas.shard(FILE).status_code == 404
    assert cas.xorb(*xorb(b"more")).status_code == 404
    assert objects(tmp_path) == []


def test_a_store_that_has_lost_something_gets_no_new_clients(client, tmp_path):
    """A client remembers what it has sent to an address; so that address must not be given to it again."""
    cas = Cas(client)
    assert cas.xorb().status_code == 200
    assert cas.shard(FILE).status_code == 200
    assert Cas(client).url == cas.url
    objects(tmp_path)[0].unlink()
    assert cas.shard((sha256(CONTENT[0]), [(NAME, 0, 1, len(CONTENT[0]))])).status_code == 400
    again = Cas(client)
    assert again.url != cas.url
    assert again.xorb().json() == {"was_inserted": True}
    assert again.shard(FILE).status_code == 200


def test_what_nobody_uses_is_removed(client, tmp_path, monkeypatch):
    from localhub.xet.cas import IDLE_SECONDS

    cas = Cas(client)
    assert cas.xorb().status_code == 200
    now = time.monotonic()
    monkeypatch.setattr("localhub.xet.cas.monotonic", lambda: now + IDLE_SECONDS + 1)
    assert Cas(client).url != cas.url
    assert waiting(tmp_path) == []
    assert cas.shard(FILE).status_code == 401


def test_a_restarted_hub_forgets_uploads(tmp_path):
    import httpx2

    from localhub import LocalHub

    urls = []
    for _ in range(2):
        with LocalHub(tmp_path / "root") as hub:
            headers = {"Authorization": f"Bearer {hub.token}"}
            with httpx2.Client(base_url=hub.endpoint, headers=headers, trust_env=False, timeout=60) as client:
                assert waiting(tmp_path) == []
                client.post("/api/repos/create", json={"name": "r"})
                cas = Cas(client)
                assert cas.xorb().status_code == 200
                urls.append(cas.url.split("/xet/")[1])
    assert urls[0] != urls[1]
