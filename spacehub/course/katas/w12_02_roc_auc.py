"""ROC-AUC by pairs.

Return the probability that a random positive case has a higher score than a random negative case. A pair with equal scores counts as half.
"""

from spacehub.course.checks import returns

START = """
def roc_auc(labels, scores):
    '''labels: 0 and 1, both occur; scores: numbers.'''
"""
HINTS = (
    "Use two nested loops, one over the scores of the positives and one over the scores of the negatives.",
    "Add 1 if the score of the positive is higher, and 0.5 if the scores are equal. Divide the sum by the number of pairs.",
)


def roc_auc(labels, scores):
    positive = [score for label, score in zip(labels, scores, strict=True) if label]
    negative = [score for label, score in zip(labels, scores, strict=True) if not label]
    won = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return won / (len(positive) * len(negative))


def wrong(labels, scores):
    return sum((score >= 0.5) == bool(label) for label, score in zip(labels, scores, strict=True)) / len(
        labels
    )


CHECKS = (
    returns("a perfect ranking", 1.0, [0, 0, 1], [0.1, 0.2, 0.3]),
    returns("a reversed ranking", 0.0, [1, 0], [0.1, 0.9]),
    returns("equal scores", 0.5, [1, 0, 1], [0.7, 0.7, 0.7]),
    returns("one pair of four is wrong", 0.75, [1, 1, 0, 0], [0.9, 0.3, 0.5, 0.1]),
)
