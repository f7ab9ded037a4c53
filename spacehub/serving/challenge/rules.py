"""The challenge's repositories and its rules: when it is open, and how often one may submit."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from spacehub import catalogue
from spacehub.errors import SpaceHubError, reason

DATASET = "falcon9-landings"
RULES, TRAIN, TEST, BOARD = "challenge.json", "train.csv", "test.csv", "leaderboard.json"
LABELS, STATE = "labels.csv", "submissions.json"
SUBMISSION = "submission.csv"
DAILY, DAYS = 3, 14
LARGEST = 64 * 2**10  # bytes of the rules
_COMMIT = re.compile(r"[0-9a-f]{40}")


def repo_id() -> str:
    """Return the public dataset with the rows, the rules and the leaderboard."""
    return f"{catalogue.namespace()}/falcon9-challenge"


def labels_repo_id() -> str:
    """Return the private dataset with the labels and every submission's score."""
    return f"{repo_id()}-labels"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A round of the challenge: its window, its daily limit, and the `commit` of the `dataset` that it was drawn from."""

    round: int
    opens: datetime
    closes: datetime
    daily: int
    dataset: str
    commit: str
    train: int
    test: int

    def is_open(self, moment: datetime) -> bool:
        """Return whether a submission at this moment counts."""
        return self.opens <= moment < self.closes

    def as_json(self) -> str:
        """Return the file's text."""
        moments = {"opens": self.opens.isoformat(), "closes": self.closes.isoformat()}
        return json.dumps(asdict(self) | moments, indent=1)


def now() -> datetime:
    """Return the moment in UTC."""
    return datetime.now(UTC)


def read(text: bytes | str) -> Rules:
    """Read the rules' file.

    Raises
    ------
    SpaceHubError
        If the file is not as `Rules.as_json` writes it.
    """
    try:
        if len(text) > LARGEST:
            raise ValueError(f"The file is larger than {LARGEST // 2**10} KiB.")
        given = json.loads(text)
        if not isinstance(given, dict) or given.keys() != Rules.__dataclass_fields__.keys():
            raise ValueError(
                f"The file must be a JSON object with exactly these keys: {', '.join(Rules.__dataclass_fields__)}."
            )
        rules = Rules(**given | {name: moment(given[name]) for name in ("opens", "closes")})
        counts = (rules.round, rules.daily, rules.train, rules.test)
        if not all(type(count) is int and 0 < count <= 1_000_000 for count in counts):
            raise ValueError(
                "`round`, `daily`, `train` and `test` must be whole numbers from 1 to 1,000,000."
            )
        if not _COMMIT.fullmatch(str(rules.commit)):
            raise ValueError("`commit` must be a full commit hash (40 hexadecimal digits).")
        if not isinstance(rules.dataset, str):
            raise ValueError("`dataset` must be a string.")
    except (ValueError, TypeError, RecursionError) as error:
        raise SpaceHubError(
            f"Cannot read {RULES}. {reason(error)}", "Ask the organiser to open the challenge again."
        ) from error
    return rules


def moment(text: object) -> datetime:
    """Read a date and time with its time zone.

    Raises
    ------
    ValueError
        If the text is not a timestamp with a time zone.
    """
    if not isinstance(text, str) or len(text) > 40:
        raise ValueError("Each timestamp must be a string.")
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError("Each timestamp must include a time zone.")
    return parsed.astimezone(UTC)
