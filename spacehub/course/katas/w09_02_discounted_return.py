"""Discounted returns.

For each move of an episode, return the discounted sum of the rewards from this move on. A reward that comes k steps later is multiplied by
the discount to the power k. Make a single pass over the rewards, starting from the last one.
"""

from spacehub.course.checks import holds, returns

START = """
def returns_of(rewards, discount):
    '''rewards: a list. Return a list of the same length.'''
"""
HINTS = (
    "The return of the last move is its reward.",
    "Loop from the end with `total = reward + discount * total`. Finally, reverse the list.",
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
        "a long episode",
        lambda f: abs(f([1.0] * 100_000, 0.99)[0] - 100) < 1e-6,
        "100,000 rewards of 1 have a return of 100 with a discount of 0.99.",
    ),
)
