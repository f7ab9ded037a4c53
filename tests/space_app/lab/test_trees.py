"""The Lab's experiment Trees, as a program calls it, over a Hub that has the launches."""

import numpy as np
import pytest

from spacehub.lab import launches as lab_launches
from spacehub.lab import trees
from spacehub.lab.trees_launches import RETURNS, cross_validate, samples


@pytest.fixture
def ask(lab):
    return lambda name, **given: lab("trees").predict(**given, api_name=f"/{name}")


@pytest.fixture(scope="module")
def launches(published):
    return lab_launches.read(published.artefacts / "falcon9-landings" / "launches.csv")


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


def test_cuts(ask, launches):
    cuts = ask("lab_tree_cuts", criterion="entropy")
    assert [cut["gain"] for cut in cuts] == sorted((cut["gain"] for cut in cuts), reverse=True)
    assert {cut["number"] for cut in cuts} == set(lab_launches.NUMBERS)
    some = samples(launches, tuple(lab_launches.NUMBERS))
    root = trees.grow(some.x, some.y, classes=len(RETURNS), max_depth=1, criterion="entropy")
    assert cuts[0]["threshold"] == root.threshold[0]


def test_errors_by_depth(ask, launches):
    answer = ask("lab_tree_depth", numbers=["year"], deepest=6, trees_in_forest=3, seed=4)
    found = cross_validate(samples(launches, ["year"]), deepest=6, trees=3, seed=4)
    for ours, name in (found.learned, "learned_from"), (found.tree, "tree"), (found.forest, "forest"):
        np.testing.assert_allclose(answer[name], ours)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("lab_tree", {"depth": 99}, "depth.*from 1 to 20"),
        ("lab_tree", {"numbers": ["year", "year"]}, "numbers.*without duplicates"),
        ("lab_tree", {"criterion": "luck"}, "criterion.*Choose one of: gini, entropy"),
        ("lab_tree", {"values": [[1, 2, 3]]}, "a list of 2 numbers for each flight: year, mass_kg"),
        ("lab_tree_depth", {"trees_in_forest": 10**6}, "trees_in_forest.*from 1 to 40"),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)
