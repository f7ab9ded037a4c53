"""A confusion matrix.

Return the numbers of true positives, false positives, false negatives and true negatives, followed by precision and recall. If the
denominator of a ratio is 0, return 0 for this ratio.
"""

from spacehub.course.checks import returns

START = """
def confusion(truth, said):
    '''Lists of 0 and 1. Return (tp, fp, fn, tn, precision, recall).'''
"""
HINTS = (
    "Precision is `tp / (tp + fp)`, the share of the predicted positives that are positive.",
    "Recall is `tp / (tp + fn)`, the share of the positives that were predicted positive.",
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
    returns("all four kinds of cases", (2, 1, 1, 1, 2 / 3, 2 / 3), [1, 1, 1, 0, 0], [1, 1, 0, 1, 0]),
    returns("false alarms are not misses", (1, 2, 0, 0, 1 / 3, 1.0), [1, 0, 0], [1, 1, 1]),
    returns("nothing is predicted positive", (0, 0, 1, 1, 0.0, 0.0), [1, 0], [0, 0]),
)
