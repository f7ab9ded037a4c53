"""The size of a feature map.

Return the length of a row after a convolution, from the length before, the kernel's size, the padding on each side and the stride.
"""

from spacehub.course.checks import returns

START = """
def out_size(length, kernel, padding, stride):
    '''All whole numbers.'''
"""
HINTS = (
    "With the padding the row has length + 2 * padding pixels.",
    "The kernel's first place is 0, its last is length + 2 * padding - kernel; every stride-th counts.",
)


def out_size(length, kernel, padding, stride):
    return (length + 2 * padding - kernel) // stride + 1


def wrong(length, kernel, padding, stride):
    return (length + padding - kernel) // stride + 1


CHECKS = (
    returns("no padding", 28, 32, 5, 0, 1),
    returns("same size", 32, 32, 3, 1, 1),
    returns("a stride of 2", 16, 32, 3, 1, 2),
    returns("a stride that does not fit", 3, 8, 3, 0, 2),
)
