"""A split by group.

Put each group wholly into "train" or "test": into test if the SHA-256 of its name, as a number, modulo 100 is below the test share in
per cent. Return the split of each row. So a group keeps its split for ever, whatever is added.
"""

import hashlib

from spacehub.course.checks import holds, returns

START = """
import hashlib


def split(groups, percent):
    '''groups: a list of names. Return a list of "train" and "test".'''
"""
HINTS = (
    "int(hashlib.sha256(name.encode()).hexdigest(), 16) is the number.",
    "Python's own hash() differs from run to run: it will not do.",
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
        "a group has one split",
        lambda f: len(set(f(["a", "b", "a", "a"], 50)[:1] + f(["a", "b", "a", "a"], 50)[2:])) == 1,
        "Rows of one group have different splits.",
    ),
    returns("known names", ["test", "train"], ["apollo", "gemini"], 40),
    returns("no test at all", ["train", "train"], ["a", "b"], 0),
    holds(
        "about the share that was asked for",
        lambda f: 250 < f([f"g{n}" for n in range(1000)], 30).count("test") < 350,
        "About 30 % of many groups should be in test.",
    ),
)
