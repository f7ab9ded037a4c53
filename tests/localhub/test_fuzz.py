"""Requests that no client would send: never a 5xx other than 501 (not supported) and 507 (disk full)."""

import json
import random
import socket
import string
from urllib.parse import quote

import pytest

from localhub import LocalHub
from localhub.web.app import ROUTES
from tests.doses import dose

from .hubs import ndjson

SEED = 2026
KNOWN = {
    "namespace": "spacehub",
    "name": "r",
    "revision": "main",
    "path": "a.txt",
    "num": "1",
    "user": "spacehub",
}


@pytest.fixture(scope="module")
def local_hub():
    with LocalHub() as hub:
        yield hub


def routes() -> list[tuple[str, str]]:
    """Each path of the Hub with each method it takes."""
    return sorted((route.path, method) for route in ROUTES for method in route.methods)


class Fuzz:
    def __init__(self, seed):
        self.chance = random.Random(seed)

    def text(self):
        choose = self.chance.random()
        if choose < 0.5:
            pool = [
                "main",
                "spacehub",
                "r",
                "a.txt",
                "large.bin",
                "refs/heads/main",
                "x" * 300,
                "",
                "..",
                "0" * 64,
                "v1",
            ]
            return self.chance.choice(pool)
        if choose < 0.8:
            return "".join(self.chance.choices(string.printable, k=self.chance.randrange(12)))
        return "".join(chr(self.chance.randrange(0x110000)) for _ in range(self.chance.randrange(6)))

    def value(self, depth=0):
        kinds = ["text", "number", "none", "flag", "float"] + (["list", "dict"] * 2 if depth < 3 else [])
        match self.chance.choice(kinds):
            case "text":
                return self.text()
            case "number":
                return self.chance.choice([0, -1, 1, 2**31, 2**63, 10**30, self.chance.randrange(1000)])
            case "none":
                return None
            case "flag":
                return self.chance.random() < 0.5
            case "float":
                return self.chance.choice([0.5, float("nan"), float("inf"), 1e308])
            case "list":
                return [self.value(depth + 1) for _ in range(self.chance.randrange(4))]
            case "dict":
                return {self.key(): self.value(depth + 1) for _ in range(self.chance.randrange(4))}

    def key(self):
        known = "name organization type private visibility sdk fromRepo toRepo gated files path sample size gitIgnore"
        known += " content repoType operation objects oid hash_algo startingPoint tag message paths expand key value"
        return self.chance.choice([*known.split(), self.text()])

    def body(self):
        choose = self.chance.random()
        if choose < 0.1:
            return self.chance.randbytes(self.chance.randrange(200))
        if choose < 0.5:
            value = {self.key(): self.value() for _ in range(self.chance.randrange(6))}
            return json.dumps(value).encode()
        if choose < 0.9:
            keys = ["file", "lfsFile", "deletedFile", "deletedFolder", self.text()]
            fields = ["path", "content", "encoding", "oid", "algo", "size"]
            lines = [
                (self.chance.choice(keys), {field: self.value() for field in self.chance.sample(fields, 3)})
                for _ in range(self.chance.randrange(4))
            ]
            return ndjson(*lines, summary=self.value(), parentCommit=self.chance.choice([None, self.value()]))
        return json.dumps(self.value()).encode()

    def path(self, template):
        parts = {"type": ["models", "datasets", "spaces"], "prefix": ["", "datasets/", "spaces/"]}
        out = ""
        for piece in template.replace("}", "{").split("{"):
            name, colon, kind = piece.partition(":")
            if not colon:
                out += piece
            elif kind in parts:
                out += self.chance.choice(parts[kind])
            elif name in KNOWN and self.chance.random() < 0.7:
                out += KNOWN[name]
            else:
                text = self.text()
                out += quote(text.encode("utf-8", "surrogatepass"), safe="/" if kind == "rest" else "")
        names = [
            "limit",
            "cursor",
            "at",
            "recursive",
            "expand",
            "p",
            "skip",
            "sort",
            "filter",
            "search",
            "size",
            "blobs",
        ]
        query = [
            f"{name}={quote(self.text().encode('utf-8', 'surrogatepass'))}"
            for name in self.chance.sample(names, 2)
        ]
        return (out or "/") + ("?" + "&".join(query) if self.chance.random() < 0.5 else "")

    def request(self, template, method, token):
        if self.chance.random() < 0.05:
            method = self.chance.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
        body = self.body() if method in ("POST", "PUT", "DELETE", "PATCH") else b""
        ranges = self.chance.choice(
            ["", f"Range: bytes={self.chance.randrange(99)}-{self.chance.randrange(99)}\r\n"]
        )
        kind = self.chance.choice(
            ["application/json", "application/x-www-form-urlencoded", "application/x-ndjson"]
        )
        head = f"{method} {self.path(template)} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{ranges}"
        head += (
            f"Authorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("latin-1", "replace") + body


def send(address, request) -> bytes:
    with socket.create_connection(address, timeout=30) as plain:
        plain.sendall(request)
        answer = b""
        while piece := plain.recv(65536):
            answer += piece
    return answer


def test_no_request_breaks_the_hub(local_hub, wire, api):
    api.create_repo("r")
    api.upload_file(path_or_fileobj=b"hello", path_in_repo="a.txt", repo_id="spacehub/r")
    api.create_discussion("spacehub/r", title="a discussion")
    host, port = local_hub.endpoint.removeprefix("http://").split(":")
    targets = [route for route in routes() if route[0] not in ("/api/repos/delete", "/api/repos/move")]
    fuzz = Fuzz(SEED)
    broken = []
    for _ in range(dose(1000, 20_000)):
        request = fuzz.request(*fuzz.chance.choice(targets), local_hub.token)
        answer = send((host, int(port)), request)
        status = int(answer.split(b" ", 2)[1])
        if status >= 500 and status not in (501, 507):
            broken.append((request, answer))
    assert broken == []
    assert wire.get("/healthz").status_code == 200
