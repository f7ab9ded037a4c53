"""Gated repos: their files are for those who were let in, on every way to them."""

import pytest

from .hubs import ALICE_WRITES, BOB_WRITES, CAROL_WRITES, ndjson

REPO = "/api/models/alice/gated"


@pytest.fixture(scope="module")
def gated(people):
    """A repo of alice's with a small and a large file and a pull request, behind a gate that she opens by hand."""
    alice = people[ALICE_WRITES]
    alice.post("/api/repos/create", json={"name": "gated"}).raise_for_status()
    body = ndjson(("file", {"path": "a.txt", "content": "aGk=", "encoding": "base64"}))
    commit = alice.post(f"{REPO}/commit/main", content=body).json()["commitOid"]
    alice.post(f"{REPO}/commit/main?create_pr=1", content=body).raise_for_status()
    alice.put(f"{REPO}/settings", json={"gated": "manual"}).raise_for_status()
    return people, commit


# Every way to what a file holds.
WAYS = [
    ("GET", "/alice/gated/resolve/main/a.txt"),
    ("HEAD", "/alice/gated/resolve/main/a.txt"),
    ("GET", "/alice/gated/raw/main/a.txt"),
    ("GET", "/alice/gated/blob/main/a.txt"),
    ("GET", "/alice/gated/commit/{commit}"),
    ("GET", f"{REPO}/auth-check"),
    ("GET", f"{REPO}/xet-read-token/main"),
    ("GET", f"{REPO}/discussions/1?diff=1"),
    ("GET", f"{REPO}/safetensors-metadata/model.safetensors.index.json"),
    ("GET", "/alice/gated.git/info/refs?service=git-upload-pack"),
    ("GET", f"/lfs/models/alice/gated/{'0' * 64}"),
]


@pytest.mark.parametrize(("method", "path"), WAYS)
@pytest.mark.parametrize("token", [None, CAROL_WRITES])
def test_nobody_else_reads_the_files(gated, method, path, token):
    people, commit = gated
    answer = people[token].request(method, path.format(commit=commit))
    assert answer.status_code == (401 if token is None else 403)
    assert answer.headers.get("x-error-code") == (
        None if "html" in answer.headers["content-type"] else "GatedRepo"
    )


def test_what_it_is_can_be_seen(gated):
    people, _ = gated
    info = people[None].get(REPO).json()
    assert info["gated"] == "manual"
    assert people[None].get(f"{REPO}/tree/main").status_code == 200


def test_who_asks_waits_until_let_in(gated):
    people, _ = gated
    bob, alice = people[BOB_WRITES], people[ALICE_WRITES]
    file = "/alice/gated/resolve/main/a.txt"
    assert people[None].post("/alice/gated/ask-access").status_code == 401
    assert bob.post("/alice/gated/ask-access").json() == {"status": "pending"}
    assert bob.get(file).status_code == 403
    (request,) = alice.get(f"{REPO}/user-access-request/pending").json()
    assert request["user"]["user"] == "bob"
    assert (
        bob.post(f"{REPO}/user-access-request/handle", json={"user": "bob", "status": "accepted"}).status_code
        == 403
    )
    assert bob.get(f"{REPO}/user-access-request/pending").status_code == 403
    handled = {"requestId": request["requestId"], "status": "accepted"}
    alice.post(f"{REPO}/user-access-request/handle", json=handled).raise_for_status()
    assert bob.get(file).text == "hi"
    alice.post(
        f"{REPO}/user-access-request/handle", json={"user": "bob", "status": "rejected"}
    ).raise_for_status()
    assert bob.get(file).status_code == 403
    assert bob.post("/alice/gated/ask-access").json() == {"status": "rejected"}


def test_an_automatic_gate_opens_for_who_asks(people):
    alice, carol = people[ALICE_WRITES], people[CAROL_WRITES]
    alice.post("/api/repos/create", json={"name": "auto"}).raise_for_status()
    alice.put("/api/models/alice/auto/settings", json={"gated": "auto"}).raise_for_status()
    assert carol.get("/alice/auto/resolve/main/.gitattributes").status_code == 403
    assert carol.post("/alice/auto/ask-access").json() == {"status": "accepted"}
    assert carol.get("/alice/auto/resolve/main/.gitattributes").status_code == 200
