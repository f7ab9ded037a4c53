"""An ε-greedy choice.

Choose an arm. With probability ε, choose any arm at random, including the best arm. Otherwise, choose the arm with the highest mean reward.
An arm that was never pulled counts as better than all others. If several arms are equally good, choose the first.
"""

from spacehub.course.checks import holds

START = """
def choose(totals, pulls, epsilon, rng):
    '''totals, pulls: lists, one entry per arm; rng: a random.Random. Return the arm's index.'''
"""
HINTS = (
    "To decide whether to explore, use `rng.random() < epsilon`. To choose a random arm, use `rng.randrange(n)`.",
    "An arm with 0 pulls has no mean, so use infinity instead.",
)


def choose(totals, pulls, epsilon, rng):
    if rng.random() < epsilon:
        return rng.randrange(len(pulls))
    means = [total / count if count else float("inf") for total, count in zip(totals, pulls, strict=True)]
    return means.index(max(means))


def wrong(totals, pulls, epsilon, rng):
    if rng.random() < epsilon:
        return rng.randrange(len(pulls))
    return totals.index(max(totals))


def _rng():
    import random

    return random.Random(4)


def _share(choose):
    rng = _rng()
    best = sum(choose([9, 1, 1, 1, 1], [10] * 5, 0.5, rng) == 0 for _ in range(4000)) / 4000
    return 0.57 < best < 0.63


CHECKS = (
    holds(
        "the mean counts, not the total",
        lambda f: f([5, 4], [50, 5], 0.0, _rng()) == 1,
        "The second arm has the higher mean.",
    ),
    holds(
        "an arm that was never pulled",
        lambda f: f([5, 0], [5, 0], 0.0, _rng()) == 1,
        "First choose an arm that was never pulled.",
    ),
    holds(
        "the first of equally good arms",
        lambda f: f([1, 1], [2, 2], 0.0, _rng()) == 0,
        "Both means are equal, so choose the first arm.",
    ),
    holds(
        "the share of the best arm",
        _share,
        "With ε = 0.5 and five arms, the best arm should be chosen in about 60 % of the cases.",
    ),
)
