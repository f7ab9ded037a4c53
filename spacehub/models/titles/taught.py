"""Add titles that visitors judged to the training split.

They are added after the labels are cleaned, because people have read them. No title of a held-out split is added,
because that would make scores look better than they are.
"""

from dataclasses import replace

import numpy as np

from spacehub.models.feedback import Feedback
from spacehub.models.titles.titles import NAMES, Titles

COMMUNITY = "feedback"


def add(titles: Titles, feedback: Feedback, whole: Titles) -> tuple[Titles, int]:
    """Return the titles with those that visitors judged in the training split, and how many these are.

    A training title that was judged gets the visitors' label. No held-out title of the `whole` dataset is added, even if
    the preset or the cleaning left it out.
    """
    said = {text: NAMES.index(label) for text, label in feedback.labels(_plain).items() if label in NAMES}
    plain = np.array([_form(text) for text in titles.texts], object)
    train = titles.splits == "train"
    for text in whole.texts[whole.splits != "train"]:
        said.pop(_form(text), None)
    labels = titles.labels.copy()
    for place in np.flatnonzero(train):
        labels[place] = said.get(plain[place], labels[place])
    known = set(plain[train])
    texts = {_plain(row): row.input.strip() for row in feedback.rows}
    new = sorted(text for text in said if text not in known)
    added = {
        "texts": [texts[text] for text in new],
        "communities": [COMMUNITY] * len(new),
        "ids": [f"{COMMUNITY}-{place}" for place in range(len(new))],
        "splits": ["train"] * len(new),
    }
    columns = {
        name: np.concatenate([getattr(titles, name), np.array(values, object)])
        for name, values in added.items()
    }
    labels = np.concatenate([labels, np.array([said[text] for text in new], np.int64)])
    return replace(titles, labels=labels, **columns), len(said)


def _plain(row) -> str:
    return _form(row.input)


def _form(text: str) -> str:
    """Return a title without differences of case and spacing."""
    return " ".join(text.casefold().split())
