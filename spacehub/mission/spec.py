"""What a mission states: its question, its data, its split and its limitations; read and checked before use."""

import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from spacehub.errors import SpaceHubError, reason

KINDS = ("yes or no", "number")
LICENCES = ("apache-2.0", "mit", "cc0-1.0", "cc-by-4.0")
PREFIX = "mission-"
LARGEST_FILE, LONGEST, MOST = 64 * 2**10, 500, 30
_REPO = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_MISSION = re.compile(rf"[\w.-]{{1,96}}/{PREFIX}[\w.-]{{1,96}}")
_FILE = re.compile(r"[\w-][\w./-]{0,200}\.(?:csv|parquet)")


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A mission.

    Parameters
    ----------
    title, question : str
    kind : str
        One of `KINDS`.
    dataset, file : str
        A dataset on the Hub, and its table: CSV or Parquet.
    target : str
        The column to predict; `yes` is the value that counts as yes (empty for a number).
    numbers, words : tuple of str
        The columns to predict it from.
    only : dict
        By column, the values of the rows to keep.
    test_column : str
        The column that defines the split. The test part has the rows from `test_from` on, or a share `test_share`
        of the column's values, chosen by their hash.
    limitations : tuple of str
        Where the model must not be trusted.
    licence : str
        One of `LICENCES`.
    """

    title: str
    question: str
    kind: str
    dataset: str
    file: str
    target: str
    yes: str = ""
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]]
    test_column: str
    test_from: str = ""
    test_share: float = 0.0
    limitations: tuple[str, ...]
    licence: str

    @property
    def features(self) -> tuple[str, ...]:
        """All columns to predict from."""
        return self.numbers + self.words

    def as_json(self) -> dict:
        """Return the mission as it is stored in ``results.json``."""
        plain = asdict(self)
        plain |= {name: list(plain[name]) for name in ("numbers", "words", "limitations")}
        return plain | {"only": {name: list(values) for name, values in self.only.items()}}


def is_mission(repo: str) -> bool:
    """Return whether a repository's name is that of a mission."""
    return bool(_MISSION.fullmatch(repo))


def read(folder: Path) -> Spec:
    """Read a mission's ``mission.toml``.

    Raises
    ------
    SpaceHubError
        If the file cannot be read, states something impossible, or contains a TODO of the template.
    """
    path = folder / "mission.toml"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"The file is larger than {LARGEST_FILE} bytes.")
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SpaceHubError(
            f"Cannot read {path}. {reason(error)}", "To create a valid file, run: spacehub mission new FOLDER"
        ) from error
    spec = check(stated)
    left = [name for name, value in stated.items() if "TODO" in str(value)]
    if left:
        raise SpaceHubError(
            f"{path} still contains a TODO in: {', '.join(left)}.",
            "Replace each TODO before you look at any score, and then try again.",
        )
    return spec


def check(stated: object) -> Spec:
    """Return a mission from what ``mission.toml`` or ``results.json`` states.

    Raises
    ------
    SpaceHubError
        If a value is missing, unknown or impossible; the error names the first one.
    """
    problem = _problem(stated)
    if problem:
        raise SpaceHubError(f"The mission is not valid: {problem}.", "Fix the problem in mission.toml.")
    lists = {name: tuple(stated.get(name, ())) for name in ("numbers", "words", "limitations")}
    only = {name: tuple(values) for name, values in stated.get("only", {}).items()}
    return Spec(**{**stated, **lists, "only": only})


def _problem(stated: object) -> str:
    if not isinstance(stated, dict):
        return "it must be a table"
    texts = ("title", "question", "kind", "dataset", "file", "target", "test_column", "licence")
    for name in (*texts, *(name for name in ("yes", "test_from") if name in stated)):
        if not _is_text(stated.get(name), empty=name not in texts):
            return f"`{name}` must be one line of text"
    for name in ("numbers", "words", "limitations"):
        if not _are_texts(stated.get(name, [])):
            return f"`{name}` must be a list of at most {MOST} text entries"
    only = stated.get("only", {})
    if not isinstance(only, dict) or len(only) > MOST or not all(map(_are_texts, only.values())):
        return "`only` must map column names to lists of text entries"
    unknown = [str(name)[:40] for name in stated if name not in Spec.__dataclass_fields__]
    if unknown:
        return f"`{unknown[0]}` is not a known key"
    features = [*stated.get("numbers", []), *stated.get("words", [])]
    share = stated.get("test_share", 0.0)
    rules = {
        f"`kind` must be one of {', '.join(KINDS)}": stated["kind"] in KINDS,
        f"`licence` must be one of {', '.join(LICENCES)}": stated["licence"] in LICENCES,
        "`dataset` must be NAMESPACE/NAME": bool(_REPO.fullmatch(stated["dataset"])),
        "`file` must be a CSV or Parquet file": bool(_FILE.fullmatch(stated["file"])) and ".." not in stated["file"],
        "`numbers` and `words` must contain at least one column": bool(features),
        "`numbers` and `words` contain a column twice": len(set(features)) == len(features),
        "a yes-or-no mission needs the key `yes`, the value that counts as yes; other missions must not have this key": bool(stated.get("yes")) == (stated["kind"] == KINDS[0]),
        "it must have either `test_from` or a `test_share` between 0 and 1": isinstance(share, int | float)
        and not isinstance(share, bool)
        and (0 < share < 1) != bool(stated.get("test_from")),
    }  # fmt: skip
    return next((problem for problem, holds in rules.items() if not holds), "")


def _is_text(value: object, *, empty: bool = False) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        return False
    return empty or bool(value.strip())


def _are_texts(values: object) -> bool:
    return isinstance(values, list | tuple) and len(values) <= MOST and all(map(_is_text, values))
