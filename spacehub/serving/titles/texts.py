"""Texts that anyone may have sent, one or many: checked, and answered as a table."""

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
BLANK, UNREADABLE = "There is no text.", "There is nothing in the text that the model can read."


def one(given: object) -> str:
    """Return a text as the model takes it.

    Raises
    ------
    SpaceHubError
        When it is no text, blank, or longer than `LONGEST`.
    """
    if not isinstance(given, str):
        raise SpaceHubError(f"{shorten(given)} is not text.", "Give a title as text.")
    if not given.strip():
        raise SpaceHubError(BLANK, "Type or paste a title.")
    if len(given) > LONGEST:
        raise SpaceHubError(
            f"The text has {len(given):,} characters; the limit is {LONGEST:,}.", "Send the title alone."
        )
    return _whole(given)


def several(given: object) -> Sheet:
    """Return texts as a table with the column `COLUMN`.

    Raises
    ------
    SpaceHubError
        When it is no list of texts, has none or more than `tables.MAX_ROWS`, or they are too long together.
    """
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise SpaceHubError(f"{shorten(given)} is no list of texts.", "Give a list of titles.")
    odd = next((text for text in given if not isinstance(text, str)), None)
    if odd is not None or None in given:
        raise SpaceHubError(f"{shorten(odd)} in the list is not text.", "Give each title as text.")
    if not given:
        raise SpaceHubError("There are no texts.", "Give at least one.")
    if len(given) > tables.MAX_ROWS:
        raise SpaceHubError(
            f"There are {len(given):,} texts; the limit is {tables.MAX_ROWS:,}.",
            "Split them into several requests.",
        )
    if sum(map(len, given)) > tables.MAX_BYTES:
        raise SpaceHubError(
            f"The texts have more than {tables.MAX_BYTES:,} characters in total.",
            "Split them into several requests.",
        )
    return Sheet.of(pd.DataFrame({COLUMN: [_whole(text) for text in given]}, dtype=object))


def lines(pasted: object) -> Sheet:
    """Return the lines of a text, blank ones left out, as a table with the column `COLUMN`.

    Raises
    ------
    SpaceHubError
        If there is no text, or as `several`.
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
    """Return what the model says of each row of a table, in the columns `ANSWERS`.

    ``label`` and both chances of *space* are empty where `problem` says why; that column is there only if a row has one.
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
    """Put a question mark for half a character: what is sent as JSON may hold one, and nothing can write it."""
    return text.encode("utf-8", "replace").decode("utf-8")
