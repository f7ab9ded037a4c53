"""The overfitting experiment: a polynomial fitted to a variable star's brightness, with and without a ridge penalty."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.regression import overfit_figures as figures
from space_app.parameters import Number, Seed, integer
from spacehub.errors import SpaceHubError
from spacehub.lab import regression_overfit as lab

# The lower end of the slider, which means no ridge.
NO_RIDGE = -6.0


class Polynomial(TypedDict):
    """A polynomial fitted to simulated data: its weights, its errors in magnitudes, and the components of the expected error."""

    weights: list[float]
    error: float
    error_on_new: float
    expected_on_new: float
    noise: float
    bias: float
    spread: float


def lab_overfit(
    degree: Annotated[int, integer(0, lab.MOST_DEGREE, step=1, label="Degree")] = 9,
    measurements: Annotated[
        int,
        integer(
            lab.FEWEST_POINTS,
            lab.MOST_POINTS,
            step=1,
            label="Measurements",
            help="The measurements are evenly spaced over the period.",
        ),
    ] = 18,
    noise_mag: Annotated[float, Number(0, 1, step=0.01, label="Noise", unit="mag")] = 0.15,
    ridge: Annotated[
        float,
        Number(
            0,
            1000,
            label="Ridge",
            help="The ridge penalty shrinks the weights towards 0. Set the penalty to 0 to turn it off.",
        ),
    ] = 0,
    seed: Seed = 1,
) -> Polynomial:
    """Fit a polynomial to a simulated variable star, and measure its error on new measurements."""
    night, new = lab.observe(measurements, noise_mag, seed=seed)
    weights = lab.fit(night, degree, ridge=ridge)
    expected = lab.expected_error(night.phase, new.phase, degree, noise=noise_mag, ridge=ridge)
    return Polynomial(
        weights=weights.tolist(),
        error=lab.error(night, weights),
        error_on_new=lab.error(new, weights),
        expected_on_new=expected.total**0.5,
        noise=expected.noise**0.5,
        bias=expected.bias**0.5,
        spread=expected.variance**0.5,
    )


def view(
    *,
    degree: int,
    measurements: int,
    noise_mag: float,
    log_ridge: Annotated[
        float, Number(NO_RIDGE, 3, step=0.2, label="Ridge penalty (log10)", help="−6 means no ridge.")
    ] = NO_RIDGE,
    seed: int,
) -> View:
    """Show the polynomial and its errors against the degree and the ridge penalty."""
    ridge = 0.0 if log_ridge <= NO_RIDGE else 10**log_ridge
    night, new = lab.observe(measurements, noise_mag, seed=seed)
    weights = lab.fit(night, degree, ridge=ridge)
    degrees = _degrees(night, new, noise_mag, ridge)
    expected = degrees[degree][2]
    best = min(degrees, key=lambda tried: degrees[tried][2].total)
    return View(
        figures=[
            figures.curve(night, new, weights),
            figures.degrees(degrees, degree),
            figures.ridges(night, new, degree, noise_mag, ridge),
        ],
        numbers={
            "Error on training data": f"{lab.error(night, weights):.3f} mag",
            "Error on new measurements": f"{lab.error(new, weights):.3f} mag",
            "Expected error on new measurements": f"{np.sqrt(expected.total):.3f} mag",
            "Part from noise": f"{np.sqrt(expected.noise):.3f} mag",
            "Part from bias": f"{np.sqrt(expected.bias):.3f} mag",
            "Part from variance": f"{np.sqrt(expected.variance):.3f} mag",
            "Largest weight": f"{np.abs(weights).max():,.3g}",
        },
        answer=f"The best degree is {best}, with an expected error of {np.sqrt(degrees[best][2].total):.3f} "
        f"mag on new measurements. Degree {degree} has an error of {lab.error(night, weights):.3f} mag "
        f"on its training data and {lab.error(new, weights):.3f} mag on new measurements.",
        source=lab.expected_error,
    )


def _degrees(night: lab.Night, new: lab.Night, noise: float, ridge: float) -> dict[int, tuple]:
    """Return the training error, the error on new measurements and the expected error, for each possible degree."""
    errors_by_degree = {}
    for degree in range(lab.MOST_DEGREE + 1):
        try:
            weights = lab.fit(night, degree, ridge=ridge)
        except SpaceHubError:
            break
        expected = lab.expected_error(night.phase, new.phase, degree, noise=noise, ridge=ridge)
        errors_by_degree[degree] = lab.error(night, weights), lab.error(new, weights), expected
    return errors_by_degree


BENCH = Bench(
    key="overfit",
    question="Which polynomial degree generalises best to new measurements?",
    words="The data are noisy measurements of a simulated variable star over one period. A degree that is "
    "too low misses the shape of the curve. A degree that is too high fits the noise. A ridge penalty "
    "limits overfitting.",
    endpoint=lab_overfit,
    view=view,
    figures=3,
)
