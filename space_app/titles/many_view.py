"""Render many titles for the Titles tab: how many are about space, and the first titles in a table."""

from collections.abc import Sequence

import pandas as pd

from space_app.html import render
from space_app.titles.words import about
from space_app.watch import Status
from space_app.words import renaming
from spacehub.serving.tables import MAX_BYTES, MAX_ROWS
from spacehub.serving.titles.predictor import TitlesPredictor
from spacehub.serving.titles.texts import COLUMN
from spacehub.serving.words import cut

LISTED, LENGTH = 100, 160


def intro() -> str:
    """Explain what you can paste or upload, and what comes back."""
    return render("titles/many_intro.html", column=COLUMN, rows=MAX_ROWS, megabytes=MAX_BYTES // 2**20)


def answers(titles: Sequence[str], answered: pd.DataFrame, names: dict[str, str], status: Status) -> str:
    """Draw the counts, the columns that were renamed in the file, and the first rows in order."""
    predictor: TitlesPredictor = status.served
    is_answered = answered["space_chance"].notna()
    is_space = answered["label"] == predictor.labels[1]
    linear_says_space = answered["linear_chance"] >= predictor.linear.threshold
    unanswered = len(answered) - int(is_answered.sum())
    more = len(answered) - LISTED
    return render(
        "titles/many.html",
        space=f"{int(is_space.sum()):,} of {_count(len(answered), 'title is', 'titles are')}",
        apart=f"{int((is_answered & (linear_says_space != is_space)).sum()):,}",
        threshold=f"{100 * predictor.threshold:.1f}",
        linear_threshold=f"{100 * predictor.linear.threshold:.1f}",
        unanswered=_count(unanswered, "row has", "rows have") if unanswered else "",
        renamed=[renaming(ours, theirs) for ours, theirs in names.items() if ours != theirs],
        rows=[
            _row(title, row, predictor)
            for title, row in zip(titles[:LISTED], answered.head(LISTED).to_dict("records"), strict=True)
        ],
        more=_count(more, "row", "rows") if more > 0 else "",
        status=status,
    )


def _row(title: str, row: dict, predictor: TitlesPredictor) -> dict:
    if pd.isna(row["space_chance"]):
        return {"title": cut(title, LENGTH), "problem": row["problem"]}
    is_space = row["label"] == predictor.labels[1]
    return {
        "title": cut(title, LENGTH),
        "problem": "",
        "chance": row["space_chance"],
        "is_space": is_space,
        "verdict": about(row["label"]),
        "linear": row["linear_chance"],
        "linear_disagrees": (row["linear_chance"] >= predictor.linear.threshold) != is_space,
    }


def _count(number: int, singular: str, several: str) -> str:
    return f"{number:,} {singular if number == 1 else several}"
