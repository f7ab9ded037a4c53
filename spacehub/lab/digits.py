"""The handwritten digits of scikit-learn.

They are the test part of Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits" (UCI, 1998; CC BY 4.0).
"""

import functools

import numpy as np

SIDE = 8


@functools.cache
def load() -> tuple[np.ndarray, np.ndarray]:
    """Return 1,797 digits of 8 × 8 pixels from 0 to 16 (float [N, 64]), and their labels (int [N]), both read-only.

    The first call imports scikit-learn.
    """
    from sklearn.datasets import load_digits

    rows, labels = load_digits(return_X_y=True)
    rows.flags.writeable = labels.flags.writeable = False
    return rows, labels
