"""A private repo does not exist for others, on any address of the Hub: each answer is that for a repo that is not there."""

import hashlib
import json
import os
import re

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub import LocalHub
from localhub.ids import RepoType
from localhub.web.app import ROUTES

from .hubs import ALICE_READS, ALICE_WRITES, CAROL_WRITES, PEOPLE, ndjson

NOBODY = None
NAME, ABSENT = "veiled", "absent"
TEXT, LARGE = f"text {os.urandom(16).hex()}", os.urandom(16).hex().encode() * 100 + b"\0"
OID = hashlib.sha256(LARGE).hexdigest()
TYPES = {
    kind.singular: (kind.plural, kind.prefix) for kind in (RepoType.MODEL, RepoType.DATASET, RepoType.SPACE)
}
# POST, but only to read
READING = (
    "/paths-info/",
    "/info/lfs/objects/batch",
    "/verify",
    "/like",
    "/discussions",
    "/ask-access",
    "/locks",
    "/git-upload-pack",
)
PARTS = {
    "revision": "main",
    "path": "a.txt",
    "branch": "hidden-branch",
    "oid": OID,
    "num": "1",
    "user": "alice",
    "org": "moon",
    "status": "pending",
    "number": "1",
    "hash": "0" * 64,
    "rest": "x",
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("private") / "hub"
    with LocalHub(folder, accounts=PEOPLE) as hub:
        hub.folder = folder
        yield hub


@pytest.fixture(scope="module")
def secrets(hub):
    """A private repo of each type; returns what only its readers may learn, in addition to its name."""
    found = {TEXT, OID, "hidden-branch", "hidden-tag", "hidden title", "hidden words"}
    api = HfApi(endpoint=hub.endpoint, token=ALICE_WRITES)
    for kind in TYPES:
        where = {"repo_id": f"alice/{NAME}", "repo_type": kind}
        api.create_repo(**where, private=True, space_sdk="static" if kind == "space" else None)
        for path, data in (("a.txt", TEXT.encode()), ("large.bin", LARGE)):
            found.add(api.upload_file(path_or_fileobj=data, path_in_repo=path, **where).oid)
        api.create_branch(**where, branch="hidden-branch")
        api.create_tag(**where, tag="hidden-tag")
        api.create_discussion(**where, title="hidden title", description="hidden words")
    return found


@pytest.fixture(scope="module")
def client(hub):
    with httpx2.Client(base_url=hub.endpoint, trust_env=False, timeout=30) as client:
        yield client


def routes(of_a_repo: bool) -> list[tuple[str, str]]:
    """Method and template of every address that names a repo in its path, or of every other one."""
    found = [(method, route.path) for route in ROUTES for method in sorted(route.methods)]
    return [
        entry for entry in found if ("{name:" in entry[1] and "/collections/" not in entry[1]) == of_a_repo
    ]


def fill(template: str, kind: str, name: str) -> str:
    """An address of a repo, or of anything."""
    plural, prefix = TYPES[kind]
    parts = {**PARTS, "type": plural, "namespace": "alice", "name": name}

    def part(match):
        return prefix if match[2] == "prefix" else parts.get(match[1], "x")

    signed = (
        f"?size={len(LARGE)}&parts=1&expires=9999999999&signature=0" if template.startswith("/lfs/") else ""
    )
    return re.sub(r"{(\w+):(\w+)}", part, template) + signed


def body(template: str, kind: str, name: str) -> bytes:
    """One that fits most requests, naming the repo where a body does."""
    if "/commit/" in template:
        return ndjson(("file", {"path": "new.txt", "content": "aGk=", "encoding": "base64"}))
    fields = {
        "type": kind,
        "name": name,
        "organization": "alice",
        "fromRepo": f"alice/{name}",
        "toRepo": "carol/taken",
        "repository": "carol/copy",
        "operation": "download",
        "objects": [{"oid": OID, "size": len(LARGE)}],
        "oid": OID,
        "size": len(LARGE),
        "paths": ["a.txt", "large.bin"],
        "files": [{"path": "a.txt", "size": 2, "sample": ""}],
        "title": "a title",
        "description": "words",
        "comment": "words",
        "content": "words",
        "status": "closed",
        "message": "squashed",
        "tag": "v9",
        "key": "KEY",
        "value": "value",
        "flavor": "cpu-basic",
        "seconds": 60,
        "private": False,
        "user": "carol",
        "item": {"type": kind, "id": f"alice/{name}"},
        "watched": [{"type": kind, "name": f"alice/{name}"}],
        "url": "http://127.0.0.1:9/",
        "target": {"type": kind, "name": f"alice/{name}"},
        "namespace": "carol",
    }
    return json.dumps(fields).encode()


def ask(client, token, method: str, template: str, kind: str, name: str) -> httpx2.Response:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    content = None if method in ("GET", "HEAD") else body(template, kind, name)
    return client.request(method, fill(template, kind, name), content=content, headers=headers)


def state(hub) -> dict[str, bytes]:
    """All that lies in the repos' folders."""
    return {str(path): path.read_bytes() for path in hub.folder.glob("repos/*/alice/**/*") if path.is_file()}


@pytest.fixture(scope="module", autouse=True)
def unchanged(hub, secrets):
    """Whatever these tests ask for, nothing changes."""
    before = state(hub)
    yield
    assert state(hub) == before


def text_of(answer: httpx2.Response) -> str:
    """Body and headers, apart from what each answer has of its own."""
    own = {"date", "x-request-id", "content-length"}
    headers = sorted((key, value) for key, value in answer.headers.items() if key not in own)
    return f"{answer.status_code}\n{headers}\n{answer.text}"


@pytest.mark.parametrize(("method", "template"), routes(of_a_repo=True))
def test_it_is_as_if_it_were_not_there(client, secrets, method, template):
    for kind in TYPES:
        for token in (NOBODY, CAROL_WRITES):
            answer = ask(client, token, method, template, kind, NAME)
            assert answer.status_code in (401, 403, 404, 501), text_of(answer)
            assert not [secret for secret in secrets if secret in text_of(answer)]
            absent = ask(client, token, method, template, kind, ABSENT)
            assert text_of(answer).replace(NAME, ABSENT) == text_of(absent).replace(NAME, ABSENT)


@pytest.mark.parametrize(
    ("method", "template"), [entry for entry in routes(of_a_repo=True) if entry[0] not in ("GET", "HEAD")]
)
def test_a_token_that_reads_changes_nothing(client, method, template):
    if any(part in template for part in READING):
        pytest.skip("it only reads, or speaks for its account")
    for kind in TYPES:
        answer = ask(client, ALICE_READS, method, template, kind, NAME)
        assert answer.status_code in (401, 403, 404, 501), text_of(answer)


@pytest.mark.parametrize(("method", "template"), routes(of_a_repo=False))
def test_other_addresses_do_not_tell_of_it(client, secrets, method, template):
    for kind in TYPES:
        for token in (NOBODY, CAROL_WRITES):
            answer = ask(client, token, method, template, kind, NAME)
            assert answer.status_code < 500 or answer.status_code == 501
            names = {f"alice/{NAME}"} if method in ("GET", "HEAD") else set()  # else it is what was asked
            assert not [secret for secret in secrets | names if secret in text_of(answer)], text_of(answer)


def test_its_readers_learn_all_of_it(client, secrets):
    """What the tests above look for can be found."""
    everything = ""
    for kind in TYPES:
        for method, template in routes(of_a_repo=True):
            if method == "GET":
                everything += text_of(ask(client, ALICE_READS, method, template, kind, NAME))
    assert not [secret for secret in secrets if secret not in everything]
    assert f"alice/{NAME}" in ask(client, ALICE_READS, "GET", "/api/models", "model", NAME).text
