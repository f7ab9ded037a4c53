"""The normal ascent, second by second: the median over flights, and how much flights differ from it."""

from dataclasses import dataclass

import numpy as np

# The features of each second, computed from that second and earlier ones.
FEATURES = (
    "speed",
    "altitude",
    "speed against its own forecast",
    "change of speed over 5 s",
    "change of altitude over 5 s",
)
# The scale is never below this, which is about the resolution of the webcast's digits (1 km/h, 0.1 km).
_FLOOR = np.array([1.0, 20.0, 0.3, 0.15, 1.0])
_SPAN, _BACK, _SMOOTH = 5, 6, 11
# A normal distribution's standard deviation divided by its median absolute deviation.
MAD_TO_SIGMA = 1.4826
# This weighted sum of the six seconds before is the value at 0 of their least-squares line.
_FORECAST = np.linalg.pinv(np.stack([np.ones(_BACK), np.arange(-_BACK, 0)], axis=1))[0]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The normal ascent.

    Parameters
    ----------
    speed, altitude : array of float, (seconds,)
        Medians over the flights, m/s and m.
    centre, scale : array of float, (seconds, 5)
        Median and robust standard deviation of each of `FEATURES`.
    """

    speed: np.ndarray
    altitude: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    def robust_z(self, speed: np.ndarray, altitude: np.ndarray) -> np.ndarray:
        """Return how unusual each second is: the features' distance from normal in robust standard deviations.

        z = (x - median) / (1.4826 MAD), Iglewicz & Hoaglin, "How to Detect and Handle Outliers" (1993).

        Parameters
        ----------
        speed, altitude : array of float, (..., seconds)
            In m/s and m, from T+0.

        Returns
        -------
        array of float, (..., seconds, 5)
        """
        return (features(speed - self.speed, altitude - self.altitude) - self.centre) / self.scale


def fit(speed: np.ndarray, altitude: np.ndarray) -> Profile:
    """Learn the normal ascent from flights, each (flights, seconds), in m/s and m."""
    middle = np.median(speed, axis=0), np.median(altitude, axis=0)
    seen = features(speed - middle[0], altitude - middle[1])
    centre = np.median(seen, axis=0)
    scale = MAD_TO_SIGMA * np.median(np.abs(seen - centre), axis=0)
    return Profile(
        speed=middle[0], altitude=middle[1], centre=centre, scale=np.maximum(_smoothed(scale), _FLOOR)
    )


def features(speed: np.ndarray, altitude: np.ndarray) -> np.ndarray:
    """Return `FEATURES` of residuals, (..., seconds, 5); the first six seconds have too few earlier values."""
    forecast = sum(weight * _before(speed, _BACK - place) for place, weight in enumerate(_FORECAST))
    return np.stack(
        [
            speed,
            altitude,
            speed - forecast,
            (speed - _before(speed, _SPAN)) / _SPAN,
            (altitude - _before(altitude, _SPAN)) / _SPAN,
        ],
        axis=-1,
    )


def _before(values: np.ndarray, seconds: int) -> np.ndarray:
    """Return the values of this many seconds earlier; before the start, the first value is repeated."""
    return np.concatenate([np.repeat(values[..., :1], seconds, axis=-1), values[..., :-seconds]], axis=-1)


def _smoothed(scale: np.ndarray) -> np.ndarray:
    """Average each feature's scale over the 11 seconds around each second, because the MAD of few flights is noisy."""
    padded = np.pad(scale, ((_SMOOTH // 2, _SMOOTH // 2), (0, 0)), "edge")
    return np.lib.stride_tricks.sliding_window_view(padded, _SMOOTH, axis=0).mean(axis=-1)
