"""The handwritten digits, and their principal components."""

import functools
from dataclasses import dataclass

import numpy as np

from spacehub.lab.digits import load
from spacehub.lab.pca import Components, principal_components


@dataclass(frozen=True, kw_only=True)
class Digits:
    """1,797 digits of 8 × 8 pixels (`rows`, float [N, 64], 0 to 16), `labels` (int [N]), and their components."""

    rows: np.ndarray
    labels: np.ndarray
    found: Components


@functools.cache
def digits() -> Digits:
    """Return the digits. The first call imports scikit-learn."""
    rows, labels = load()
    return Digits(rows=rows, labels=labels, found=principal_components(rows))
