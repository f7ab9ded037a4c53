"""What the tests of the embedded Hub share: accounts, a Hub as a process, checks of what lies on the disk."""

import hashlib
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

ALICE_WRITES, ALICE_READS, BOB_WRITES, CAROL_WRITES = (
    "hf_alice_writes",
    "hf_alice_reads",
    "hf_bob_writes",
    "hf_carol",
)

# alice owns her namespace and may read in the org; bob may write in it; carol has nothing to do with either.
PEOPLE = [
    {
        "name": "alice",
        "email": "alice@example.org",
        "tokens": [
            {"token": ALICE_WRITES, "name": "laptop", "role": "write"},
            {"token": ALICE_READS, "name": "reader", "role": "read"},
        ],
        "orgs": [{"name": "moon", "role": "read"}],
    },
    {
        "name": "bob",
        "tokens": [{"token": BOB_WRITES, "name": "laptop", "role": "write"}],
        "orgs": [{"name": "moon", "role": "write"}],
        "default_private": True,
    },
    {"name": "carol", "tokens": [{"token": CAROL_WRITES, "name": "laptop", "role": "write"}]},
]


class HubProcess:
    """`spacehub hub` in a process of its own."""

    program = ("-m", "spacehub.cli")

    def __init__(self, root: Path, *options: str):
        self.root = root
        command = [sys.executable, *self.program, "hub", "--root", str(root), "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.line = self.process.stdout.readline()
        assert self.line, self.process.stderr.read()
        self.endpoint = re.search(r"http://\S+", self.line)[0]
        self.token = (root / "token").read_text().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def git_folders(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.glob("repos/*/*/*/repo.json"))


def check_repos(root: Path) -> None:
    """What must hold of every repo on disk: git finds no fault, and large files are what their names say."""
    for folder in git_folders(root):
        done = subprocess.run(
            ["git", "-C", str(folder / "git"), "fsck", "--strict", "--full"], capture_output=True, text=True
        )
        faults = [
            line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("dangling")
        ]
        assert done.returncode == 0, done.stderr
        assert faults == []
        for path in (folder / "git/lfs/objects").glob("*/*/*"):
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def ndjson(*operations: tuple[str, dict], summary: str = "a commit", **header) -> bytes:
    lines = [{"key": "header", "value": {"summary": summary, **header}}]
    lines += [{"key": key, "value": value} for key, value in operations]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def in_threads(count, work):
    """Run work(0), work(1), ... at once; raise what any of them raised."""
    errors = []

    def run(number):
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
