"""The handwritten digits of scikit-learn, and their principal components."""

import functools
from dataclasses import dataclass

import numpy as np

from spacehub.lab.pca import Components, principal_components

SIDE = 8


@dataclass(frozen=True, kw_only=True)
class Digits:
    """1,797 digits of 8 x 8 pixels from 0 to 16: `rows` float [N, 64], `labels` int [N], and their components.

    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI 1998 (CC BY 4.0); its test part.
    """

    rows: np.ndarray
    labels: np.ndarray
    found: Components


@functools.cache
def digits() -> Digits:
    """Return the digits; the first call imports scikit-learn."""
    from sklearn.datasets import load_digits

    rows, labels = load_digits(return_X_y=True)
    return Digits(rows=rows, labels=labels, found=principal_components(rows))
