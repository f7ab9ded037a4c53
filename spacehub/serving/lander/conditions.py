"""The conditions of a flight: gravity, wind, turbulence and the seed, validated before any flight.

Gymnasium asserts the gravity but only warns about the other values.
"""

import math
import numbers
from dataclasses import dataclass

from spacehub.errors import SpaceHubError
from spacehub.serving.words import shorten

GRAVITY = (-12.0, 0.0)
WIND = (0.0, 20.0)
TURBULENCE = (0.0, 2.0)
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """The options of Gymnasium's ``LunarLander-v3``.

    Parameters
    ----------
    gravity : float
        Vertical acceleration in m/s², strictly between -12 and 0.
    wind_power : float
        Largest force of the wind on the lander in N, 0 to 20; Gymnasium suggests 15.
    turbulence_power : float
        Largest torque of the wind in N m, 0 to 2; Gymnasium suggests 1.5.
    continuous : bool
        Whether an action is two throttles instead of one of four engines.

    Raises
    ------
    SpaceHubError
        If a value is not a number or is out of range; the error states the range.
    """

    gravity: float = -10.0
    wind_power: float = 0.0
    turbulence_power: float = 0.0
    continuous: bool = False

    def __post_init__(self):
        gravity = _number("Gravity", self.gravity, GRAVITY, "between -12 and 0, exclusive")
        if gravity in GRAVITY:
            raise SpaceHubError(
                f"Gravity is {gravity:g}, which is out of range.",
                "Enter a number between -12 and 0, exclusive.",
            )
        wind = _number("Wind", self.wind_power, WIND, "from 0 to 20")
        turbulence = _number("Turbulence", self.turbulence_power, TURBULENCE, "from 0 to 2")
        for name, value in ("gravity", gravity), ("wind_power", wind), ("turbulence_power", turbulence):
            object.__setattr__(self, name, value)

    @property
    def windy(self) -> bool:
        """Whether there is any wind or turbulence: Gymnasium's ``enable_wind``."""
        return self.wind_power > 0 or self.turbulence_power > 0

    def keywords(self) -> dict[str, float | bool]:
        """Return the conditions as keyword arguments of ``gymnasium.make("LunarLander-v3")``."""
        return {
            "gravity": self.gravity,
            "enable_wind": self.windy,
            "wind_power": self.wind_power,
            "turbulence_power": self.turbulence_power,
            "continuous": self.continuous,
        }


def check_seed(seed: object) -> int:
    """Return `seed` as an int.

    Raises
    ------
    SpaceHubError
        If the seed is not a whole number from 0 to 2**31 - 1.
    """
    fix = f"Enter a whole number from 0 to {LARGEST_SEED:,}."
    if seed is None:
        raise SpaceHubError("The seed is missing.", fix)
    number = isinstance(seed, numbers.Real) and not isinstance(seed, bool) and seed == seed
    if not number or abs(seed) == math.inf or seed != math.floor(seed):
        raise SpaceHubError(f"The seed is {shorten(seed)}, which is not a whole number.", fix)
    if not 0 <= seed <= LARGEST_SEED:
        raise SpaceHubError(f"The seed is {shorten(seed)}, which is out of range.", fix)
    return int(seed)


def _number(name: str, value: object, span: tuple[float, float], words: str) -> float:
    """Return `value` as a float within `span`."""
    fix = f"Enter a number {words}."
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or value != value:
        raise SpaceHubError(f"{name} must be a number, but is {shorten(value)}.", fix)
    if not span[0] <= value <= span[1]:
        raise SpaceHubError(f"{name} is {shorten(value)}, which is out of range.", fix)
    return float(value)
