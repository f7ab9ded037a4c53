"""One weight update by hand.

A neuron without an activation function predicts `w x + b`. The loss is `½ (prediction - y)²`. Return the new weight and bias after one step
of gradient descent.
"""

from spacehub.course.checks import returns

START = """
def update(w, b, x, y, rate):
    '''All numbers. Return (w, b).'''
"""
HINTS = (
    "The derivative of the loss with respect to the prediction is `prediction - y`.",
    "By the chain rule, the derivative with respect to w is `(prediction - y) * x`. The derivative with respect to b is `prediction - y`.",
)


def update(w, b, x, y, rate):
    error = w * x + b - y
    return w - rate * error * x, b - rate * error


def wrong(w, b, x, y, rate):
    w = w - rate * (w * x + b - y) * x
    return w, b - rate * (w * x + b - y)


CHECKS = (
    returns("a start at zero", (0.6, 0.3), 0.0, 0.0, 2.0, 3.0, 0.1),
    returns("no step without an error", (1.0, 1.0), 1.0, 1.0, 2.0, 3.0, 0.5),
    returns("too high a prediction", (1.0, 0.0), 2.0, 1.0, 1.0, 2.0, 1.0),
)
