"""A polynomial through the brightness of a variable star, and the sources of its error on new measurements.

The star is simulated, so the truth is known, and the error can be split exactly into bias and variance.
"""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.regression import normal_equations, powers

MOST_DEGREE = 14
FEWEST_POINTS, MOST_POINTS = 5, 60


@dataclass(frozen=True, kw_only=True)
class Night:
    """Measurements of the star: phase from -1 to 1 over a period, brightness in magnitudes above its mean."""

    phase: np.ndarray
    brightness: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The expected mean squared error on new measurements, mag², as the sum of three parts."""

    noise: float
    bias: float
    variance: float

    @property
    def total(self) -> float:
        """The sum of the three parts."""
        return self.noise + self.bias + self.variance


def star(phase: np.ndarray) -> np.ndarray:
    """Return the true brightness, mag: a steep rise and a slow fall, like a Cepheid's, from three harmonics."""
    turn = np.pi * np.asarray(phase)
    return 0.40 * np.sin(turn + 0.4) + 0.17 * np.sin(2 * turn + 0.5) + 0.08 * np.sin(3 * turn + 0.6)


def observe(points: int, noise: float, *, seed: int) -> tuple[Night, Night]:
    """Simulate evenly spaced measurements with Gaussian noise, and as many new ones between them.

    Parameters
    ----------
    noise : float
        Standard deviation, mag.

    Raises
    ------
    SpaceHubError
        If there are fewer than 5 points or more than 60, or the noise is negative.
    """
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise SpaceHubError(
            f"The number of measurements ({points}) is out of range.",
            f"Choose a whole number from {FEWEST_POINTS} to {MOST_POINTS}.",
        )
    if not 0 <= noise <= 10:
        raise SpaceHubError(
            f"The noise level ({noise:g} mag) is out of range.", "Choose a value from 0 to 10 mag."
        )
    rng, phase = np.random.default_rng(seed), np.linspace(-1, 1, points)
    between = (phase[1:] + phase[:-1]) / 2
    return tuple(
        Night(phase=at, brightness=star(at) + rng.normal(0, noise, len(at))) for at in (phase, between)
    )


def fit(night: Night, degree: int, *, ridge: float = 0.0) -> np.ndarray:
    """Return the polynomial's weights, shape (degree + 1,), starting with the constant."""
    return normal_equations(powers(night.phase, degree), night.brightness, ridge=ridge)


def error(night: Night, weights: np.ndarray) -> float:
    """Return the root mean square error of a polynomial, mag."""
    return float(np.sqrt(np.mean((powers(night.phase, len(weights) - 1) @ weights - night.brightness) ** 2)))


def expected_error(
    phase: np.ndarray, new: np.ndarray, degree: int, *, noise: float, ridge: float = 0.0
) -> Expected:
    """Split the squared error at the phases `new` into noise, bias² and variance, exactly.

    A fit is linear in the measurements: it is ``S y`` at the new phases. Its mean over all noise is therefore ``S``
    times the truth, and its variance is ``noise²`` times the squares in ``S``. Geman, Bienenstock & Doursat,
    "Neural networks and the bias/variance dilemma", Neural Computation 4 (1992).
    """
    per_measurement = normal_equations(powers(phase, degree), np.eye(len(phase)), ridge=ridge)
    smoother = powers(new, degree) @ per_measurement
    return Expected(
        noise=noise**2,
        bias=float(np.mean((smoother @ star(phase) - star(new)) ** 2)),
        variance=noise**2 * float((smoother**2).sum(axis=1).mean()),
    )
