"""Hostile requests and packs by the thousand: the Hub lives, answers a neighbour meanwhile, and does not grow.

In full with SPACEHUB_SOAK=1: 200,000 requests and 1,000 packs.
"""

import base64
import contextlib
import http.client
import json
import random
import shutil
import socket
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from huggingface_hub import HfApi

from tests.doses import dose

from . import hostile
from .hubs import check_repos, in_threads, ndjson

REQUESTS, PACKS = dose(500, 200_000), dose(10, 1_000)
THREADS = 4
NEIGHBOUR_SECONDS = dose(20, 1)  # the small dose shares its machine with other tests
GROWTH_MIB = 50
REPO = "/api/models/spacehub/r"
MAY_BE = {501, 507}
# The others cost the Hub some milliseconds; these up to a quarter of a second, or a program to start.
RARE = {"attack_patterns": 0.05, "attack_large_files": 0.1, "attack_yaml": 0.3, "attack_fetches": 0.1}

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="measures memory in /proc")


class Attack:
    """One attacker: requests of every kind over a connection that is opened again whenever the Hub closes it."""

    def __init__(self, hub, seed: int):
        self._chance = random.Random(seed)
        self._address = urlsplit(hub.endpoint)
        self._token = {"Authorization": f"Bearer {hub.token}"}
        self._yaml = [hostile.card(block) for block in hostile.yaml_bombs().values()]
        self._json = list(hostile.json_bombs().values())
        self._unending: list[socket.socket] = []
        self.statuses: Counter = Counter()
        self._connect()

    def _connect(self) -> None:
        self._connection = http.client.HTTPConnection(self._address.hostname, self._address.port, timeout=120)

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> None:
        try:
            self._connection.request(method, path, body, headers or {})
            answer = self._connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1
        except (OSError, http.client.HTTPException):  # refused, as it may be
            self.statuses["closed"] += 1
            self._connection.close()
            self._connect()

    def run(self, count: int) -> None:
        kinds = [name for name in dir(self) if name.startswith("attack_")]
        weights = [RARE.get(name, 1) for name in kinds]
        for _ in range(count):
            getattr(self, self._chance.choices(kinds, weights)[0])()
        self._connection.close()
        for sock in self._unending:
            sock.close()

    def attack_yaml(self):
        self._send("POST", "/api/validate-yaml", self._chance.choice(self._yaml))

    def attack_json(self):
        headers = self._chance.choice([{}, self._token])
        path = self._chance.choice(["/api/repos/create", f"{REPO}/preupload/main", f"{REPO}/discussions"])
        self._send("POST", path, self._chance.choice(self._json), headers)

    def attack_patterns(self):
        pattern = self._chance.choice(
            ["*a" * 8 + "b", "**/a" * 60 + "b", "*" * 2000, "[" * 2000, "**/*a*a*a" * 20 + "b"]
        )
        files = [{"path": "/".join(["a" * 200] * 8), "size": 1, "sample": ""}] * 20
        body = json.dumps({"files": files, "gitIgnore": f"{pattern}\n" * self._chance.choice([1, 100])})
        self._send("POST", f"{REPO}/preupload/main", body.encode(), self._token)

    def attack_paths(self):
        path = self._chance.choice(
            ["/".join("d" * 1000), "a/../b", "\0", "x" * 5000, "%2e%2e/a", ".git/config", "a//b"]
        )
        content = base64.b64encode(b"x").decode()
        body = ndjson(("file", {"path": path, "content": content, "encoding": "base64"}))
        self._send("POST", f"{REPO}/commit/main", body, self._token)

    def attack_addresses(self):
        raw = self._chance.randbytes(self._chance.randrange(1, 30))
        path = self._chance.choice(
            ["/", "/api/models/", f"{REPO}/tree/main/", "/spacehub/r/resolve/main/", f"{REPO}/revision/"]
        )
        self._send(self._chance.choice(["GET", "POST", "PUT", "DELETE"]), path + quote(raw), b"{}")

    def attack_queries(self):
        query = self._chance.choice(
            ["limit=1e9", "limit=" + "9" * 500, "expand=x&" * 500, "cursor=" + "a/" * 2000, "skip=-1"]
        )
        self._send("GET", f"{self._chance.choice(['/api/models', f'{REPO}/tree/main'])}?{query}&full=true")

    def attack_ranges(self):
        value = self._chance.choice(
            ["bytes=" + "0-," * 1000, "bytes=-", "bytes=9-1", "bytes=" + "9" * 400 + "-", "x" * 2000]
        )
        self._send("GET", "/spacehub/r/resolve/main/.gitattributes", headers={"Range": value})

    def attack_forms(self):
        body = self._chance.choice(
            [b"paths=a&" * 4000, b"paths=" + b"%ff" * 1000, b"&" * 100_000, b"paths=" + b"a/" * 20_000]
        )
        self._send("POST", f"{REPO}/paths-info/main", body)

    def attack_large_files(self):
        objects = [{"oid": f"{self._chance.getrandbits(256):064x}", "size": 1 << 50}] * 1000
        body = {
            "operation": self._chance.choice(["upload", "download"]),
            "objects": objects,
            "transfers": ["multipart"],
        }
        self._send("POST", "/spacehub/r.git/info/lfs/objects/batch", json.dumps(body).encode(), self._token)

    def attack_fetches(self):
        body = self._chance.choice(
            [b"0000" * 1000, b"0032want " + b"1" * 40 + b"\n0000", b"\x1f\x8b" + b"x" * 100]
        )
        headers = {"Content-Type": "application/x-git-upload-pack-request"}
        self._send("POST", "/spacehub/r/git-upload-pack", body, headers)

    def attack_unending(self):
        """A body that does not end; the last hundred of them stay open."""
        with contextlib.suppress(OSError):
            sock = socket.create_connection((self._address.hostname, self._address.port), timeout=30)
            length = self._chance.choice([1000, 1 << 40])
            head = f"POST /api/validate-yaml HTTP/1.1\r\nHost: {self._address.netloc}\r\nContent-Length: {length}\r\n\r\n"
            sock.sendall(head.encode() + b"[" * self._chance.choice([1, 900]))
            self._unending.append(sock)
        if len(self._unending) > 100:
            self._unending.pop(0).close()
        self.statuses["unending"] += 1

    def attack_heads(self):
        """A head that is no head, or does not end."""
        data = self._chance.choice(
            [
                b"\0" * 1000,
                b"GET / HTTP/9.9\r\n\r\n",
                b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000,
                b"GET /" + b"x" * 300_000,
            ]
        )
        with (
            contextlib.suppress(OSError),
            socket.create_connection((self._address.hostname, self._address.port), timeout=30) as sock,
        ):
            sock.sendall(data)
        self.statuses["heads"] += 1


class Neighbour(threading.Thread):
    """Somebody who only wants to read, all the time."""

    def __init__(self, endpoint: str):
        super().__init__(daemon=True)
        self._address = urlsplit(endpoint)
        self.done = threading.Event()
        self.slowest, self.failed = 0.0, []

    def run(self) -> None:
        while not self.done.wait(0.02):
            for path in ("/healthz", REPO):
                start = time.perf_counter()
                connection = http.client.HTTPConnection(
                    self._address.hostname, self._address.port, timeout=120
                )
                try:
                    connection.request("GET", path)
                    if (answer := connection.getresponse()).status != 200:
                        self.failed.append((path, answer.status))
                except (OSError, http.client.HTTPException) as error:
                    self.failed.append((path, repr(error)))
                connection.close()
                self.slowest = max(self.slowest, time.perf_counter() - start)


def memory(hub) -> float:
    """What the Hub's process has in memory now, in MiB."""
    for text in Path(f"/proc/{hub.process.pid}/status").read_text().splitlines():
        if text.startswith("VmRSS"):
            return int(text.split()[1]) / 1024
    raise OSError("no VmRSS in /proc")


def hostile_packs(hub, count: int, statuses: Counter) -> None:
    chance = random.Random(count)
    packs = [make() for make in hostile.PACKS.values()]
    attack = Attack(hub, 0)
    headers = {
        "Authorization": f"Bearer {hub.token}",
        "Content-Type": "application/x-git-receive-pack-request",
    }
    for number in range(count):
        body = packs[number % 20] if number % 20 < len(packs) else hostile.odd_objects(chance)
        attack._send("POST", "/spacehub/r/git-receive-pack", body, headers)
    statuses += attack.statuses


def attacked(hub, requests: int, packs: int) -> Counter:
    attacks = [Attack(hub, seed) for seed in range(THREADS)]
    statuses: Counter = Counter()

    def work(number: int) -> None:
        if number == THREADS:
            hostile_packs(hub, packs, statuses)
        else:
            attacks[number].run(requests // THREADS)

    in_threads(THREADS + (packs > 0), work)
    return sum((attack.statuses for attack in attacks), statuses)


def test_hostile_requests_and_packs(hub_process, tmp_path):
    hub = hub_process(tmp_path / "hub")
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("r")
    git = shutil.which("git") is not None
    attacked(hub, 500, 0)  # what is loaded once and kept
    before = memory(hub)
    neighbour = Neighbour(hub.endpoint)
    neighbour.start()
    statuses = attacked(hub, REQUESTS, PACKS if git else 0)
    neighbour.done.set()
    neighbour.join()
    growth = memory(hub) - before
    print(
        f"slowest answer to a neighbour {neighbour.slowest:.2f} s, growth {growth:.1f} MiB, {dict(statuses)}"
    )
    assert hub.process.poll() is None
    assert neighbour.failed == []
    assert neighbour.slowest < NEIGHBOUR_SECONDS
    assert growth < GROWTH_MIB
    errors = {status for status in statuses if isinstance(status, int) and status >= 500} - MAY_BE
    assert errors == set(), statuses
    assert api.repo_exists("spacehub/r")
    if git:
        check_repos(tmp_path / "hub")
