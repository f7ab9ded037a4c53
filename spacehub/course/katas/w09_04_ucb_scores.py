"""UCB1 scores.

Return each arm's score: its mean reward plus ``sqrt(2 ln t / n)``. Here, t is the total number of pulls so far, and n is the number of pulls
of this arm. An arm without pulls has an infinite score.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def ucb_scores(totals, pulls):
    '''Lists, one entry per arm. Return a list of scores.'''
"""
HINTS = (
    "The number t is `sum(pulls)`.",
    "Use `math.inf` for an infinite score.",
)


def ucb_scores(totals, pulls):
    t = sum(pulls)
    return [
        total / n + math.sqrt(2 * math.log(t) / n) if n else math.inf
        for total, n in zip(totals, pulls, strict=True)
    ]


def wrong(totals, pulls):
    return [
        total / max(n, 1) + math.sqrt(2 * math.log(max(n, 1))) for total, n in zip(totals, pulls, strict=True)
    ]


CHECKS = (
    returns("two arms", [0.5 + math.sqrt(math.log(4)), 1.0 + math.sqrt(math.log(4))], [1, 2], [2, 2]),
    returns("an arm that was never pulled", [math.inf, 1.0], [0, 1], [0, 1]),
    returns(
        "few pulls give a large bonus",
        [math.sqrt(2 * math.log(100) / 99), math.sqrt(2 * math.log(100))],
        [0, 0],
        [99, 1],
    ),
)
