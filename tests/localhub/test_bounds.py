"""Short requests that ask for much work are refused, and what is not for the caller is not read."""

import html
import json
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx2
import pytest

from localhub import LocalHub, bounded, http_heads
from localhub.card import frontmatter
from localhub.web import bodies
from localhub.web.pages.markdown import is_renderable, to_html

from . import hostile
from .hubs import ALICE_READS, CAROL_WRITES, ndjson


@pytest.fixture(scope="module")
def clients(people):
    people["hf_alice_writes"].post("/api/repos/create", json={"name": "m"}).raise_for_status()
    return people


@pytest.mark.parametrize("name", hostile.yaml_bombs())
def test_yaml_bombs(name):
    with pytest.raises(frontmatter.FrontMatterError):
        frontmatter.load(hostile.yaml_bombs()[name])


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("a: &x {k: 1}\nb: {<<: *x, k: 2}\nc: {<<: *x}", {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 1}}),
        ("a: &x [1, 2]\nb: *x", {"a": [1, 2], "b": [1, 2]}),
        ("a: " + "[" * 60 + "]" * 60, None),
        ("".join(f"k{number}: 1\n" for number in range(20_000)), {f"k{n}": 1 for n in range(20_000)}),
        ("a: {b: 1}\nc: {b: 2}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: '[[[[" + "[" * 1000 + "'", {"a": "[[[[" + "[" * 1000}),
    ],
    ids=["merges", "aliases", "deep", "many keys", "same key in two places", "brackets in a text"],
)
def test_yaml_that_asks_for_little(block, value):
    loaded = frontmatter.load(block)
    assert value is None or loaded == value


@pytest.mark.parametrize("block", ["a: 1\nb: 2\na: 3", "x: {a: 1, a: 2}", '"a": 1\na: 2'])
def test_a_key_occurs_once(block):
    with pytest.raises(frontmatter.FrontMatterError, match="duplicated mapping key 'a'"):
        frontmatter.load(block)


@pytest.mark.parametrize("name", hostile.json_bombs())
def test_json_bombs(clients, name):
    answer = clients[CAROL_WRITES].post("/api/repos/create", content=hostile.json_bombs()[name])
    assert answer.status_code == 400, answer.text


def test_json_that_asks_for_little():
    value = {"a": ["[{" * 1000, '\\"[' * 1000, {"b": "é"}], "c": list(range(1000))}
    assert bounded.loads(json.dumps(value).encode()) == value
    assert bounded.loads(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_only_numbers_that_json_has(clients, number):
    """Python reads them, and then no answer could repeat them."""
    body = f'{{"name": "r2", "license": {number}}}'
    for path in "/api/repos/create", "/api/buckets/spacehub/r/batch", "/api/models/spacehub/r/preupload/main":
        answer = clients[CAROL_WRITES].post(path, content=body)
        assert answer.status_code in (400, 403, 404), answer.text
    with pytest.raises(ValueError, match="is not a valid JSON number"):
        bounded.loads(body.encode())


@pytest.mark.parametrize("text", ["[" * 30_000, "<b>" * 600, "<" * 30_000, "a" * 300_000])
def test_markdown_that_would_take_long_is_not_rendered(client, text):
    assert to_html(text, address="a/b", commit="c") is None
    commit = ndjson(("file", {"path": "README.md", "content": text}))
    client.post("/api/models/spacehub/r/commit/main", content=commit).raise_for_status()
    assert html.escape(text[:100]) in client.get("/spacehub/r").text


def test_ordinary_markdown_is_rendered():
    table = "<table>" + "<tr><td>a<br>b</td></tr>" * 900 + "</table>"
    assert is_renderable("[a](b)\n" * 5000)
    assert is_renderable(table)


WITHOUT_RIGHTS = [
    ("/api/repos/create", None, 401),
    ("/api/repos/create", ALICE_READS, 403),
    ("/api/models/alice/m/preupload/main", None, 401),
    ("/api/models/alice/m/commit/main", None, 401),
    ("/api/models/alice/m/commit/main", CAROL_WRITES, 403),
    ("/api/models/alice/m/discussions", None, 401),
    ("/api/models/alice/m/branch/x", None, 401),
    ("/alice/m/git-receive-pack", None, 401),
]


@pytest.mark.parametrize(("address", "token", "status"), WITHOUT_RIGHTS)
def test_the_body_of_who_may_not_write_is_not_read(clients, address, token, status):
    """The answer comes although the body never does."""
    parts = urlsplit(str(clients[token].base_url))
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
        head = f"POST {address} HTTP/1.1\r\nHost: {parts.netloc}\r\n{authorization}Content-Length: 1000000\r\n\r\n["
        sock.sendall(head.encode())
        assert sock.recv(100).split()[1] == str(status).encode()


@pytest.mark.parametrize(
    ("token", "address", "most"),
    [
        (None, "/api/validate-yaml", bodies.STRANGER_BYTES),
        (CAROL_WRITES, "/api/repos/create", bodies.JSON_BYTES),
    ],
)
@pytest.mark.parametrize("announced", [True, False])
def test_long_bodies_are_refused(clients, token, address, most, announced):
    content = b" " * (most + 1) if announced else (b" " * (1 << 16) for _ in range((most >> 16) + 1))
    answer = clients[token].post(address, content=content)
    assert (answer.status_code, f"longer than {most} bytes" in answer.text) == (413, True)


@pytest.mark.parametrize(
    ("limit", "address"),
    [
        ("JSON_SECONDS", "/api/validate-yaml"),
        ("IDLE_SECONDS", "/api/validate-yaml"),
        ("IDLE_SECONDS", "/api/models/spacehub/r/commit/main"),
        ("IDLE_SECONDS", "/spacehub/r/git-receive-pack"),
    ],
)
def test_a_body_that_does_not_come_is_not_waited_for(client, monkeypatch, limit, address):
    monkeypatch.setattr(bodies, limit, 0.2)
    parts = urlsplit(str(client.base_url))
    token = client.headers["authorization"]
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
        head = f"POST {address} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: {token}\r\nContent-Length: 1000\r\n\r\n"
        sock.sendall(head.encode())
        assert sock.recv(100).split()[1] == b"408"


@pytest.mark.parametrize("head", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\n"])
def test_a_head_that_does_not_end_is_cut_off(clients, head):
    more = b"a: b\r\n" * 10_000 if head.endswith(b"\n") else b"x" * 60_000
    parts = urlsplit(str(clients[None].base_url))
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
        sock.sendall(head)
        with pytest.raises(ConnectionError):
            sock.sendall(more * 1000)


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(http_heads, "HEAD_SECONDS", 0.2)
    with LocalHub() as hub:
        parts = urlsplit(hub.endpoint)
        for head in (b"", b"GET / HT"):
            with socket.create_connection((parts.hostname, parts.port), timeout=60) as sock:
                sock.sendall(head)
                assert sock.recv(100) == b""


def test_so_many_bodies_at_once(monkeypatch):
    monkeypatch.setattr(bodies, "STRANGERS_BODIES", 3)
    with LocalHub() as hub, ExitStack() as open_sockets:
        parts = urlsplit(hub.endpoint)
        head = f"POST /api/validate-yaml HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 9\r\n\r\n"
        for _ in range(3):
            sock = open_sockets.enter_context(socket.create_connection((parts.hostname, parts.port)))
            sock.sendall(head.encode())
        with httpx2.Client(base_url=hub.endpoint, trust_env=False, timeout=60) as client:
            for _ in range(100):
                if (answer := client.post("/api/validate-yaml", json={})).status_code == 429:
                    break
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
            client.headers["Authorization"] = f"Bearer {hub.token}"
            assert client.post("/api/validate-yaml", json={}).status_code == 200
            open_sockets.close()
            del client.headers["Authorization"]
            for _ in range(100):
                if (answer := client.post("/api/validate-yaml", json={})).status_code == 200:
                    break
            assert answer.status_code == 200


def test_paths_have_a_limited_depth(client):
    for parts, status in ((100, 200), (101, 422)):
        commit = ndjson(("file", {"path": "/".join("d" * parts), "content": "x"}))
        assert client.post("/api/models/spacehub/r/commit/main", content=commit).status_code == status
