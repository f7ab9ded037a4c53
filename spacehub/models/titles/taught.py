"""Add titles that visitors labelled to the training split.

These titles are added after the labels are cleaned, because people have read them. Each title counts as
`feedback.WEIGHT` titles. No title of a held-out split is added, because this would bias the scores upwards.
"""

from dataclasses import replace

import numpy as np

from spacehub.models.feedback import WEIGHT, Feedback
from spacehub.models.titles.titles import NAMES, Titles

COMMUNITY = "feedback"


def add(titles: Titles, feedback: Feedback, whole: Titles) -> tuple[Titles, int]:
    """Add the titles that visitors labelled to the training split; return all titles, and the number of these titles.

    A training title that visitors labelled gets their label. The split contains each of these titles `WEIGHT` times. No
    held-out title of the `whole` dataset is added, even if the preset or the cleaning left it out.
    """
    said = {text: NAMES.index(label) for text, label in feedback.labels(_plain).items() if label in NAMES}
    for text in whole.texts[whole.splits != "train"]:
        said.pop(_form(text), None)
    labels, train = titles.labels.copy(), titles.rows("train")
    forms = [_form(text) for text in titles.texts[train]]
    known = [(place, form) for place, form in zip(train, forms, strict=True) if form in said]
    for place, form in known:
        labels[place] = said[form]
    kept = np.concatenate([np.arange(len(labels)), np.repeat([place for place, _ in known], WEIGHT - 1)])
    texts = {_plain(row): row.input.strip() for row in feedback.rows}
    new = sorted(said.keys() - set(forms))
    added = {
        "texts": [texts[form] for form in new],
        "communities": [COMMUNITY] * len(new),
        "ids": [f"{COMMUNITY}-{place}" for place in range(len(new))],
        "splits": ["train"] * len(new),
        "labels": [said[form] for form in new],
    }
    corrected = replace(titles, labels=labels)

    def column(name: str) -> np.ndarray:
        before = getattr(corrected, name)[kept.astype(int)]
        return np.concatenate([before, np.repeat(np.array(added[name], before.dtype), WEIGHT)])

    return replace(titles, **{name: column(name) for name in added}), len(said)


def _plain(row) -> str:
    return _form(row.input)


def _form(text: str) -> str:
    """Return a title without differences of case and spacing."""
    return " ".join(text.casefold().split())
