"""Parameters of a convolution.

Return the number of parameters of a convolution with square kernels and one bias for each output channel.
"""

from spacehub.course.checks import returns

START = """
def parameters(kernel, channels_in, channels_out):
    '''All whole numbers.'''
"""
HINTS = (
    "Each output channel has a kernel for every input channel.",
    "Add one bias for each output channel. The size of the image does not affect the number of parameters.",
)


def parameters(kernel, channels_in, channels_out):
    return (kernel * kernel * channels_in + 1) * channels_out


def wrong(kernel, channels_in, channels_out):
    return kernel * kernel * channels_out + 1


CHECKS = (
    returns("3 × 3 kernels, 16 to 32 channels", 4640, 3, 16, 32),
    returns("1 × 1 kernels mix channels", 132, 1, 32, 4),
    returns("from a grey image to one map", 26, 5, 1, 1),
)
