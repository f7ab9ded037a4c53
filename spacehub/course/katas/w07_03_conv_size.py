"""The size of a feature map.

Return the length of a row after a convolution. The arguments are the row's length before the convolution, the size of the kernel, the padding
on each side and the stride.
"""

from spacehub.course.checks import returns

START = """
def out_size(length, kernel, padding, stride):
    '''All whole numbers.'''
"""
HINTS = (
    "With padding, the row has `length + 2 * padding` pixels.",
    "The kernel starts at positions from 0 to `length + 2 * padding - kernel`, in steps of the stride.",
)


def out_size(length, kernel, padding, stride):
    return (length + 2 * padding - kernel) // stride + 1


def wrong(length, kernel, padding, stride):
    return (length + padding - kernel) // stride + 1


CHECKS = (
    returns("no padding", 28, 32, 5, 0, 1),
    returns("the size stays the same", 32, 32, 3, 1, 1),
    returns("a stride of 2", 16, 32, 3, 1, 2),
    returns("a stride that does not fit", 3, 8, 3, 0, 2),
)
