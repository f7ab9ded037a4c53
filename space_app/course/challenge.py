"""The challenge's page: how to take part, and the current leaderboard from the Hub."""

import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from space_app import pull
from spacehub.errors import SpaceHubError
from spacehub.serving.challenge import leaderboard, rules
from spacehub.serving.challenge.leaderboard import Board
from spacehub.serving.challenge.rules import Rules

# If many visitors open the page at once, the app queries the Hub only once.
FRESH_SECONDS = 5


@dataclass(frozen=True, kw_only=True)
class State:
    """The rules and the leaderboard, None if the Hub does not have them; `problem` says why the last request failed."""

    rules: Rules | None = None
    board: Board | None = None
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the challenge accepts submissions now."""
        return self.rules is not None and self.rules.is_open(datetime.now(UTC))

    @property
    def page(self) -> str:
        """The address of the challenge's dataset on the Hub."""
        return pull.address(rules.repo_id(), repo_type="dataset")


class Live:
    """Read the state again once it is older than `FRESH_SECONDS`; keep the last state if the Hub does not respond."""

    def __init__(self):
        self._lock = threading.Lock()
        self._state, self._asked = State(), float("-inf")

    def state(self) -> State:
        """Return the newest state."""
        with self._lock:
            if time.monotonic() - self._asked > FRESH_SECONDS:
                try:
                    self._state = _ask()
                except SpaceHubError as error:
                    self._state = replace(self._state, problem=error.problem)
                self._asked = time.monotonic()
            return self._state


def _ask() -> State:
    repo_id = rules.repo_id()
    newest = pull.newest(repo_id, repo_type="dataset", token=False)
    if newest is None:
        return State()
    known, board = (
        pull.pull_file(repo_id, name, repo_type="dataset", commit=newest.sha, limit=limit, token=False)
        for name, limit in ((rules.RULES, rules.LARGEST), (rules.BOARD, leaderboard.LARGEST))
    )
    if known is None:
        return State()
    return State(rules=rules.read(known), board=board and leaderboard.read(board))
