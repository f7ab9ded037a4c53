"""Shapley values: exact, complete, and as the definition over all orders has them."""

from itertools import permutations

import numpy as np
import pytest

from spacehub.serving.explain import MAX_ROWS, background_size, shapley

RNG = np.random.default_rng(0)


def by_definition(predict, row, background):
    """The mean over all orders of what a field adds when it joins those before it."""
    names, count = list(row), len(background[next(iter(row))])
    shares = dict.fromkeys(names, 0.0)
    orders = list(permutations(names))
    for order in orders:
        known = {name: values.copy() for name, values in background.items()}
        before = predict(known).mean()
        for name in order:
            known[name] = np.full(count, row[name], dtype=known[name].dtype)
            after = predict(known).mean()
            shares[name] += (after - before) / len(orders)
            before = after
    return shares


def interacting(columns):
    """Interactions of all orders, a category among them."""
    a, b, c = columns["a"], columns["b"], columns["c"]
    return 1 / (1 + np.exp(-(a * b + np.sin(3 * c) * a + 2.0 * (columns["k"] == "x") * b)))


@pytest.fixture
def background():
    numbers = {name: RNG.normal(size=9) for name in "abc"}
    return numbers | {"k": RNG.choice(np.array(["x", "y"], dtype=object), 9)}


@pytest.mark.parametrize(
    "row",
    [
        {"a": 1.0, "b": -0.5, "c": 2.0, "k": "x"},
        {"a": 0.0, "b": 0.0, "c": 0.0, "k": "y"},
        {"a": 5.0, "b": 5.0, "c": -5.0, "k": "never seen"},
    ],
)
def test_agrees_with_the_definition(row, background):
    base, shares = shapley(interacting, row, background)
    assert shares == pytest.approx(by_definition(interacting, row, background), abs=1e-12)
    assert base == pytest.approx(interacting(background).mean())
    one = {name: np.array([value], dtype=background[name].dtype) for name, value in row.items()}
    assert base + sum(shares.values()) == pytest.approx(interacting(one)[0], abs=1e-12)


def test_a_linear_model_gives_each_field_its_own_term(background):
    _, shares = shapley(
        lambda columns: 2 * columns["a"] - columns["b"], {"a": 3.0, "b": 1.0, "c": 9.0}, background
    )
    expected = {"a": 2 * (3 - background["a"].mean()), "b": -(1 - background["b"].mean()), "c": 0.0}
    assert shares == pytest.approx(expected)


@pytest.mark.parametrize(("fields", "rows"), [(4, 2048), (10, 32), (12, 16)])
def test_the_background_keeps_an_explanation_small(fields, rows):
    assert background_size(fields) == rows
    assert fields > 11 or rows << fields == MAX_ROWS
