"""Discounted returns.

Return, for each move of a trip, the sum of the rewards from there on, each later one discounted by another factor. Do it in one pass
from the end.
"""

from spacehub.course.checks import holds, returns

START = """
def returns_of(rewards, discount):
    '''rewards: a list. Return a list of the same length.'''
"""
HINTS = (
    "The return of the last move is its reward.",
    "From the end: total = reward + discount * total. Reverse the list at the end.",
)


def returns_of(rewards, discount):
    total, out = 0.0, []
    for reward in reversed(rewards):
        total = reward + discount * total
        out.append(total)
    return out[::-1]


def wrong(rewards, discount):
    total, out = 0.0, []
    for reward in rewards:
        total = reward + discount * total
        out.append(total)
    return out


CHECKS = (
    returns("without a discount", [3, 2, 1], [1, 1, 1], 1.0),
    returns("a reward at the end", [0.25, 0.5, 1.0], [0, 0, 1], 0.5),
    returns("a reward at the start", [1.0, 0.0], [1, 0], 0.9),
    returns("no moves", [], [], 0.9),
    holds(
        "a long trip is no problem",
        lambda f: abs(f([1.0] * 100_000, 0.99)[0] - 100) < 1e-6,
        "100,000 rewards of 1 are worth 100 at 0.99.",
    ),
)
