"""A convolution.

Slide a kernel over an image, one pixel at a time and without padding. At each position, multiply the kernel's values by the pixels that the kernel covers, and add up the products. As in deep learning, the kernel is not flipped.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def convolve(picture, kernel):
    '''picture: (h, w); kernel: (k, l), no larger. Return (h - k + 1, w - l + 1).'''
"""
HINTS = (
    "The result has `h - k + 1` rows and `w - l + 1` columns.",
    "The value at (i, j) is `(picture[i : i + k, j : j + l] * kernel).sum()`.",
)


def convolve(picture, kernel):
    k, width = kernel.shape
    rows, columns = picture.shape[0] - k + 1, picture.shape[1] - width + 1
    return np.array(
        [[(picture[i : i + k, j : j + width] * kernel).sum() for j in range(columns)] for i in range(rows)]
    )


def wrong(picture, kernel):
    kernel = kernel[::-1, ::-1]
    k, width = kernel.shape
    rows, columns = picture.shape[0] - k + 1, picture.shape[1] - width + 1
    return np.array(
        [[(picture[i : i + k, j : j + width] * kernel).sum() for j in range(columns)] for i in range(rows)]
    )


CHECKS = (
    returns("a kernel of one pixel", [[2.0, 4.0]], np.array([[1.0, 2.0]]), np.array([[2.0]])),
    returns(
        "the kernel is not flipped",
        [[-4.0, -4.0], [-4.0, -4.0]],
        np.arange(1.0, 10).reshape(3, 3),
        np.array([[1.0, 0], [0, -1]]),
    ),
    returns(
        "a uniform image and a kernel whose weights add up to 0",
        np.zeros((2, 3)),
        np.ones((4, 5)),
        np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]),
    ),
    returns("a kernel that is not square", [[3.0, 5.0]], np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 1.0]])),
)
