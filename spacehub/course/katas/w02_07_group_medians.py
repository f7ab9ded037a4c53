"""Group by class.

Given rows such as `{"class": "H", "mass": 12.0}`, return the median mass of each class with at least `least` known
masses. `None` means that a mass is unknown.
"""

from spacehub.course.checks import returns

START = """
def group_medians(rows, least):
    '''Return a dictionary from class to median mass.'''
"""
HINTS = (
    "First collect the known masses of each class in a dictionary of lists.",
    "Leave out unknown masses (`None`) instead of treating them as 0.",
    "`statistics.median` computes a median.",
)


def group_medians(rows, least):
    groups = {}
    for row in rows:
        if row["mass"] is not None:
            groups.setdefault(row["class"], []).append(row["mass"])

    def middle(values):
        values, half = sorted(values), len(values) // 2
        return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2

    return {name: middle(values) for name, values in groups.items() if len(values) >= least}


def wrong(rows, least):
    groups = {}
    for row in rows:
        groups.setdefault(row["class"], []).append(row["mass"] or 0)
    return {name: sorted(values)[len(values) // 2] for name, values in groups.items() if len(values) >= least}


CHECKS = (
    returns(
        "two classes",
        {"H": 2.0, "L": 15.0},
        [{"class": "H", "mass": m} for m in (1.0, 2.0, 9.0)]
        + [{"class": "L", "mass": m} for m in (10.0, 20.0)],
        1,
    ),
    returns(
        "an unknown mass is left out",
        {"H": 4.0},
        [{"class": "H", "mass": 4.0}, {"class": "H", "mass": None}],
        1,
    ),
    returns("too few known masses", {}, [{"class": "H", "mass": 4.0}, {"class": "H", "mass": None}], 2),
    returns("a mass of 0 is a known mass", {"H": 0.0}, [{"class": "H", "mass": 0.0}], 1),
    returns("no rows", {}, [], 1),
)
