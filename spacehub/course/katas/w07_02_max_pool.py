"""Max pooling.

Return the largest value of each block of `size` × `size` pixels. Leave out rows and columns that do not fill a block.
"""

import numpy as np

from spacehub.course.checks import returns

START = """
import numpy as np


def max_pool(picture, size):
    '''picture: (h, w). Return (h // size, w // size).'''
"""
HINTS = (
    "To cut off the pixels that do not fill a block, use `picture[: h // size * size, : w // size * size]`.",
    "Use `reshape(h // size, size, w // size, size)`, then compute the maximum over axes 1 and 3.",
)


def max_pool(picture, size):
    h, w = (side // size for side in picture.shape)
    return picture[: h * size, : w * size].reshape(h, size, w, size).max(axis=(1, 3))


def wrong(picture, size):
    return picture[::size, ::size]


CHECKS = (
    returns("blocks of 2 × 2 pixels", [[6, 8], [14, 16]], np.arange(1, 17).reshape(4, 4), 2),
    returns("the largest value may be anywhere in the block", [[9]], np.array([[9, 1], [1, 1]]), 2),
    returns("a row that does not fill a block is left out", [[4]], np.array([[1, 2], [3, 4], [99, 99]]), 2),
    returns("negative values", [[-1]], np.array([[-4, -3], [-2, -1]]), 2),
)
