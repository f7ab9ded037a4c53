"""Hubble's 24 nebulae of 1929, their distances as he assumed them, their velocities, and the line through them.

E. Hubble, "A relation between distance and radial velocity among extra-galactic nebulae", PNAS 15 (1929) 168,
table 1. His distances were about seven times too short: his Cepheids were a mixture of two kinds of stars, and some
of his brightest stars were clouds of glowing gas.
"""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.regression import (
    gradient,
    hessian,
    largest_rate,
    loss,
    normal_equations,
    standardise,
    with_intercept,
)
from spacehub.lab.regression_descent import descend

NAMES = (
    "Small Magellanic Cloud", "Large Magellanic Cloud", "NGC 6822", "NGC 598", "NGC 221", "NGC 224", "NGC 5457",
    "NGC 4736", "NGC 5194", "NGC 4449", "NGC 4214", "NGC 3031", "NGC 3627", "NGC 4826", "NGC 5236", "NGC 1068",
    "NGC 5055", "NGC 7331", "NGC 4258", "NGC 4151", "NGC 4382", "NGC 4472", "NGC 4486", "NGC 4649",
)  # fmt: skip
DISTANCE_MPC = np.array(
    [0.032, 0.034, 0.214, 0.263, 0.275, 0.275, 0.45, 0.5, 0.5, 0.63, 0.8, 0.9,
     0.9, 0.9, 0.9, 1.0, 1.1, 1.1, 1.4, 1.7, 2.0, 2.0, 2.0, 2.0]
)  # fmt: skip
VELOCITY_KM_S = np.array(
    [170, 290, -130, -70, -185, -220, 200, 290, 270, 200, 300, -30,
     650, 150, 500, 920, 450, 500, 500, 960, 500, 850, 800, 1090]
)  # fmt: skip
# Today's Hubble constant, km/s/Mpc: Planck 2018 results VI, table 2.
TODAY = 67.4


@dataclass(frozen=True, kw_only=True)
class Learned:
    """A line through the nebulae, ``velocity = w0 + w1 · feature``, found by gradient descent.

    Parameters
    ----------
    design : array, shape (24, 2)
        Ones, and the distance as the feature.
    bound : float
        The learning rate at which descent diverges.
    path : array, shape (steps + 1, 2)
        The weights before and after each step; shorter if they diverged.
    best : array, shape (2,)
        The weights of the normal equations.
    """

    design: np.ndarray
    bound: float
    path: np.ndarray
    best: np.ndarray

    @property
    def losses(self) -> np.ndarray:
        """The loss before and after each step, km²/s²."""
        return loss(self.design, VELOCITY_KM_S, self.path)

    @property
    def least(self) -> float:
        """The smallest loss of any line, km²/s²."""
        return float(loss(self.design, VELOCITY_KM_S, self.best))

    def slope(self, weights: np.ndarray) -> float:
        """Return a line's rate of expansion, km/s/Mpc."""
        return float(weights[1] * np.ptp(self.design[:, 1]) / np.ptp(DISTANCE_MPC))

    def velocities(self, weights: np.ndarray) -> np.ndarray:
        """Return a line's velocities of the nebulae, km/s."""
        return self.design @ weights


def learn(*, share: float, steps: int, standardised: bool) -> Learned:
    """Fit the line from zero weights.

    Parameters
    ----------
    share : float
        The learning rate, as a share of the rate at which descent diverges.
    standardised : bool
        Use the distance minus its mean, in standard deviations, instead of Mpc.

    Raises
    ------
    SpaceHubError
        If the rate is not above 0, or there are too few or too many steps.
    """
    feature = standardise(DISTANCE_MPC) if standardised else DISTANCE_MPC
    design = with_intercept(feature[:, None])
    bound = largest_rate(hessian(design))
    path = descend(
        lambda weights: gradient(design, VELOCITY_KM_S, weights), np.zeros(2), rate=share * bound, steps=steps
    )
    return Learned(design=design, bound=bound, path=path, best=normal_equations(design, VELOCITY_KM_S))
