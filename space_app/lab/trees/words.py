"""Describe a tree's questions and values in words."""

from spacehub.lab.launches import NUMBERS

SHORT = {"year": "date", "mass_kg": "payload", "booster_flight": "flight", "block": "block"}


def value(number: str, amount: float) -> str:
    """Format the value of a launch's feature.

    >>> value("year", 2015.731), value("mass_kg", 6858.5), value("block", 4.5)
    ('2015.7', '6,858 kg', '4.5')
    """
    if number == "year":
        return f"{amount:.1f}"
    return f"{amount:,.0f} kg" if number == "mass_kg" else f"{amount:g}"


def question(number: str, threshold: float) -> str:
    """Write out a split's question in full.

    >>> question("mass_kg", 6858.5)
    'Payload mass at most 6,858 kg'
    """
    name = NUMBERS[number].removesuffix(", kg")
    return f"{name[0].upper()}{name[1:]} at most {value(number, threshold)}"
