"""Principal components from scratch, by SVD: the directions in which rows of numbers vary most."""

from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError


@dataclass(frozen=True, kw_only=True)
class Components:
    """The principal components of N rows of D numbers, in descending order of variance.

    `mean` is float [D]. `axes` is float [K, D], with orthogonal rows of length 1, where K is the smaller of N and D.
    `variances` is float [K], with N - 1 in the denominator.
    """

    mean: np.ndarray
    axes: np.ndarray
    variances: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """Each component's fraction of the total variance, [K]; the fractions add up to 1."""
        return self.variances / self.variances.sum()

    def scores(self, rows: np.ndarray, k: int) -> np.ndarray:
        """Return the scores of rows [N, D] along the first k components, [N, k].

        Raises
        ------
        SpaceHubError
            If there are not that many components.
        """
        most, numbers = self.axes.shape
        if not 1 <= k <= most:
            raise SpaceHubError(
                f"Rows of {numbers:,} numbers cannot have {k:,} principal components.",
                f"Choose a whole number from 1 to {most:,}.",
            )
        return (rows - self.mean) @ self.axes[:k].T

    def restore(self, scores: np.ndarray) -> np.ndarray:
        """Return rows [N, D] from their scores [N, k]: the best approximation with k components."""
        return scores @ self.axes[: scores.shape[1]] + self.mean


def principal_components(rows: np.ndarray) -> Components:
    """Find the principal components of rows [N, D].

    The rows minus their mean are ``U S V'``. The rows of V' are the axes, and ``S² / (N - 1)`` are the variances along
    them (Pearson 1901; Jolliffe, Principal Component Analysis, 2002, 3.5). The sign of an axis is arbitrary; here, its
    largest number is positive.

    Raises
    ------
    SpaceHubError
        If there are fewer than two rows, or all rows are equal.
    """
    if len(rows) < 2:
        raise SpaceHubError("A single row has no variation.", "Use at least two rows.")
    mean = rows.mean(axis=0)
    _, lengths, axes = np.linalg.svd(rows - mean, full_matrices=False)
    if lengths[0] <= 1e-9 * max(1.0, float(np.abs(mean).max())):
        raise SpaceHubError(
            "All rows are identical, so they have no principal component.", "Use rows that differ."
        )
    largest = np.abs(axes).argmax(axis=1)
    signs = np.sign(axes[np.arange(len(axes)), largest])
    return Components(mean=mean, axes=axes * signs[:, np.newaxis], variances=lengths**2 / (len(rows) - 1))


def error_of_each(components: Components, rows: int) -> np.ndarray:
    """Return the root mean square error of rows reconstructed from 0, 1, … K components, [K + 1].

    The error comes from the omitted variance: ``sqrt((N - 1) / (N D) * sum of the variances after the k-th)``,
    and no other k directions have a smaller error (Eckart and Young 1936).
    """
    left = np.concatenate([np.cumsum(components.variances[::-1])[::-1], [0.0]])
    return np.sqrt(left * (rows - 1) / (rows * len(components.mean)))


def same_as_nearest(scores: np.ndarray, labels: np.ndarray) -> float:
    """Return the fraction of points [N, k] whose nearest neighbour has the same label."""
    points = scores.astype(np.float32)
    squares = (points**2).sum(axis=1)
    distances = squares[:, np.newaxis] + squares - 2 * (points @ points.T)
    np.fill_diagonal(distances, np.inf)
    return float((labels[distances.argmin(axis=1)] == labels).mean())
