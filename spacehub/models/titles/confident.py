"""Find labels that are probably wrong, from out-of-fold probabilities (confident learning, Northcutt et al. 2021).

Source: Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70,
sections 3.1 and 3.2; the rule that picks examples is its *prune by noise rate*.
"""

import numpy as np


def joint(chances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Estimate how many examples have label i but truly belong to class j: (k, k), rows sum to the label counts.

    Parameters
    ----------
    chances : numpy.ndarray
        Probabilities (n, k) of models that did not see the example.
    labels : numpy.ndarray
        Given labels (n,), from 0 to k - 1; each occurs.

    Notes
    -----
    An example counts for the class j whose probability reaches the mean probability of j among the
    examples labelled j. If several classes reach it, the most probable one counts; if none does, the
    example does not count.
    """
    classes = chances.shape[1]
    counts = np.bincount(labels, minlength=classes)
    averages = np.array([chances[labels == label, label].mean() for label in range(classes)])
    sure = chances >= averages
    counted = sure.any(axis=1)
    guess = np.where(sure, chances, -1.0).argmax(axis=1)
    tallies = np.zeros((classes, classes))
    np.add.at(tallies, (labels[counted], guess[counted]), 1)
    return tallies / tallies.sum(axis=1, keepdims=True) * counts[:, None]


def doubted(chances: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return which labels are probably wrong: bool (n,).

    Of the examples with label i, this takes as many as `joint` estimates to belong to class j: those with
    the largest margin of j's probability over i's, and only if that margin is positive.
    """
    estimated, is_doubted = joint(chances, labels), np.zeros(len(labels), bool)
    for label, other in np.argwhere(~np.eye(len(estimated), dtype=bool)):
        rows = np.flatnonzero(labels == label)
        margins = chances[rows, other] - chances[rows, label]
        widest = np.argsort(-margins, kind="stable")[: round(estimated[label, other])]
        is_doubted[rows[widest[margins[widest] > 0]]] = True
    return is_doubted
