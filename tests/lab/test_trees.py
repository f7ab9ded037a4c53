"""A tree from scratch against scikit-learn's, split by split; its ties; and the forest."""

import numpy as np
import pytest
from scipy.stats import entropy
from sklearn.datasets import make_moons
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

from spacehub.data import falcon9_landings, sources
from spacehub.errors import SpaceHubError
from spacehub.lab import launches as lab_launches
from spacehub.lab import trees
from spacehub.lab.trees_forest import errors_by_depth, forest_chances, grow_forest
from spacehub.lab.trees_launches import RETURNS, cross_validate, samples


@pytest.fixture(scope="module", params=["real", "simulated"])
def launches(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("launches")
    if request.param == "real":
        found = sources.find(falcon9_landings.FILES["default"])
        if found is None:
            pytest.skip("the raw files are not there")
        table, _ = falcon9_landings.build(found, "default")
    else:
        table, _ = falcon9_landings.simulate(0)
    falcon9_landings.add_files(table, folder)
    return lab_launches.read(folder / "launches.csv")


def theirs(x, y, **options):
    return DecisionTreeClassifier(random_state=0, **options).fit(x, y).tree_


def numbers(seed: int, rows: int, features: int, classes: int):
    """Draw features without equal values, as numbers that scikit-learn's float32 holds exactly."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, features)).astype(np.float32).astype(float)
    scores = x @ random.normal(size=(features, classes)) + random.normal(0, 2, (rows, classes))
    return x, scores.argmax(axis=1)


def assert_same_tree(ours: trees.Tree, other) -> None:
    assert len(ours) == other.node_count
    asks = ours.feature != trees.LEAF
    np.testing.assert_array_equal(asks, other.children_left != -1)
    np.testing.assert_array_equal(ours.feature[asks], other.feature[asks])
    np.testing.assert_allclose(ours.threshold[asks], other.threshold[asks], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(ours.left, other.children_left)
    np.testing.assert_array_equal(ours.right, other.children_right)
    np.testing.assert_array_equal(ours.counts.sum(axis=1), other.n_node_samples)
    shares = ours.counts / ours.counts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, other.value[:, 0], atol=1e-12)
    np.testing.assert_allclose(ours.impurity, other.impurity, atol=1e-12)


def ties(other, x, y, *, classes: int, **options) -> tuple[int, int]:
    """Walk scikit-learn's tree: each of its cuts must be one of our best, and where there is one best it is that.

    Returns how many of its cuts were the only best, and how many were one of several that gain the same.
    """
    found = [0, 0]

    def compare(node: int, rows: np.ndarray) -> None:
        assert len(rows) == other.n_node_samples[node]
        thresholds, gained = trees.gains(x[rows], y[rows], classes=classes, **options)
        ours = trees.best_split(thresholds, gained)
        if other.children_left[node] == -1:
            assert ours is None or len(np.unique(y[rows])) == 1
            return
        feature, threshold = other.feature[node], other.threshold[node]
        equal = [(f, thresholds[f, place]) for f, place in np.argwhere(gained >= gained.max() - trees.TIE)]
        assert (feature, pytest.approx(threshold, abs=1e-9)) in equal
        assert (ours.feature, ours.threshold) == min(equal)
        found[len(equal) > 1] += 1
        goes_left = x[rows, feature] <= threshold
        compare(other.children_left[node], rows[goes_left])
        compare(other.children_right[node], rows[~goes_left])

    compare(0, np.arange(len(x)))
    return found[0], found[1]


@pytest.mark.parametrize("criterion", trees.CRITERIA)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("features", "classes"), [(2, 2), (5, 3)])
def test_where_no_two_cuts_are_equal_the_tree_is_scikit_learns(criterion, seed, features, classes):
    # With this much noise and leaves this large, no two cuts gain the same.
    x, y = numbers(seed, 900, features, classes)
    other = theirs(x, y, criterion=criterion, min_samples_leaf=60)
    options = {"classes": classes, "criterion": criterion, "min_leaf": 60}
    alone, tied = ties(other, x, y, **options)
    assert alone > 5
    assert tied == 0
    assert_same_tree(trees.grow(x, y, **options), other)


@pytest.mark.parametrize("criterion", trees.CRITERIA)
@pytest.mark.parametrize("seed", range(4))
def test_to_the_last_leaf_every_cut_of_scikit_learns_is_one_of_our_best(criterion, seed):
    # Whole numbers: many values are equal, and in small nodes many cuts.
    random = np.random.default_rng(seed)
    x, y = random.integers(0, 25, (150, 3)).astype(float), random.integers(0, 3, 150)
    alone, tied = ties(theirs(x, y, criterion=criterion), x, y, classes=3, criterion=criterion)
    assert alone > 20
    assert tied > 5


@pytest.mark.parametrize("criterion", trees.CRITERIA)
def test_on_launches_every_cut_of_scikit_learns_is_one_of_our_best(launches, criterion):
    some = samples(launches, tuple(lab_launches.NUMBERS))
    # scikit-learn rounds to float32, so both are handed what it holds.
    x = some.x.astype(np.float32).astype(float)
    alone, _ = ties(
        theirs(x, some.y, criterion=criterion), x, some.y, classes=len(RETURNS), criterion=criterion
    )
    assert alone > 5


def test_of_equal_cuts_the_first_feature_and_the_lowest_threshold_is_taken():
    x, y = np.array([[0.0], [1], [2]]), np.array([0, 1, 0])
    for columns in (x, np.repeat(x, 3, axis=1)):
        tree = trees.grow(columns, y, classes=2)
        assert (tree.feature[0], tree.threshold[0]) == (0, 0.5)
    # scikit-learn visits features in random order, so that its choice among equal ones is luck.
    twice = np.repeat(x, 2, axis=1)
    firsts = {DecisionTreeClassifier(random_state=seed).fit(twice, y).tree_.feature[0] for seed in range(20)}
    assert firsts == {0, 1}


def test_xor_is_cut_though_the_first_cut_gains_nothing():
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    tree = trees.grow(x, y, classes=2)
    assert (tree.chances(x).argmax(axis=1) == y).all()
    assert trees.best_split(*trees.gains(x, y, classes=2)).gain == 0


@pytest.mark.parametrize("seed", range(3))
def test_impurities_are_what_their_definitions_say(seed):
    counts = np.random.default_rng(seed).integers(1, 9, 5)
    rows = np.repeat(np.arange(5), counts)
    assert trees.impurity(counts, "entropy") == pytest.approx(entropy(counts, base=2))
    assert trees.impurity(counts, "gini") == pytest.approx(np.mean(rows[:, None] != rows[None]))


def test_two_neighbouring_numbers_are_parted():
    x = np.array([[1.0], [np.nextafter(1.0, 2)]])
    tree = trees.grow(x, np.array([0, 1]), classes=2)
    np.testing.assert_array_equal(tree.chances(x), np.eye(2))


@pytest.mark.parametrize("depth", [0, 1, 3, 30])
def test_a_tree_cut_back_is_one_grown_only_so_deep(depth):
    x, y = numbers(7, 300, 3, 3)
    whole, shallow = (trees.grow(x, y, classes=3, max_depth=deep) for deep in (30, depth))
    new, truth = numbers(8, 200, 3, 3)
    np.testing.assert_array_equal(whole.chances(new, depth=depth), shallow.chances(new))
    assert errors_by_depth([whole], new, truth, 30)[depth] == np.mean(
        shallow.chances(new).argmax(axis=1) != truth
    )


def test_a_forest_of_one_feature_is_the_mean_of_scikit_learns_trees_on_the_same_draws():
    random = np.random.default_rng(3)
    x, y = random.integers(0, 40, (150, 1)).astype(float), random.integers(0, 2, 150)
    forest = grow_forest(x, y, classes=2, trees=7, seed=5)
    draws = np.random.default_rng(5)
    means = np.mean(
        [
            DecisionTreeClassifier(random_state=0).fit(x[rows], y[rows]).predict_proba(x)
            for rows in [draws.integers(150, size=150) for _ in range(7)]
        ],
        axis=0,
    )
    np.testing.assert_allclose(forest_chances(forest, x), means, atol=1e-12)


def test_a_forest_is_as_good_as_scikit_learns_and_better_than_a_tree():
    (x, y), (new, truth) = (make_moons(n, noise=0.35, random_state=n) for n in (300, 4000))
    forest = grow_forest(x, y, classes=2, trees=60, seed=0)
    wrong = np.mean(forest_chances(forest, new).argmax(axis=1) != truth)
    alone = np.mean(trees.grow(x, y, classes=2).chances(new).argmax(axis=1) != truth)
    reference = RandomForestClassifier(60, max_features=1, random_state=0).fit(x, y)
    assert wrong == pytest.approx(1 - reference.score(new, truth), abs=0.015)
    assert wrong < alone - 0.01


def test_what_is_told_of_launches_left_out_is_scikit_learns(launches):
    # Of one number, so that no tie between features is left to luck.
    some = samples(launches, ["mass_kg"])
    found = cross_validate(some, deepest=4, trees=2, seed=9)
    fold = np.random.default_rng(9).permutation(len(some.y)) % 5
    for depth in (1, 4):
        said = cross_val_predict(
            DecisionTreeClassifier(max_depth=depth, random_state=0), some.x, some.y, cv=PredefinedSplit(fold)
        )
        assert found.tree[depth] == pytest.approx(np.mean(said != some.y))
    assert (np.diff(found.learned) <= 1e-12).all()
    enough, error = found.enough(len(some.y))
    assert found.tree[enough] <= found.tree.min() + error < min([*found.tree[:enough], 1])
    assert found.learned[0] <= found.tree[0] + 1e-12


def test_the_samples_are_the_launches_whose_numbers_are_known(launches):
    some = samples(launches, ["mass_kg", "year"])
    assert len(some.launches) == len(some.x) == len(some.y) == np.isfinite(launches.mass_kg).sum()
    names = list(RETURNS)
    for name, kind in zip(some.launches.landing_type, some.y, strict=True):
        assert name in RETURNS[names[kind]]
    np.testing.assert_array_equal(some.x[:, 1], some.launches.year)


GROW = {"classes": 2}
X, Y = np.arange(6.0)[:, None], np.array([0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: trees.grow(X[:0], Y[:0], **GROW), "grow a tree without any rows"),
        (lambda: trees.grow(X, Y, max_depth=99, **GROW), r"The depth \(99\)"),
        (lambda: trees.grow(X, Y, min_leaf=0, **GROW), r"rows per leaf \(0\)"),
        (lambda: trees.grow(X, Y, criterion="luck", **GROW), "Unknown criterion: 'luck'"),
        (lambda: grow_forest(X, Y, trees=0, seed=1, **GROW), r"trees \(0\) is out of range"),
    ],
)
def test_what_cannot_be_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()


def test_launches_that_cannot_be_told_from_are_a_sentence(launches):
    for chosen, words in (
        ([], "at least one feature to split on"),
        (["year"] * 2, "each feature only once"),
        (["luck"], "'luck' is not a numeric column"),
    ):
        with pytest.raises(SpaceHubError, match=words):
            samples(launches, chosen)
    with pytest.raises(SpaceHubError, match="Cannot evaluate trees of depth 0"):
        cross_validate(samples(launches, ["year"]), deepest=0, trees=1, seed=1)
