"""An ε-greedy choice.

Choose an arm: with the chance ε any of them (the best included), else the one with the highest mean reward. An arm that was never
pulled counts as better than all others; of equals take the first.
"""

from spacehub.course.checks import holds

START = """
def choose(totals, pulls, epsilon, rng):
    '''totals, pulls: lists, one entry an arm; rng: a random.Random. Return the arm's place.'''
"""
HINTS = (
    "rng.random() < epsilon decides; rng.randrange(n) is any arm.",
    "An arm with 0 pulls has no mean: give it infinity.",
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
        "Pull an arm without pulls first.",
    ),
    holds(
        "of equals the first",
        lambda f: f([1, 1], [2, 2], 0.0, _rng()) == 0,
        "Both means are equal: take the first.",
    ),
    holds(
        "the share of the best arm", _share, "With ε = 0.5 and five arms the best is pulled in about 60 %."
    ),
)
