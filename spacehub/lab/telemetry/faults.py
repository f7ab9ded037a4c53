"""Faults of known size, injected into an ascent: an engine that fails, and a speed sensor that errs in four ways."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

# Standard gravity, m/s² (CGPM 1901).
G = 9.80665
ENGINES = 9
DROPOUT_SECONDS = 3


@dataclass(frozen=True)
class Fault:
    """A kind of fault: the unit of its size, the sizes at which it is evaluated, and its effect on an ascent.

    `put` takes speed in m/s and altitude in m, each (..., seconds), the size and the second of the onset, and
    returns new arrays of both.
    """

    name: str
    unit: str
    meaning: str
    sizes: tuple[float, ...]
    most: float
    put: Callable[[np.ndarray, np.ndarray, float, int], tuple[np.ndarray, np.ndarray]]


def engine_out(
    speed: np.ndarray, altitude: np.ndarray, engines: float, onset: int
) -> tuple[np.ndarray, np.ndarray]:
    """Remove the thrust of some of the nine engines from the onset on.

    Along the path dv/dt = (T - D) / m - g sin γ, with sin γ = (dh/dt) / v (Curtis, "Orbital Mechanics for
    Engineering Students", section 13.2). The contribution of engines and air is therefore dv/dt + g sin γ. In each
    second that ends at the onset or later, a share engines / 9 of this contribution is removed. The sum is the loss
    of speed. The loss of speed times sin γ, integrated by the trapezoidal rule, is the loss of altitude. Drag is
    counted with the thrust. The model ignores that less fuel is burned and that the path bends differently.
    """
    sine = np.clip(np.gradient(altitude, axis=-1) / np.maximum(speed, 1), 0, 1)
    pushed = np.gradient(speed, axis=-1) + G * sine
    lost = np.where(np.arange(speed.shape[-1]) >= onset, engines / ENGINES * pushed, 0)
    slower = np.cumsum(lost, axis=-1)
    return speed - slower, altitude - np.cumsum((slower - lost / 2) * sine, axis=-1)


def freeze(speed: np.ndarray, altitude: np.ndarray, seconds: float, onset: int):
    """Freeze the speed reading for some seconds at its value before the onset."""
    return _between(speed, onset, seconds, speed[..., [onset - 1]]), altitude


def spike(speed: np.ndarray, altitude: np.ndarray, height: float, onset: int):
    """Raise the speed reading by some m/s, for one second."""
    return _between(speed, onset, 1, speed + height), altitude


def drift(speed: np.ndarray, altitude: np.ndarray, rate: float, onset: int):
    """Let the speed reading drift by some m/s more each second."""
    return speed + rate * np.clip(np.arange(speed.shape[-1]) - onset + 1, 0, None), altitude


def dropout(speed: np.ndarray, altitude: np.ndarray, percent: float, onset: int):
    """Lower the speed reading by some percent for three seconds; 100 gives a reading of zero."""
    return _between(speed, onset, DROPOUT_SECONDS, speed * (1 - percent / 100)), altitude


def _between(speed: np.ndarray, onset: int, seconds: float, then: np.ndarray) -> np.ndarray:
    second = np.arange(speed.shape[-1])
    return np.where((second >= onset) & (second < onset + round(seconds)), then, speed)


FAULTS = {
    fault.name: fault
    for fault in [
        Fault(
            "engine out",
            "of nine engines",
            "the thrust of this many of the nine engines is lost",
            (0.125, 0.25, 0.5, 1, 2, 4),
            ENGINES,
            engine_out,
        ),
        Fault(
            "sensor freeze",
            "s",
            "the speed reading does not change for this long",
            (1, 2, 4, 8, 16, 32),
            120,
            freeze,
        ),
        Fault("spike", "m/s", "the speed reading is too high by this amount for one second", (2, 4, 8, 16, 32, 64), 1e4, spike),
        Fault(
            "drift",
            "m/s each second",
            "the error of the speed reading grows by this amount each second",
            (0.25, 0.5, 1, 2, 4, 8),
            1e3,
            drift,
        ),
        Fault(
            "dropout",
            "%",
            f"the speed reading drops by this share of its value for {DROPOUT_SECONDS} s",
            (0.25, 0.5, 1, 2, 10, 100),
            100,
            dropout,
        ),
    ]
}  # fmt: skip


def inject(
    fault: str, size: float, onset: int, speed: np.ndarray, altitude: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Inject a fault into ascents.

    Parameters
    ----------
    fault : str
        One of `FAULTS`.
    size : float
        In the fault's unit; 0 is no fault.
    onset : int
        The first second that differs.
    speed, altitude : array of float, (..., seconds)
        In m/s and m.

    Raises
    ------
    SpaceHubError
        If there is no such fault, or size or onset is invalid.
    """
    if fault not in FAULTS:
        raise SpaceHubError(f"Unknown fault type: {fault!r}.", f"Choose one of: {', '.join(FAULTS)}.")
    kind, last = FAULTS[fault], speed.shape[-1] - 1
    if not 0 <= size <= kind.most:
        raise SpaceHubError(
            f"Invalid size for the fault {fault!r}: {size:g} {kind.unit}.",
            f"Choose a size from 0 to {kind.most:g} {kind.unit}.",
        )
    if not 1 <= onset <= last:
        raise SpaceHubError(
            f"A fault cannot start at T+{onset} s.", f"Choose a start from T+1 to T+{last} s."
        )
    if size == 0:
        return speed, altitude
    return kind.put(speed, altitude, size, onset)
