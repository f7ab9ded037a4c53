"""The gold titles: their file, the rule that draws them, and the scores on them, by hand."""

import doctest
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from spacehub.models.titles import gold, tone


def test_six_hundred_verdicts_are_kept_without_a_text():
    rows = gold.read()
    assert len(rows) == len({row["id"] for row in rows}) == gold.DRAWN
    assert list(rows[0]) == ["id", "first", "second", "third", "verdict"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    for row in rows:
        assert {row["first"], row["second"], row["verdict"]} <= set(gold.VERDICTS)
        if row["first"] == row["second"]:
            assert (row["third"], row["verdict"]) == ("", row["first"])
        else:
            assert row["third"] == row["verdict"]
    assert Counter(row["verdict"] for row in rows) == {"other": 466, "space": 99, "undecidable": 35}


def test_the_draw_is_proportional_and_looks_at_neither_labels_nor_texts(titles, monkeypatch):
    assert doctest.testmod(gold).failed == 0
    monkeypatch.setattr(gold, "DRAWN", 30)
    drawn = gold.draw(titles)
    blind = replace(titles, labels=1 - titles.labels, texts=titles.texts[::-1])
    assert drawn == sorted(set(drawn)) == gold.draw(blind)
    rows = titles.rows("test")
    sizes = Counter(titles.communities[rows])
    taken = Counter(titles.communities[np.isin(titles.ids, drawn)])
    assert sum(taken.values()) == 30
    for name, size in sizes.items():
        assert abs(taken[name] - 30 * size / len(rows)) < 1


def test_scores_are_of_the_decidable_titles(monkeypatch):
    """Of four decidable titles two are space, one of them found; one of two found is right: F1 is 1/2."""
    verdicts = ["space", "space", "other", "other", "undecidable"]
    rows = [
        {"id": str(at), "first": one, "second": one, "third": "", "verdict": one}
        for at, one in enumerate(verdicts)
    ]
    monkeypatch.setattr(gold, "read", lambda: rows)
    said = pd.DataFrame(
        {
            "id": ["0", "1", "2", "3", "4", "5"],
            "split": ["test"] * 5 + ["later"],
            "label": [1, 0, 0, 1, 1, 1],
            "bert": [0.9, 0.4, 0.6, 0.1, 0.8, 0.9],
        }
    )
    models = [{"key": "bert", "name": "BERT", "threshold": 0.5}]
    found = gold.report(said, models)["gold"]
    assert (found["n"], found["verdicts"]) == (5, {"other": 2, "space": 2, "undecidable": 1})
    assert found["labels"] == [
        {"name": "other", "other": 1, "space": 1, "undecidable": 0},
        {"name": "space", "other": 1, "space": 1, "undecidable": 1},
    ]
    [model] = found["models"]
    values = {one["key"]: one["value"] for one in model["metrics"]}
    assert {one["n"] for one in model["metrics"]} == {4}
    assert values["f1_space"] == pytest.approx(1 / 2)
    assert values["roc_auc"] == pytest.approx(3 / 4)
    assert values["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    assert model["f1_labels"] == pytest.approx(1 / 2)
    assert model["f1_strict"] == pytest.approx(2 / 5)
    assert gold.report(said[1:], models) == {}


def test_the_readings_are_compared_by_kappa():
    pairs = (
        [("space", "space")] * 2 + [("other", "other")] * 5 + [("other", "space"), ("undecidable", "other")]
    )
    found = gold.agreement([{"first": one, "second": other} for one, other in pairs])
    chance = (2 * 3 + 6 * 6) / 81
    assert (found["n"], found["same"]) == (9, 7)
    assert found["kappa"]["value"] == pytest.approx((7 / 9 - chance) / (1 - chance))
    assert found["kappa"]["low"] < found["kappa"]["value"] < found["kappa"]["high"]
    assert tone.kappa(np.eye(3)) == 1
