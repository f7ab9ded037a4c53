"""A confusion matrix.

Return the counts (true positives, false positives, false negatives, true negatives), and from these precision and recall. A ratio
without cases is 0.
"""

from spacehub.course.checks import returns

START = """
def confusion(truth, said):
    '''Lists of 0 and 1. Return (tp, fp, fn, tn, precision, recall).'''
"""
HINTS = (
    "Precision is tp / (tp + fp): of those that were called positive, how many are.",
    "Recall is tp / (tp + fn): of those that are positive, how many were called so.",
)


def confusion(truth, said):
    pairs = list(zip(truth, said, strict=True))
    tp, fp, fn, tn = (pairs.count(pair) for pair in ((1, 1), (0, 1), (1, 0), (0, 0)))
    return tp, fp, fn, tn, tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0


def wrong(truth, said):
    pairs = list(zip(truth, said, strict=True))
    tp, fp, fn, tn = (pairs.count(pair) for pair in ((1, 1), (1, 0), (0, 1), (0, 0)))
    return tp, fp, fn, tn, tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0


CHECKS = (
    returns("all kinds", (2, 1, 1, 1, 2 / 3, 2 / 3), [1, 1, 1, 0, 0], [1, 1, 0, 1, 0]),
    returns("false alarms are no misses", (1, 2, 0, 0, 1 / 3, 1.0), [1, 0, 0], [1, 1, 1]),
    returns("nothing is called positive", (0, 0, 1, 1, 0.0, 0.0), [1, 0], [0, 0]),
)
