"""Format numbers with their units for the Lab."""

from spacehub.lab.constants import ASTRONOMICAL_UNIT, DAY, JULIAN_YEAR

SPANS = (("years", JULIAN_YEAR), ("days", DAY), ("h", 3600.0), ("min", 60.0), ("s", 1.0))


def duration(seconds: float) -> str:
    """Format a duration in the largest unit that gives a number of at least 2."""
    if 0 < seconds < 1:
        return f"{1e3 * seconds:.3g} ms" if seconds >= 1e-3 else f"{1e6 * seconds:.3g} µs"
    name, length = next((span for span in SPANS if seconds >= 2 * span[1]), SPANS[-1])
    return f"{seconds / length:.4g} {name}"


def kilometres(metres: float) -> str:
    """Format a length in km, or in au if it is at least 1 au."""
    if abs(metres) >= ASTRONOMICAL_UNIT:
        return f"{metres / ASTRONOMICAL_UNIT:.4g} au"
    km = metres / 1e3
    return f"{km:,.0f} km" if abs(km) >= 1000 else f"{km:.3g} km"


def share(value: float) -> str:
    """Format a fraction as a percentage, or as a power of ten if it is tiny."""
    if value == 0 or 1e-5 <= abs(value) < 100:
        return f"{100 * value:.3g} %"
    return f"{value:.1e}"
