"""Interview: a moving average.

Return the mean of each window of k neighbouring values. The running time must not grow with k.
"""

from spacehub.course.checks import holds, returns

START = """
def moving_average(values, k):
    '''values: a list; k: at least 1. Return a list of len(values) - k + 1 means (none if k is larger).'''
"""
HINTS = (
    "To get the sum of the next window, add the value that enters the window, and subtract the value that leaves it.",
)


def moving_average(values, k):
    if k > len(values):
        return []
    total = sum(values[:k])
    out = [total / k]
    for came, went in zip(values[k:], values, strict=False):
        total += came - went
        out.append(total / k)
    return out


def wrong(values, k):
    return [sum(values[place : place + k]) / k for place in range(0, len(values) - k + 1, k)]


CHECKS = (
    returns("windows of two", [1.5, 2.5], [1, 2, 3], 2),
    returns("windows of one", [4.0, 7.0], [4, 7], 1),
    returns("one window", [2.0], [1, 2, 3], 3),
    returns("a window that is too large", [], [1], 2),
    holds(
        "a long list and a wide window",
        lambda f: abs(f([1.0] * 200_000, 100_000)[-1] - 1) < 1e-9,
        "All means should be 1.",
    ),
)
