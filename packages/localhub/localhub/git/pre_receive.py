"""Git's pre-receive hook: rejects a push with sentences for the pusher.

Git runs it (see `localhub.git.http_backend`) with one line per ref on its standard input.
"""

import os
import sys
from pathlib import Path

from localhub.git.push_rules import RefUpdate, Rights, problems
from localhub.rules.refusals import RULER

PROBLEMS_SHOWN = 20


def main() -> int:
    """Return the exit status: 0 accepts the push."""
    updates = [RefUpdate(*line.split(" ", 2)) for line in sys.stdin.read().splitlines()]
    rights = Rights(
        writes=os.environ.get("LOCALHUB_PUSH_WRITES") == "1",
        pull_requests=frozenset(os.environ.get("LOCALHUB_PUSH_PULL_REQUESTS", "").split()),
    )
    quarantine = Path(os.environ.get("GIT_QUARANTINE_PATH", "objects"))  # not set if refs are only deleted
    count = 0
    repo_type = os.environ.get("LOCALHUB_PUSH_REPO_TYPE", "model")
    for text in problems(Path.cwd(), quarantine, updates, rights, repo_type):
        count += 1
        if count <= PROBLEMS_SHOWN:
            print(f"{RULER}\n{text}\n{RULER}" if "\n" in text else text, file=sys.stderr)
    if count > PROBLEMS_SHOWN:
        print(f"... and {count - PROBLEMS_SHOWN} more.", file=sys.stderr)
    return 1 if count else 0
