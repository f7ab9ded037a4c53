"""Map the many spellings of a meteorite's class to its group, one of 17."""

import re

# Groups follow Weisberg, McCoy & Krot, "Systematics and Evaluation of Meteorite Classification", in
# Meteorites and the Early Solar System II (2006). The first pattern that matches the beginning of the
# class decides: words come before letters.
_PATTERNS = {
    "Lunar": r"Lunar",
    "Martian": r"Martian",
    "Iron": r"Iron|Relict iron",
    "Pallasite": r"Pallasite",
    "Mesosiderite": r"Mesosiderite",
    "HED": r"Howardite|Eucrite|Diogenite",
    "Ureilite": r"Ureilite",
    "Other achondrite": r"Acapulcoite|Lodranite|Winonaite|Angrite|Aubrite|Brachinite|Enst achon|Achondrite",
    "Other chondrite": r"Chondrite|K\d?$",
    "Unclassified": r"Stone|Unknown|Fusion crust|Impact melt",
    "Ordinary, other": r"H/L|L/LL|(Relict )?OC",
    "H": r"(Relict )?H(?![a-z])",
    "LL": r"LL(?![a-z])",
    "L": r"L(?![a-z])",
    "Carbonaceous": r"C(?![a-z])",
    "Enstatite": r"E(?![a-z])",
    "Rumuruti": r"R(?![a-z])",
}
GROUPS = tuple(_PATTERNS)


def group_of(name: str) -> str:
    """Return the group of a class.

    >>> [group_of(name) for name in ("L6", "LL3.15", "H/L4", "Relict OC", "Eucrite-pmict", "CBa", "Iron, IAB?")]
    ['L', 'LL', 'Ordinary, other', 'Ordinary, other', 'HED', 'Carbonaceous', 'Iron']

    Raises
    ------
    ValueError
        If no group is known for it.
    """
    for group, pattern in _PATTERNS.items():
        if re.match(pattern, name):
            return group
    raise ValueError(f"The meteorite class {name!r} does not belong to any known group.")
