"""Cohen's kappa.

Return Cohen's kappa of two annotators' labels: ``(p - e) / (1 - e)``, where p is the proportion of cases on
which the annotators agree. The proportion e is the agreement expected by chance, given how often each annotator uses each label.
"""

from spacehub.course.checks import returns

START = """
def kappa(first, second):
    '''Two lists of labels of equal length, not all with the same label.'''
"""
HINTS = (
    "For each label, multiply the proportions with which the two annotators use it. The expected agreement e is the sum of these products.",
    "`set(first) | set(second)` contains all labels.",
)


def kappa(first, second):
    n = len(first)
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(first.count(label) * second.count(label) for label in set(first) | set(second)) / n**2
    return (agreed - chance) / (1 - chance)


def wrong(first, second):
    agreed = sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
    chance = 1 / len(set(first) | set(second))
    return (agreed - chance) / (1 - chance)


CHECKS = (
    returns("full agreement", 1.0, ["a", "b", "a"], ["a", "b", "a"]),
    returns("one annotator always gives the same label", 0.0, ["a", "a", "b", "b"], ["a", "a", "a", "a"]),
    returns("three labels", 7 / 11, ["a", "a", "b", "c"], ["a", "b", "b", "c"]),
    returns("disagreement", -1.0, ["a", "b"], ["b", "a"]),
)
