"""Check untrusted texts, one or many, and answer them as a table."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.errors import SpaceHubError
from spacehub.serving import tables
from spacehub.serving.tables import Sheet
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.words import shorten

LONGEST = 1_000_000  # characters of one text
COLUMN = "title"
ANSWERS = ("label", "space_chance", "linear_chance", "problem")
BLANK, UNREADABLE = "There is no text.", "The text contains nothing that the model can read."


def one(given: object) -> str:
    """Return a text as the model takes it.

    Raises
    ------
    SpaceHubError
        If the value is not a text, is blank, or is longer than `LONGEST`.
    """
    if not isinstance(given, str):
        raise SpaceHubError(f"{shorten(given)} is not text.", "Enter a title as text.")
    if not given.strip():
        raise SpaceHubError(BLANK, "Type or paste a title.")
    if len(given) > LONGEST:
        raise SpaceHubError(
            f"The text has {len(given):,} characters, but the limit is {LONGEST:,}.", "Send only the title."
        )
    return _whole(given)


def several(given: object) -> Sheet:
    """Return texts as a table with the column `COLUMN`.

    Raises
    ------
    SpaceHubError
        If `given` is not a list of strings, is empty or has more than `tables.MAX_ROWS` entries, or the titles are too
        long in total.
    """
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise SpaceHubError(f"{shorten(given)} is not a list of strings.", "Enter a list of titles.")
    odd = next((text for text in given if not isinstance(text, str)), None)
    if odd is not None or None in given:
        raise SpaceHubError(f"{shorten(odd)} in the list is not text.", "Enter each title as text.")
    if not given:
        raise SpaceHubError("The list is empty.", "Enter at least one title.")
    if len(given) > tables.MAX_ROWS:
        raise SpaceHubError(
            f"The list contains {len(given):,} titles, but the limit is {tables.MAX_ROWS:,}.",
            "Split the list into several requests.",
        )
    if sum(map(len, given)) > tables.MAX_BYTES:
        raise SpaceHubError(
            f"The titles have more than {tables.MAX_BYTES:,} characters in total.",
            "Split the titles into several requests.",
        )
    return Sheet.of(pd.DataFrame({COLUMN: [_whole(text) for text in given]}, dtype=object))


def lines(pasted: object) -> Sheet:
    """Return the lines of a text without blank lines, as a table with the column `COLUMN`.

    Raises
    ------
    SpaceHubError
        If there is no text, or as in `several`.
    """
    if not isinstance(pasted, str) or not pasted.strip():
        raise SpaceHubError(BLANK, "Paste titles, one per line, or choose a CSV file.")
    return several([line.strip() for line in pasted.splitlines() if line.strip()])


def read_csv(path: Path) -> Sheet:
    """Return a CSV file with the column `COLUMN`, every cell a str.

    Raises
    ------
    SpaceHubError
        As `tables.read_csv`.
    """
    return tables.read_csv(path, required=[COLUMN])


def answer(
    sheet: Sheet, predictor: TitlesPredictor, *, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Return the model's answer for each row of a table, in the columns `ANSWERS`.

    ``label`` and both probabilities of *space* are empty if the row has a `problem`; that column exists only if
    a row has one.
    """
    texts = sheet.rows[COLUMN].tolist()
    chances = predictor.chances(texts, progress=progress)
    good = ~np.isnan(chances)
    linear = np.full(len(texts), np.nan)
    linear[good] = predictor.linear.chances([text for text, fine in zip(texts, good, strict=True) if fine])
    labels = [predictor.label(chance) if fine else "" for chance, fine in zip(chances, good, strict=True)]
    columns = (labels, chances.round(4), linear.round(4))
    answers = pd.DataFrame(dict(zip(ANSWERS, columns, strict=False)))
    if not good.all():
        answers["problem"] = [
            "" if fine else UNREADABLE if text.strip() else BLANK
            for text, fine in zip(texts, good, strict=True)
        ]
    return answers


def _whole(text: str) -> str:
    """Replace lone surrogates by question marks: JSON may contain lone surrogates, but they cannot be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")
