"""Regression and trees through their endpoints, over a Hub that holds the launches."""

import numpy as np
import pytest

from spacehub.lab import launches as lab
from spacehub.lab import regression_nebulae, regression_payload, trees
from spacehub.lab.trees_launches import RETURNS, cross_validate, samples


@pytest.fixture(scope="module")
def launches(published):
    return lab.read(published.artefacts / "falcon9-landings" / "launches.csv")


@pytest.fixture
def ask(client):
    return lambda name, **given: client.predict(**given, api_name=f"/{name}")


def test_hubbles_line(ask):
    answer = ask("lab_nebulae", learning_rate=0.9, steps=150)
    learned = regression_nebulae.learn(share=0.9, steps=150, standardised=False)
    assert answer["slopes"] == pytest.approx([learned.slope(weights) for weights in learned.path])
    assert answer["slopes"][-1] == pytest.approx(answer["normal_equations"], rel=1e-6)
    assert not answer["diverged"]
    assert ask("lab_nebulae", learning_rate=1.01, steps=500)["diverged"]


def test_overfitting(ask):
    low, high = (ask("lab_overfit", degree=degree, noise_mag=0.2) for degree in (5, 14))
    assert high["error"] < low["error"]
    assert high["expected_on_new"] > low["expected_on_new"]
    parts = [high[name] ** 2 for name in ("noise", "bias", "spread")]
    assert sum(parts) == pytest.approx(high["expected_on_new"] ** 2)
    assert (
        ask("lab_overfit", degree=14, noise_mag=0.2, ridge=0.1)["expected_on_new"] < high["expected_on_new"]
    )


def test_the_chance_of_a_landing(ask, launches):
    answer = ask("lab_landing_chance", number="block", values=[1, 3, 5], steps=2000)
    assert answer["chances"] == sorted(answer["chances"])
    assert answer["log_loss"] == pytest.approx(answer["least_log_loss"], abs=1e-9)
    assert answer["log_loss"] < answer["log_loss_of_share"]
    assert (answer["launches"], answer["landed"]) == (
        np.isfinite(launches.landed).sum(),
        np.nansum(launches.landed),
    )


def test_a_payload(ask, launches):
    answer = ask("lab_payload", orbit="GTO", launch_site="KSC LC-39A", ridge=2)
    found = regression_payload.fit(launches, ridge=2)
    assert answer["mass_kg"] == pytest.approx(found.predict({"orbit": "GTO", "site": "KSC LC-39A"}))
    assert answer["error_kg"] == pytest.approx(found.error)
    assert answer["error_kg"] < answer["error_of_mean_kg"]
    assert answer["source"]["dataset"] == "spacehub/falcon9-landings"


def test_a_tree(ask, launches):
    some = samples(launches, ["mass_kg", "year"])
    tree = trees.grow(some.x, some.y, classes=len(RETURNS), max_depth=4, criterion="entropy")
    answer = ask(
        "lab_tree", numbers=["mass_kg", "year"], depth=4, criterion="entropy", values=some.x[:9].tolist()
    )
    assert len(answer["nodes"]) == len(tree)
    assert answer["nodes"][0]["threshold"] == pytest.approx(tree.threshold[0])
    assert [node["counts"] for node in answer["nodes"]] == tree.counts.tolist()
    np.testing.assert_allclose(answer["chances"], tree.chances(some.x[:9]))
    cuts = ask("lab_tree_cuts", criterion="entropy")
    assert [cut["gain"] for cut in cuts] == sorted((cut["gain"] for cut in cuts), reverse=True)
    assert {cut["number"] for cut in cuts} == set(lab.NUMBERS)


def test_errors_by_depth(ask, launches):
    answer = ask("lab_tree_depth", numbers=["year"], deepest=6, trees_in_forest=3, seed=4)
    found = cross_validate(samples(launches, ["year"]), deepest=6, trees=3, seed=4)
    for ours, name in (found.learned, "learned_from"), (found.tree, "tree"), (found.forest, "forest"):
        np.testing.assert_allclose(answer[name], ours)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("lab_nebulae", {"learning_rate": 0}, "learning rate of 0 leads nowhere"),
        ("lab_nebulae", {"steps": 10**9}, "1 to 20,000"),
        ("lab_overfit", {"measurements": 6, "degree": 9}, "no single solution: 10 weights, 6 observations"),
        ("lab_overfit", {"ridge": -1}, "ridge of -1"),
        ("lab_overfit", {"degree": 300}, "from 0 to 20"),
        ("lab_landing_chance", {"number": "luck"}, "Choose one of: year"),
        ("lab_payload", {"orbit": "Pluto"}, "orbit 'Pluto'"),
        ("lab_payload", {"told_from": ["weather"]}, "Choose some of: orbit, site"),
        ("lab_payload", {"ridge": 0}, "ridge of 0"),
        ("lab_tree", {"depth": 99}, "depth from 0 to 30"),
        ("lab_tree", {"numbers": ["year", "year"]}, "each once"),
        ("lab_tree", {"criterion": "luck"}, "no criterion 'luck'"),
        ("lab_tree", {"values": [[1, 2, 3]]}, "a list of 2 numbers"),
        ("lab_tree_depth", {"trees_in_forest": 10**6}, "from 1 to 100"),
        ("lab_tree_cuts", {"criterion": ""}, "Choose one of: gini, entropy"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)
