"""Out-of-sample means out of sample, a seed means one result, and the choice follows its rule."""

import dataclasses

import numpy as np
import pytest

from spacehub.models.landing import evaluate, evaluation, tuning
from spacehub.models.landing.candidates import TITLES
from spacehub.models.landing.choice import choose, compare
from spacehub.models.landing.evaluation import PRESETS
from spacehub.models.landing.features import NAMES
from spacehub.models.landing.report import reliability_bins, searched, warnings
from spacehub.models.landing.scores import Sample, baselines, list_metrics

PLAN = dataclasses.replace(PRESETS["quick"], folds=3, repeats=2, windows=2, window=30, jobs=1)


@pytest.mark.parametrize("preset", PRESETS)
def test_each_attempt_is_forecast_once_a_repeat_and_never_trained_on(flights, preset):
    plan = PRESETS[preset]
    splits = evaluation.shuffled_splits(flights["landed"], plan=plan, seed=0)
    assert len(splits) == plan.folds * plan.repeats
    for repeat in range(plan.repeats):
        tested = [row for number, _, test in splits if number == repeat for row in test]
        assert sorted(tested) == list(range(len(flights)))
    assert not any(set(train) & set(test) for _, train, test in splits)


@pytest.mark.parametrize("preset", PRESETS)
def test_forward_in_time_only_the_past_is_trained_on(flights, preset):
    splits = evaluation.ordered_splits(len(flights), plan=PRESETS[preset])
    assert all(train.max() < test.min() for _, train, test in splits)
    assert splits[-1][2].max() == len(flights) - 1
    assert all((np.diff(np.concatenate([train, test])) == 1).all() for _, train, test in splits)


def test_a_seed_gives_one_result_whatever_the_number_of_jobs(flights):
    names = ("logistic_regression", "random_forest")
    models = {name: evaluation.search(name, plan=PLAN, seed=4) for name in names}
    splits = evaluation.ordered_splits(len(flights), plan=PLAN)
    steps = []
    one = evaluate(flights, models, splits, jobs=1, step=lambda done, total: steps.append((done, total)))
    two = evaluate(flights, models, splits, jobs=2)
    assert steps == [(1, 2), (2, 2)]
    for name in models:
        np.testing.assert_array_equal(one.chances[name], two.chances[name])
        assert one.chances[name].shape == (1, 60)
    assert np.isin(one.chosen_inside(), list(one.chances.values())).all()


@pytest.mark.parametrize("trials", [0, 3])
def test_a_model_that_knows_nothing_new_changes_no_forecast(flights, trials):
    """Leakage from test rows: their outcomes must not matter to their own forecasts."""
    plan = dataclasses.replace(PLAN, trials=trials)
    splits = evaluation.ordered_splits(len(flights), plan=plan)[-1:]
    models = {"logistic_regression": evaluation.search("logistic_regression", plan=plan, seed=0)}
    rows = splits[0][2]
    flipped = flights.copy()
    flipped.loc[rows, "landed"] = ~flipped.loc[rows, "landed"]
    one, two = (evaluate(world, models, splits, jobs=1) for world in (flights, flipped))
    np.testing.assert_array_equal(one.chances["logistic_regression"], two.chances["logistic_regression"])


def test_a_search_keeps_its_trials_and_tries_none_twice(flights, tmp_path, monkeypatch):
    plan = dataclasses.replace(PLAN, trials=3, searches=tmp_path)
    rows = flights[list(NAMES)], flights["landed"].astype(int)
    fitted = evaluation.search("decision_tree", plan=plan, seed=1).fit(*rows)
    found = searched(fitted)["sweep"]
    assert len(found["trials"]) == 3
    assert found["trials"][0]["params"] == {"max_depth": 2, "min_samples_leaf": 5}
    assert found["trials"][found["best"]]["value"] == -fitted.best_score_
    with monkeypatch.context() as patch:
        patch.setattr(tuning, "cross_val_score", None)  # nothing is left to be tried
        again = evaluation.search("decision_tree", plan=plan, seed=1).fit(*rows)
    assert again.trials_ == fitted.trials_
    np.testing.assert_array_equal(again.predict_proba(rows[0]), fitted.predict_proba(rows[0]))
    assert searched(evaluation.search("decision_tree", plan=PLAN, seed=1).fit(*rows)) == {}


LANDED = np.array([True] * 90 + [False] * 10)
RNG = np.random.default_rng(0)
SHARP = np.where(LANDED, 0.95, 0.3)[np.newaxis]
BLUNT = np.full((1, 100), 0.9)
OVERSURE = 1 - (1 - SHARP) ** 4


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ({"blunt": BLUNT, "sharp": SHARP}, "sharp"),
        ({"oversure": OVERSURE, "sharp": SHARP}, "sharp"),
        ({"sharp": SHARP, "shouting": SHARP / 2}, "sharp"),
        ({"blunt": BLUNT, "shouting": SHARP / 3}, "shouting"),
    ],
    ids=["better in all", "same ranking, better Brier", "the other way round", "PR-AUC comes first"],
)
def test_the_rule(chances, expected):
    assert choose(Sample(LANDED, resamples=200, seed=0), chances) == expected


def test_gains_are_paired_and_point_the_right_way():
    sample = Sample(LANDED, resamples=500, seed=0)
    for key in ("brier", "pr_auc_failures"):
        gain = sample.gain(key, SHARP, BLUNT)
        assert 0 < gain["low"] <= gain["value"] <= gain["high"]
        assert gain["share_better"] == 1
    assert sample.gain("brier", SHARP, SHARP) == {"value": 0, "low": 0, "high": 0, "share_better": 0}


def test_baselines_know_only_the_past_when_ordered(flights):
    rows = np.arange(100, len(flights))
    one = baselines(flights, rows, ordered=True)
    other = flights.copy()
    other.loc[rows[10] :, "landed"] = False
    two = baselines(other, rows, ordered=True)
    for name in one:
        assert one[name].shape == (1, len(rows))
        np.testing.assert_array_equal(one[name][0, :11], two[name][0, :11])
    assert one["base_rate"][0, 0] == pytest.approx(flights["landed"][:100].mean())


def test_without_a_failure_ranking_scores_are_none_and_the_rest_stands():
    landed = np.ones(20, dtype=bool)
    sample = Sample(landed, resamples=50, seed=0)
    chances = np.full((1, 20), 0.9)
    rows = {
        row["key"]: row for row in list_metrics(sample, chances, {"base_rate": chances}, split="shuffled")
    }
    assert rows["pr_auc_failures"]["value"] is None
    assert rows["pr_auc_failures"]["gain"]["base_rate"]["share_better"] is None
    assert rows["brier"]["value"] == pytest.approx(0.01)


def test_reliability_and_warnings_count_every_attempt_once():
    chance = RNG.random(100)
    bins = reliability_bins(LANDED, chance)
    assert sum(row["n"] for row in bins) == 100
    assert sum(row["landed"] for row in bins) == 90
    assert all(row["rate_low"] <= row["rate"] <= row["rate_high"] for row in bins)
    assert all(row["low"] <= row["forecast"] <= row["high"] for row in bins)
    counts = warnings(LANDED, SHARP[0])
    assert counts == {
        "threshold": 0.2,
        "failures_warned": 10,
        "failures_missed": 0,
        "landings_warned": 0,
        "landings_passed": 90,
    }


def test_the_comparison_marks_the_chosen():
    chances = dict.fromkeys(TITLES, SHARP)
    rows = compare(Sample(LANDED, resamples=50, seed=0), chances, chosen="random_forest")
    assert [row["name"] for row in rows if row["chosen"]] == ["Random forest"]
