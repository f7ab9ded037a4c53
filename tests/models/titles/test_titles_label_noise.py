"""The titles whose labels were read, and what is made of them."""

from collections import Counter
from dataclasses import replace

import pytest

from spacehub.models.titles import label_noise


def test_two_hundred_titles_were_read_a_hundred_of_each_label():
    rows = label_noise.read()
    assert Counter(row["label"] for row in rows) == {"space": 100, "other": 100}
    assert len({row["id"] for row in rows}) == 200
    assert {row["verdict"] for row in rows} == set(label_noise.VERDICTS)


def test_what_a_reader_finds_is_carried_over_to_all_doubted_titles(titles):
    rows = titles.rows("train")
    read = [row for row in label_noise.read() if row["label"] == "space"][:40]
    ids = titles.ids.copy()
    ids[rows[:40]] = [row["id"] for row in read]
    unconfirmed = sum(row["verdict"] != "space" for row in read)
    [found] = label_noise.measure(replace(titles, ids=ids), {"space": 200, "other": 10})
    assert (found["label"], found["n"]) == ("space", 40)
    assert found["space"] + found["other"] + found["unclear"] == 40
    assert found["share"] == pytest.approx(unconfirmed / 40)
    assert found["low"] < found["share"] < found["high"]
    assert found["expected"] == round(200 * unconfirmed / 40)


def test_of_simulated_titles_none_was_read(titles):
    assert label_noise.measure(titles, {"space": 5, "other": 5}) == []
