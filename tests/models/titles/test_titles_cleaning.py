"""Confident learning finds flipped labels, and what becomes of the labels that it doubts."""

import numpy as np
import pandas as pd
import pytest

from spacehub.models.titles import cleaning, confident
from spacehub.models.titles.titles import of_tables


def test_the_joint_is_counted_as_by_hand():
    """Mean own probabilities are 0.7 and 0.6: two sure of 0, one of them labelled 1; two sure of 1, both labelled so."""
    chances = np.array([0.1, 0.5, 0.05, 0.9, 0.8, 0.65])  # of class 1
    labels = np.array([0, 0, 1, 1, 1, 1])
    both = np.stack([1 - chances, chances], axis=1)
    assert confident.joint(both, labels) == pytest.approx(np.array([[2, 0], [1, 3]]))
    assert np.flatnonzero(confident.doubted(both, labels)).tolist() == [2]


@pytest.mark.parametrize(("spread", "found_at_least"), [(0.0, 1.0), (1.0, 0.8)])
def test_flipped_labels_are_found(spread, found_at_least):
    """A tenth of class 1 and a fiftieth of class 0 are flipped; a model without errors finds these and no others."""
    rng = np.random.default_rng(0)
    truth = rng.random(2000) < 0.3
    chances = 1 / (1 + np.exp(-rng.normal(np.where(truth, 3, -3), spread)))
    flipped = rng.random(2000) < np.where(truth, 0.1, 0.02)
    labels = (truth ^ flipped).astype(int)
    both = np.stack([1 - chances, chances], axis=1)
    doubted = confident.doubted(both, labels)
    assert (doubted & flipped).sum() / flipped.sum() >= found_at_least
    assert (doubted & flipped).sum() / doubted.sum() >= found_at_least
    joint = confident.joint(both, labels)
    assert joint.sum(axis=1) == pytest.approx(np.bincount(labels))
    if not spread:
        assert joint == pytest.approx(
            np.array([[np.sum((labels == i) & (truth == j)) for j in (0, 1)] for i in (0, 1)])
        )


def test_only_a_positive_margin_is_doubted():
    chances = np.array([[0.6, 0.4], [0.55, 0.45], [0.45, 0.55], [0.4, 0.6]])
    assert not confident.doubted(chances, np.array([0, 0, 1, 1])).any()


@pytest.fixture(scope="module")
def small():
    """Two titles of each label in each split; the second *other* and the second *space* are doubted in all."""
    table = pd.DataFrame(
        {"title": list("abcd"), "label": ["other", "other", "space", "space"], "community": "x"}
    )
    tables = {
        split: table.assign(id=[f"{split}-{one}" for one in "abcd"])
        for split in ("train", "validation", "test", "later")
    }
    titles = of_tables(tables, id="a/b", commit="0" * 40, config="default")
    found = [f"{split}-{one}" for split in ("train", "validation", "test") for one in "bd"]
    return titles, pd.DataFrame({"id": found, "split": [one[:-2] for one in found], "label": [0, 1] * 3})


def test_a_doubted_other_becomes_space_and_a_doubted_space_is_dropped(small):
    titles, doubted = small
    cleaned = cleaning.apply(titles, doubted)
    for split in cleaning.SPLITS:
        rows = cleaned.rows(split)
        assert cleaned.texts[rows].tolist() == ["a", "b", "c"]
        assert cleaned.labels[rows].tolist() == [0, 1, 1]
    for split in ("test", "later"):
        assert cleaned.labels[cleaned.rows(split)].tolist() == [0, 0, 1, 1]
    said = cleaning.report(titles, doubted)["splits"]
    assert said[0] == {"name": "train", "n": 4, "relabelled": 1, "dropped": 1, "left": 3}
    assert [row["left"] for row in said] == [len(cleaned.rows(split)) for split in cleaning.SPLITS]


def test_misplaced_simulated_titles_are_doubted_from_the_two_splits_alone(titles, tmp_path):
    chances = cleaning.cross_validated(titles, seed=0)
    doubted = cleaning.find(titles, chances)
    rows = cleaning.both(titles)
    assert len(chances) == len(rows) == len(titles.rows("train")) + len(titles.rows("validation"))
    assert set(doubted["split"]) <= set(cleaning.SPLITS)
    assert 0 < len(doubted) < len(rows) / 5
    wrong = (doubted["chance"] >= 0.5) == (doubted["label"] == 1)
    assert not wrong.any()
    cleaning.write(doubted, tmp_path)
    pd.testing.assert_frame_equal(cleaning.read(tmp_path), doubted, check_dtype=False)
