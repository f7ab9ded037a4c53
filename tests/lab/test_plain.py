"""Matrix product, rotation and derivative in plain Python against NumPy and the analytic derivative."""

import math

import numpy as np
import pytest

from spacehub.errors import SpaceHubError
from spacehub.lab import plain


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 4), (7, 5, 6), (20, 20, 20)], ids=str)
def test_the_product_is_numpys(shape):
    rows, between, columns = shape
    random = np.random.default_rng(rows)
    a, b = random.normal(size=(rows, between)), random.normal(size=(between, columns))
    np.testing.assert_allclose(plain.matrix_product(a.tolist(), b.tolist()), a @ b, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("degrees", [0, 30, 90, -135, 720])
def test_a_rotation_is_numpys_and_keeps_lengths(degrees):
    angle = math.radians(degrees)
    points = np.random.default_rng(3).normal(size=(50, 2))
    turned = np.array(plain.rotate(points.tolist(), angle))
    expected = (points[:, 0] + 1j * points[:, 1]) * np.exp(1j * angle)
    np.testing.assert_allclose(turned[:, 0] + 1j * turned[:, 1], expected, atol=1e-14)
    assert np.linalg.det(plain.rotation(angle)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("difference", "order"), [(plain.forward_difference, 1), (plain.central_difference, 2)]
)
@pytest.mark.parametrize(("function", "slope"), [(math.sin, math.cos), (math.exp, math.exp)])
def test_a_difference_comes_to_the_derivative_as_its_order_says(difference, order, function, slope):
    errors = [abs(difference(function, 1, step) - slope(1)) for step in (1e-2, 1e-3)]
    assert math.log10(errors[0] / errors[1]) == pytest.approx(order, abs=0.02)
    # Round-off: a smaller step is worse from here on.
    assert abs(difference(function, 1, 1e-14) - slope(1)) > abs(difference(function, 1, 1e-6) - slope(1))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (
            lambda: plain.matrix_product([[1, 2]], [[1, 2]]),
            "2 columns cannot be multiplied by a matrix with 1 rows",
        ),
        (lambda: plain.matrix_product([], [[1]]), "first matrix is empty"),
        (lambda: plain.matrix_product([[1, 2]], [[1], [2, 3]]), "second matrix is empty or has rows"),
        (lambda: plain.central_difference(math.sin, 1, 0), "step size above 0"),
        (lambda: plain.forward_difference(math.sin, 1, float("nan")), "step size above 0"),
    ],
)
def test_what_cannot_be_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()
