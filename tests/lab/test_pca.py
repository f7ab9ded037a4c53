"""Principal components against scikit-learn's, and pictures restored from them."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from spacehub.errors import SpaceHubError
from spacehub.lab.pca import error_of_each, principal_components, same_as_nearest
from spacehub.lab.pca_digits import digits
from spacehub.lab.pca_pictures import LINES, PATCHES, WAYS, analyse, cut, join


def cloud(rows: int, numbers: int, seed: int = 0) -> np.ndarray:
    """Rows that vary in every direction, in each one by another amount."""
    rng = np.random.default_rng(seed)
    return 5 + rng.normal(size=(rows, numbers)) * np.linspace(4, 1, numbers) @ rng.normal(
        size=(numbers, numbers)
    )


def scene(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A picture with soft hills of colour and some noise."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    hills = [np.sin(x / 9 + turn) + np.cos(y / 7 - turn) for turn in (0, 1, 2)]
    return (120 + 40 * np.stack(hills, axis=-1) + rng.normal(0, 5, (height, width, 3))).astype(np.uint8)


@pytest.mark.parametrize(("rows", "numbers"), [(200, 6), (30, 30), (12, 40), (2, 3)])
def test_components_are_those_of_scikit_learn(rows, numbers):
    data = cloud(rows, numbers)
    ours, theirs = principal_components(data), PCA(svd_solver="full").fit(data)
    varying = theirs.explained_variance_ > 1e-9  # an axis along which nothing varies may point anywhere
    np.testing.assert_allclose(ours.mean, theirs.mean_)
    np.testing.assert_allclose(ours.variances, theirs.explained_variance_, atol=1e-9)
    np.testing.assert_allclose(ours.shares, theirs.explained_variance_ratio_, atol=1e-12)
    np.testing.assert_allclose(ours.axes[varying], theirs.components_[varying], atol=1e-9)


@pytest.mark.parametrize("k", [1, 3, 8])
def test_scores_and_what_is_restored_are_those_of_scikit_learn(k):
    data, unseen = cloud(90, 8), cloud(5, 8, seed=1)
    ours, theirs = principal_components(data), PCA(k, svd_solver="full").fit(data)
    scores = ours.scores(unseen, k)
    np.testing.assert_allclose(scores, theirs.transform(unseen), atol=1e-9)
    np.testing.assert_allclose(ours.restore(scores), theirs.inverse_transform(scores), atol=1e-9)


def test_the_error_that_the_variances_foretell_is_the_one_measured():
    data = cloud(40, 9)
    found = principal_components(data)
    foretold = error_of_each(found, len(data))
    assert foretold[-1] == 0
    for k in range(1, 10):
        measured = np.sqrt(((found.restore(found.scores(data, k)) - data) ** 2).mean())
        assert foretold[k] == pytest.approx(measured, abs=1e-9)
    assert foretold[0] == pytest.approx(np.sqrt(((data - data.mean(axis=0)) ** 2).mean()))


def test_the_digits_in_two_dimensions_are_those_of_scikit_learn():
    ours = digits()
    theirs = PCA(2, svd_solver="full").fit(ours.rows)
    np.testing.assert_allclose(ours.found.scores(ours.rows, 2), theirs.transform(ours.rows), atol=1e-8)
    assert ours.found.shares[:2].sum() == pytest.approx(0.28509, abs=1e-5)


@pytest.mark.parametrize("k", [2, 10])
def test_the_nearest_digit_is_that_of_scikit_learn(k):
    ours = digits()
    scores = ours.found.scores(ours.rows, k)
    nearest = NearestNeighbors(n_neighbors=1).fit(scores).kneighbors(return_distance=False)[:, 0]
    share = (ours.labels[nearest] == ours.labels).mean()
    # Of two that are about equally near, single precision may take the other.
    assert same_as_nearest(scores, ours.labels) == pytest.approx(share, abs=2 / len(scores))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [(64, 64), (40, 72), (43, 27)])
def test_what_is_cut_is_joined_again(way, size):
    picture = scene(*size)
    rows, shape = cut(picture, way)
    np.testing.assert_array_equal(join(rows.astype(np.uint8), shape, way), picture[: shape[0], : shape[1]])


@pytest.mark.parametrize("way", WAYS)
def test_a_compressed_picture_has_the_error_that_was_foretold(way):
    picture = scene(64, 48)
    made = analyse(picture, way)
    theirs = PCA(12, svd_solver="full").fit(made.rows)
    expected = theirs.inverse_transform(theirs.transform(made.rows))
    np.testing.assert_allclose(made.found.restore(made.found.scores(made.rows, 12)), expected, atol=1e-7)
    error = np.sqrt(((made.compressed(12).astype(float) - picture) ** 2).mean())
    # Rounding to whole grey levels adds a variance of a twelfth.
    assert error == pytest.approx(np.hypot(made.errors[12], np.sqrt(1 / 12)), abs=0.02)
    np.testing.assert_array_equal(made.compressed(len(made.found.axes)), picture)


def test_what_is_stored_is_counted():
    made = analyse(scene(64, 64), PATCHES)
    assert made.rows.shape == (64, 192)
    assert made.stored(3) == 192 + 3 * 192 + 3 * 64


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: principal_components(np.ones((1, 4))), "A single row has no variation"),
        (lambda: principal_components(np.full((5, 4), 7.0)), "All rows are identical"),
        (
            lambda: principal_components(cloud(9, 4)).scores(cloud(9, 4), 5),
            r"Choose a whole number from 1 to 4\.",
        ),
        (
            lambda: principal_components(cloud(9, 4)).scores(cloud(9, 4), 0),
            "cannot have 0 principal components",
        ),
        (lambda: analyse(scene(16, 16), LINES).compressed(9999), "cannot have 9,999 principal components"),
        (lambda: analyse(scene(1, 1), LINES), "1 × 1 pixels is too small to divide into two lines"),
        (lambda: analyse(scene(15, 9), PATCHES), "9 × 15 pixels is too small to divide into two patches"),
        (lambda: analyse(np.full((32, 32, 3), 9, np.uint8), PATCHES), "All rows are identical"),
        (lambda: analyse(scene(32, 32), "spirals"), "Unknown way to divide an image: 'spirals'"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(act, words):
    with pytest.raises(SpaceHubError, match=words):
        act()
