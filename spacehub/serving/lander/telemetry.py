"""Convert a flight to instrument readings in metres, seconds and degrees.

Gymnasium scales its observations (1.4, lunar_lander.py, `step`). Its world is 600 x 400 pixels at 30
pixels per metre, 20 m wide and 13.33 m high, and a step is 1/50 s. So x is in halves of the width, and y
in halves of the height above its height on the pad. A speed is scaled by that half over 50, and the spin
by 20 over 50.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from spacehub.serving.lander.agents import ACTIONS
from spacehub.serving.lander.flight import Flight, fuel_cost

STEPS_A_SECOND = 50
HALF_WIDTH, HALF_HEIGHT = 10.0, 20 / 3
# The flags are 2 m from the middle; the middle of a lander on the pad is this high above them.
FLAGS, PAD, STANDING = 2.0, 10 / 3, 0.6


@dataclass(frozen=True, kw_only=True)
class Telemetry:
    """One value for each of a flight's T + 1 observations, shape (T + 1,) each.

    `time` in s; `x` in m to the right of the pad's middle; `altitude` in m above its height on the pad;
    `speed`, `speed_x` and `speed_y` (up) in m/s; `angle` in degrees, positive to the left; `fuel` and
    `reward`, the total penalty for firing the engines and the total reward so far, in points of reward.
    """

    time: np.ndarray
    x: np.ndarray
    altitude: np.ndarray
    speed: np.ndarray
    speed_x: np.ndarray
    speed_y: np.ndarray
    angle: np.ndarray
    fuel: np.ndarray
    reward: np.ndarray


def in_world(observation: np.ndarray) -> np.ndarray:
    """Return positions and speeds in the environment's world from observations, shape (..., 8).

    Returns
    -------
    numpy.ndarray
        Shape (5, ...): x and y in m from the world's lower left corner, speed to the right and up in m/s,
        angle in radians, positive to the left.
    """
    x, y, speed_x, speed_y, angle = np.moveaxis(observation.astype(float), -1, 0)[:5]
    return np.stack(
        [
            (x + 1) * HALF_WIDTH,
            y * HALF_HEIGHT + PAD + STANDING,
            speed_x * STEPS_A_SECOND / HALF_WIDTH,
            speed_y * STEPS_A_SECOND / HALF_HEIGHT,
            angle,
        ]
    )


def telemetry(flight: Flight) -> Telemetry:
    """Return the flight's telemetry."""
    x, y, speed_x, speed_y, angle = in_world(flight.observation)
    return Telemetry(
        time=np.arange(len(x)) / STEPS_A_SECOND,
        x=x - HALF_WIDTH,
        altitude=y - PAD - STANDING,
        speed=np.hypot(speed_x, speed_y),
        speed_x=speed_x,
        speed_y=speed_y,
        angle=np.degrees(angle),
        fuel=np.concatenate([[0.0], np.cumsum(fuel_cost(flight.action))]),
        reward=np.concatenate([[0.0], np.cumsum(flight.reward)]),
    )


def engines(flight: Flight) -> np.ndarray:
    """Return the firing engine in each step as a number of `ACTIONS`, shape (T,).

    For two throttles, the main engine's.
    """
    if flight.action.ndim == 1:
        return flight.action
    main, side = flight.action[:, 0] > 0, flight.action[:, 1]
    return np.select([main, side < -0.5, side > 0.5], [2, 1, 3], 0)


def table(flight: Flight) -> pd.DataFrame:
    """Return the flight as a table for download: one row per observation, with the units in the column names.

    `action`, or the throttles if the engines have throttles, and `reward` belong to the step that led to
    the row; the first row has none.
    """
    seen = telemetry(flight)
    throttles = {}
    if flight.action.ndim == 2:
        actions = np.concatenate([np.full((1, 2), np.nan), flight.action])
        throttles = {"main_throttle": actions[:, 0], "side_throttle": actions[:, 1]}
    return pd.DataFrame(
        {
            "time_s": seen.time,
            "x_m": seen.x,
            "altitude_m": seen.altitude,
            "speed_m_s": seen.speed,
            "speed_x_m_s": seen.speed_x,
            "speed_y_m_s": seen.speed_y,
            "angle_deg": seen.angle,
            # Gymnasium's first leg is the right one.
            "left_leg_contact": flight.observation[:, 7] > 0,
            "right_leg_contact": flight.observation[:, 6] > 0,
            "action": ["", *(ACTIONS[engine] for engine in engines(flight))],
            **throttles,
            "fuel_points": seen.fuel,
            "reward": np.concatenate([[np.nan], flight.reward]),
            "return": seen.reward,
        }
    ).round(6)
