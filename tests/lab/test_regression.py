"""Regression from scratch against scikit-learn, to 1e-6, and against what is known of it."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import log_loss as their_log_loss
from sklearn.metrics import r2_score
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler

from spacehub.data import falcon9_landings
from spacehub.errors import SpaceHubError
from spacehub.lab import launches as lab_launches
from spacehub.lab import regression, regression_nebulae, regression_overfit, regression_payload
from spacehub.lab.regression_descent import descend
from spacehub.lab.regression_logistic import chances, log_loss, log_loss_gradient, newton

CLOSE = {"rtol": 1e-6, "atol": 1e-6}
RIDGES = [0.0, 0.3, 20.0]


def weights_of(model) -> np.ndarray:
    return np.r_[np.ravel(model.intercept_), np.ravel(model.coef_)]


def linear(ridge: float):
    return Ridge(alpha=ridge, solver="cholesky") if ridge else LinearRegression()


@pytest.fixture(scope="module")
def sample():
    random = np.random.default_rng(1)
    columns = random.normal(size=(120, 4)) * [1, 3, 0.5, 2] + [0, 5, -1, 2]
    target = columns @ [2, -1, 4, 0.5] + 7 + random.normal(size=120)
    return columns, target, (target + random.normal(0, 4, 120) > np.median(target)).astype(float)


@pytest.fixture(scope="module")
def launches(tmp_path_factory):
    folder = tmp_path_factory.mktemp("launches")
    falcon9_landings.add_files(falcon9_landings.simulate(0)[0], folder)
    return lab_launches.read(folder / "launches.csv")


@pytest.mark.parametrize("ridge", RIDGES)
def test_the_normal_equations_are_scikit_learns(sample, ridge):
    columns, target, _ = sample
    ours = regression.normal_equations(regression.with_intercept(columns), target, ridge=ridge)
    np.testing.assert_allclose(ours, weights_of(linear(ridge).fit(columns, target)), **CLOSE)


@pytest.mark.parametrize("ridge", RIDGES)
def test_gradient_descent_comes_to_the_same_weights(sample, ridge):
    columns, target, _ = sample
    columns = StandardScaler().fit_transform(columns)
    design = regression.with_intercept(columns)
    rate = regression.largest_rate(regression.hessian(design, ridge=ridge)) / 2
    path = descend(
        lambda w: regression.gradient(design, target, w, ridge=ridge), np.zeros(5), rate=rate, steps=2000
    )
    assert path.shape == (2001, 5)
    np.testing.assert_allclose(path[-1], weights_of(linear(ridge).fit(columns, target)), **CLOSE)
    losses = regression.loss(design, target, path, ridge=ridge)
    assert (np.diff(losses) <= 1e-12).all()


@pytest.mark.parametrize("ridge", RIDGES)
def test_a_slope_is_that_of_its_loss(sample, ridge):
    columns, target, happened = sample
    design, weights = regression.with_intercept(columns), np.array([0.1, -0.2, 0.05, 0.3, -0.1])
    for loss, slope, y in (
        (regression.loss, regression.gradient, target),
        (log_loss, log_loss_gradient, happened),
    ):
        steps = 1e-6 * np.eye(5)
        differences = [
            (loss(design, y, weights + h, ridge=ridge) - loss(design, y, weights - h, ridge=ridge)) / 2e-6
            for h in steps
        ]
        np.testing.assert_allclose(slope(design, y, weights, ridge=ridge), differences, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("part", "ends"), [(0.99, "nearer"), (1.01, "farther")])
def test_two_over_the_largest_eigenvalue_parts_coming_nearer_from_flying_apart(sample, part, ends):
    columns, target, _ = sample
    design = regression.with_intercept(columns)
    bound = regression.largest_rate(regression.hessian(design))
    best = regression.normal_equations(design, target)
    # Along the steepest direction, where the bound decides.
    start = best + np.linalg.eigh(regression.hessian(design))[1][:, -1]
    path = descend(lambda w: regression.gradient(design, target, w), start, rate=part * bound, steps=300)
    apart = np.linalg.norm(path - best, axis=1)
    np.testing.assert_allclose(apart, abs(1 - 2 * part) ** np.arange(301), rtol=1e-6)
    assert (apart[-1] < 1) == (ends == "nearer")


def test_the_loss_after_steps_is_that_of_a_walk(sample):
    columns, target, _ = sample
    design = regression.with_intercept(columns)
    rates = regression.largest_rate(regression.hessian(design)) * np.array([0.01, 0.4, 1.05])
    walked = [
        regression.loss(
            design,
            target,
            descend(lambda w: regression.gradient(design, target, w), np.zeros(5), rate=rate, steps=40)[-1],
        )
        for rate in rates
    ]
    np.testing.assert_allclose(regression.loss_after(design, target, rates, 40), walked, rtol=1e-6)


def test_a_descent_that_flies_apart_ends_early(sample):
    columns, target, _ = sample
    design = regression.with_intercept(columns)
    path = descend(lambda w: regression.gradient(design, target, w), np.zeros(5), rate=10.0, steps=5000)
    assert len(path) < 50
    assert np.isfinite(path).all()


@pytest.mark.parametrize(("degree", "ridge"), [(1, 0), (3, 0), (9, 0), (9, 0.01), (14, 1.0)])
def test_a_polynomial_is_scikit_learns(degree, ridge):
    night, new = regression_overfit.observe(30, 0.1, seed=2)
    weights = regression_overfit.fit(night, degree, ridge=ridge)
    model = make_pipeline(PolynomialFeatures(degree, include_bias=False), linear(ridge))
    model.fit(night.phase[:, None], night.brightness)
    np.testing.assert_allclose(weights, weights_of(model[-1]), rtol=1e-6, atol=1e-6)
    expected = np.sqrt(np.mean((model.predict(new.phase[:, None]) - new.brightness) ** 2))
    assert regression_overfit.error(new, weights) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("degree", "ridge"), [(2, 0.0), (8, 0.0), (8, 0.5)])
def test_bias_and_variance_are_what_many_nights_show(degree, ridge):
    noise, nights = 0.2, 3000
    pairs = [regression_overfit.observe(12, noise, seed=seed) for seed in range(nights)]
    night, new = pairs[0]
    parts = regression_overfit.expected_error(night.phase, new.phase, degree, noise=noise, ridge=ridge)
    errors = [
        regression_overfit.error(later, regression_overfit.fit(first, degree, ridge=ridge)) ** 2
        for first, later in pairs
    ]
    wide = 4 * np.std(errors) / np.sqrt(nights)
    assert np.mean(errors) == pytest.approx(parts.total, abs=wide)
    assert wide < 0.1 * parts.total


def test_the_nebulae_give_the_line_that_is_known():
    # As textbooks have it for Hubble's table: 454.16 km/s/Mpc, -40.78 km/s.
    design = regression.with_intercept(regression_nebulae.DISTANCE_MPC[:, None])
    weights = regression.normal_equations(design, regression_nebulae.VELOCITY_KM_S)
    np.testing.assert_allclose(weights, [-40.784, 454.158], atol=5e-4)
    assert len(regression_nebulae.NAMES) == len(design) == 24


@pytest.mark.parametrize("ridge", [0.0, 0.5, 10.0])
def test_the_logistic_regression_is_scikit_learns(sample, ridge):
    columns, _, happened = sample
    columns = StandardScaler().fit_transform(columns)
    design = regression.with_intercept(columns)
    model = LogisticRegression(
        C=1 / ridge if ridge else np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000
    )
    expected = weights_of(model.fit(columns, happened))
    np.testing.assert_allclose(newton(design, happened, ridge=ridge), expected, **CLOSE)
    rate = 4 * regression.largest_rate(regression.hessian(design, ridge=4 * ridge))
    path = descend(
        lambda w: log_loss_gradient(design, happened, w, ridge=ridge), np.zeros(5), rate=rate, steps=4000
    )
    np.testing.assert_allclose(path[-1], expected, **CLOSE)
    assert (np.diff(log_loss(design, happened, path, ridge=ridge)) <= 1e-12).all()
    said = model.predict_proba(columns)[:, 1]
    np.testing.assert_allclose(chances(design, path[-1]), said, **CLOSE)
    assert log_loss(design, happened, path[-1]) == pytest.approx(their_log_loss(happened, said), abs=1e-9)


def test_chances_of_large_scores_do_not_overflow():
    with np.errstate(all="raise", under="ignore"):
        sure = chances(np.array([[1.0], [-1.0], [0.0]]), np.array([1e4]))
    np.testing.assert_array_equal(sure, [1, 0, 0.5])


@pytest.mark.parametrize("facts", [("orbit",), ("site",), ("orbit", "site")], ids=" ".join)
@pytest.mark.parametrize("ridge", [0.1, 5.0])
def test_payload_masses_and_those_left_out_are_scikit_learns(launches, facts, ridge):
    found = regression_payload.fit(launches, facts=facts, ridge=ridge)
    table = np.column_stack([getattr(found.launches, fact) for fact in facts])
    mass = found.launches.mass_kg
    columns = OneHotEncoder(sparse_output=False).fit_transform(table)
    model = linear(ridge).fit(columns, mass)
    np.testing.assert_allclose(found.weights, weights_of(model), **CLOSE)
    np.testing.assert_allclose(found.fitted, model.predict(columns), **CLOSE)
    np.testing.assert_allclose(
        found.left_out, cross_val_predict(linear(ridge), columns, mass, cv=LeaveOneOut()), **CLOSE
    )
    guesses = [np.delete(mass, k).mean() for k in range(len(mass))]
    assert found.error_of_mean == pytest.approx(np.sqrt(np.mean((guesses - mass) ** 2)))
    assert regression.r_squared(mass, found.fitted) == pytest.approx(r2_score(mass, found.fitted))
    first = {fact: str(column[0]) for fact, column in zip(facts, table.T, strict=True)}
    assert found.predict(first) == pytest.approx(found.fitted[0])


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: regression.powers(np.ones(3), -1), r"degree \(-1\)"),
        (lambda: regression.standardise(np.ones(3)), "same value in all rows"),
        (
            lambda: regression.normal_equations(np.ones((5, 2)), np.ones(5)),
            "2 weights and 5 observations do not have a unique solution",
        ),
        (lambda: regression.normal_equations(np.ones((5, 1)), np.ones(5), ridge=-1), "ridge penalty of -1"),
        (lambda: descend(np.sign, np.zeros(2), rate=0, steps=3), "learning rate .0. is out of range"),
        (lambda: descend(np.sign, np.zeros(2), rate=1, steps=0), r"steps \(0\) is out of range"),
        (lambda: regression_overfit.observe(3, 0.1, seed=1), r"measurements \(3\) is out of range"),
        (lambda: regression_overfit.observe(9, -1, seed=1), r"noise level \(-1 mag\)"),
        (lambda: newton(np.ones((4, 1)), np.ones(4)), "all outcomes are the same"),
        (
            lambda: newton(regression.with_intercept(np.arange(6.0)[:, None]), np.arange(6) > 2.5),
            "separate the outcomes perfectly",
        ),
        (
            lambda: newton(
                regression.with_intercept(np.arange(6.0)[:, None] * [1, 2]), np.arange(6) % 2 == 0
            ),
            "one feature is constant or a linear combination of others",
        ),
    ],
)
def test_what_cannot_be_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"facts": ()}, "needs at least one feature"),
        ({"facts": ("moon",)}, "Choose one or more of: orbit, site"),
        ({"ridge": 0}, r"ridge penalty \(0\) is out of range"),
    ],
)
def test_a_payload_that_cannot_be_told_is_a_sentence(launches, options, words):
    with pytest.raises(SpaceHubError, match=words):
        regression_payload.fit(launches, **options)
    with pytest.raises(SpaceHubError, match="No launch with a known payload has the orbit 'Pluto'"):
        regression_payload.fit(launches).predict({"orbit": "Pluto", "site": "KSC LC-39A"})
