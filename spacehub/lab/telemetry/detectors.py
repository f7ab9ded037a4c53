"""Three detectors over the same five features, each with a threshold set on flights that it was not fitted to.

Only the ascent from T+15 to T+135 s is evaluated. In this period, all flights follow the same sequence, and no
main engine has been cut off yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import profile
from spacehub.lab.telemetry.flights import Flights

if TYPE_CHECKING:
    from scipy.spatial import cKDTree
    from sklearn.ensemble import IsolationForest

DETECTORS = ("residual", "isolation forest", "DBSCAN")
FIRST_SECOND, LAST_SECOND = 15, 135
FOLDS = 5
# For DBSCAN: a core has ten points within the radius. The radius is chosen so that this share of the points are cores.
NEIGHBOURS, CORES = 10, 0.9
# Each feature's limit is the value that this share of the flights stay within.
WITHIN_LIMITS = 0.9
MOST_FALSE_ALARMS = 0.5


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The detectors, fitted on some flights: the profile, the forest over its z, and DBSCAN's cores among them."""

    profile: profile.Profile
    forest: "IsolationForest"
    cores: "cKDTree"
    radius: float

    def measure(self, speed: np.ndarray, altitude: np.ndarray, since: int = FIRST_SECOND) -> np.ndarray:
        """Measure how unusual each second from `since` to T+135 is.

        Parameters
        ----------
        speed, altitude : array of float, (..., 136)
            In m/s and m, from T+0 to T+135.

        Returns
        -------
        array of float, (..., seconds, 7)
            |z| of the five features; the forest's score, from 0 to 1 (Liu et al., "Isolation Forest", 2008); and the
            distance to the nearest of DBSCAN's cores. A point beyond the radius is noise.
        """
        z = self.profile.robust_z(speed, altitude)[..., since:, :]
        points = z.reshape(-1, z.shape[-1])
        forest = -self.forest.score_samples(points)
        distance, _ = self.cores.query(squeezed(points))
        return np.concatenate(
            [np.abs(z), forest.reshape(*z.shape[:-1], 1), distance.reshape(*z.shape[:-1], 1)], axis=-1
        )


def squeezed(z: np.ndarray) -> np.ndarray:
    """Return z for DBSCAN's distances: unchanged near 0, logarithmic far out, so that not every tail is noise."""
    return np.arcsinh(z)


def fit(speed: np.ndarray, altitude: np.ndarray) -> Fitted:
    """Fit the detectors on flights, each (flights, 136), in m/s and m, with no known faults."""
    from scipy.spatial import cKDTree
    from sklearn.cluster import DBSCAN
    from sklearn.ensemble import IsolationForest

    normal = profile.fit(speed, altitude)
    z = normal.robust_z(speed, altitude)[:, FIRST_SECOND:].reshape(-1, len(profile.FEATURES))
    points = squeezed(z)
    # A point is the first of its own ten.
    farthest = cKDTree(points).query(points, k=NEIGHBOURS)[0][:, -1]
    radius = float(np.quantile(farthest, CORES))
    clusters = DBSCAN(eps=radius, min_samples=NEIGHBOURS).fit(points)
    return Fitted(
        profile=normal,
        forest=IsolationForest(n_estimators=100, random_state=0).fit(z),
        cores=cKDTree(points[clusters.core_sample_indices_]),
        radius=radius,
    )


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """The detectors for some held-out flights.

    Parameters
    ----------
    fitted : Fitted
        Fitted on all other flights.
    limits : array of float, (5,)
        For each feature, the |z| that 90 % of the other flights stay within. Each flight is measured by detectors
        that were not fitted on it.
    worst : array of float, (others, 3)
        The highest score of each of the other flights, measured in the same way.
    """

    fitted: Fitted
    limits: np.ndarray
    worst: np.ndarray

    def scores(self, speed: np.ndarray, altitude: np.ndarray, since: int = FIRST_SECOND) -> np.ndarray:
        """Score each second from `since` on, (..., seconds, 3), with one column per `DETECTORS` entry."""
        return _scores(self.fitted.measure(speed, altitude, since), self.limits)

    def thresholds(self, false_alarms: float) -> np.ndarray:
        """Return the score, (3,), that this share of the other flights exceed at some second.

        Raises
        ------
        SpaceHubError
            If the share is not from 0 to a half.
        """
        if not 0 <= false_alarms <= MOST_FALSE_ALARMS:
            raise SpaceHubError(
                f"A false alarm rate of {false_alarms:.0%} is out of range.",
                f"Use a rate from 0 to {MOST_FALSE_ALARMS:.0%}.",
            )
        return np.quantile(self.worst, 1 - false_alarms, axis=0)


def _scores(measured: np.ndarray, limits: np.ndarray) -> np.ndarray:
    features = len(limits)
    residual = (measured[..., :features] / limits).max(axis=-1, keepdims=True)
    return np.concatenate([residual, measured[..., features:]], axis=-1)


class Panel:
    """The detectors over flights in five folds; each fold is evaluated by detectors fitted on the other four.

    The thresholds are set on these four folds in the same way: each fold is scored by detectors fitted on the other
    three. No flight influences its own evaluation. Fits are cached: there are 15 in total.

    Raises
    ------
    SpaceHubError
        If there are fewer than ten flights, or one ends before T+135 s.
    """

    def __init__(self, flights: Flights):
        self.flights = flights
        self.speed = flights.values["velocity_m_s"][:, : LAST_SECOND + 1]
        self.altitude = 1000 * flights.values["altitude_km"][:, : LAST_SECOND + 1]
        fix = f"Use at least {2 * FOLDS} complete ascents."
        if len(flights) < 2 * FOLDS:
            raise SpaceHubError(f"Cannot evaluate the detectors on only {len(flights)} flights.", fix)
        if not np.isfinite(self.speed + self.altitude).all():
            raise SpaceHubError(
                f"Cannot evaluate the detectors, because a flight ends before T+{LAST_SECOND} s.", fix
            )
        # In the order of their names, every fifth, so the folds are not hand-picked.
        self.fold = np.arange(len(flights)) % FOLDS
        self._fitted: dict[frozenset[int], Fitted] = {}
        self._calibrated: dict[int, Calibrated] = {}

    def without(self, folds: Sequence[int]) -> Fitted:
        """Return the detectors fitted on all flights except those of `folds`."""
        key = frozenset(folds)
        if key not in self._fitted:
            kept = ~np.isin(self.fold, list(key))
            self._fitted[key] = fit(self.speed[kept], self.altitude[kept])
        return self._fitted[key]

    def judging(self, fold: int) -> Calibrated:
        """Return the detectors that evaluate the flights of `fold`."""
        if fold not in self._calibrated:
            others = [other for other in range(FOLDS) if other != fold]
            met = np.concatenate(
                [
                    self.without([fold, other]).measure(
                        self.speed[self.fold == other], self.altitude[self.fold == other]
                    )
                    for other in others
                ]
            )
            limits = np.quantile(met[..., : len(profile.FEATURES)].max(axis=1), WITHIN_LIMITS, axis=0)
            self._calibrated[fold] = Calibrated(
                fitted=self.without([fold]), limits=limits, worst=_scores(met, limits).max(axis=1)
            )
        return self._calibrated[fold]
