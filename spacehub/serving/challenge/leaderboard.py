"""The leaderboard: the best submission of each account, ranked. The organiser writes it, and every reader checks it."""

import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime

from spacehub.errors import SpaceHubError, reason
from spacehub.serving.challenge.rules import moment

LARGEST = 512 * 2**10  # bytes
MOST = 500
_SCORE = ("value", "low", "high", "gain_low")


@dataclass(frozen=True, kw_only=True)
class Score:
    """A mean squared error (Brier score) over `n` rows, its interval, and the lower end of the gain over the baseline."""

    value: float
    low: float
    high: float
    gain_low: float
    n: int

    @property
    def beats(self) -> bool:
        """Whether the interval of the gain over the baseline lies above 0."""
        return self.gain_low > 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """The best of an account's `count` scored submissions; `private` is None until the challenge has closed."""

    account: str
    count: int
    at: datetime
    public: Score
    private: Score | None = None

    @property
    def ranking(self) -> float:
        """The score that ranks it."""
        return (self.private or self.public).value


@dataclass(frozen=True, kw_only=True)
class Board:
    """A round's leaderboard: the rows, best first, and the `baseline`, which predicts the train rows' share for every row."""

    round: int
    updated: datetime
    baseline: Row
    rows: tuple[Row, ...]

    @property
    def final(self) -> bool:
        """Whether the private scores determine the ranks."""
        return self.baseline.private is not None

    def ranked(self) -> list[tuple[int | None, Row]]:
        """Return all rows, best first, each with its rank. Equal scores share a rank, and the baseline has no rank."""
        rows, listed = sorted((*self.rows, self.baseline), key=lambda row: row.ranking), []
        for row in rows:
            rank = 1 + sum(other.ranking < row.ranking for other in self.rows)
            listed.append((None if row is self.baseline else rank, row))
        return listed

    def as_json(self) -> str:
        """Return the file's text."""
        return json.dumps(asdict(self), indent=1, default=lambda value: value.isoformat())


def read(text: bytes | str) -> Board:
    """Read a leaderboard's file, which anyone may have written.

    Raises
    ------
    SpaceHubError
        If the file is not as `Board.as_json` writes it.
    """
    try:
        if len(text) > LARGEST:
            raise ValueError(f"The file is larger than {LARGEST // 2**10} KiB.")
        given = json.loads(text)
        rows = given["rows"]
        if not isinstance(rows, list):
            raise ValueError("`rows` must be a list.")
        if len(rows) > MOST:
            raise ValueError(f"The file has {len(rows):,} rows, but the limit is {MOST}.")
        if type(given["round"]) is not int:
            raise ValueError("`round` must be a whole number.")
        return Board(
            round=given["round"],
            updated=moment(given["updated"]),
            baseline=_row(given["baseline"]),
            rows=tuple(_row(row) for row in rows),
        )
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise SpaceHubError(
            f"Cannot read the leaderboard. {reason(error)}",
            "Ask the organiser to score the submissions again.",
        ) from error


def _row(given: dict) -> Row:
    account, count = given["account"], given["count"]
    if not isinstance(account, str) or not 0 < len(account) <= 96 or not account.isprintable():
        raise ValueError("Each account name must have 1 to 96 printable characters.")
    if type(count) is not int or not 0 <= count <= 1_000_000:
        raise ValueError("Each account's number of submissions must be a whole number from 0 to 1,000,000.")
    private = given["private"]
    return Row(
        account=account,
        count=count,
        at=moment(given["at"]),
        public=_score(given["public"]),
        private=None if private is None else _score(private),
    )


def _score(given: dict) -> Score:
    values = {name: given[name] for name in _SCORE}
    if not all(
        type(value) in (int, float) and math.isfinite(value) and abs(value) <= 1 for value in values.values()
    ):
        raise ValueError("Every score must be a number from -1 to 1.")
    if type(given["n"]) is not int or not 0 < given["n"] <= 1_000_000:
        raise ValueError("The number of rows used for each score must be a whole number from 1 to 1,000,000.")
    return Score(**values, n=given["n"])
