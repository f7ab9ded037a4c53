"""A split by group.

Assign each whole group to "train" or "test". Convert the SHA-256 hash of the group's name to an integer, modulo 100. The group is in "test"
if this integer is below the test share in per cent. Return the split of each row. A split by a hash of the name keeps each group in its split
when other data is added.
"""

import hashlib

from spacehub.course.checks import holds, returns

START = """
import hashlib


def split(groups, percent):
    '''groups: a list of names. Return a list of "train" and "test".'''
"""
HINTS = (
    "`int(hashlib.sha256(name.encode()).hexdigest(), 16)` converts the hash of a name to a number.",
    "Do not use Python's `hash()`, because its value for a string differs from run to run.",
)


def split(groups, percent):
    return [
        "test" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 100 < percent else "train"
        for name in groups
    ]


def wrong(groups, percent):
    return ["test" if place % 100 < percent else "train" for place, _ in enumerate(groups)]


CHECKS = (
    holds(
        "each group is in one split",
        lambda f: len(set(f(["a", "b", "a", "a"], 50)[:1] + f(["a", "b", "a", "a"], 50)[2:])) == 1,
        "Rows of one group have different splits.",
    ),
    returns("known names", ["test", "train"], ["apollo", "gemini"], 40),
    returns("a test share of 0", ["train", "train"], ["a", "b"], 0),
    holds(
        "the test share is about as requested",
        lambda f: 250 < f([f"g{n}" for n in range(1000)], 30).count("test") < 350,
        "About 30 % of many groups should be in test.",
    ),
)
