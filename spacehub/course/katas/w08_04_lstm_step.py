"""A step of an LSTM.

Return the new hidden state h and cell state c of an LSTM with one unit. The gates i, f and o are sigmoids of ``w x + u h + b``. The candidate
g is ``tanh(w x + u h + b)``. Each gate and the candidate have their own weights. The new states are ``c' = f c + i g`` and ``h' = o
tanh(c')``.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def lstm_step(x, h, c, gates):
    '''gates: {"i": (w, u, b), "f": …, "o": …, "g": …}. Return (h, c).'''
"""
HINTS = (
    "Write a small function that returns `w * x + u * h + b` for a gate's name.",
    "The gate f sets how much of the old cell state is kept. The gate i sets how much of the candidate is added. The gate o sets how much of the cell state is passed on.",
)


def lstm_step(x, h, c, gates):
    def total(name):
        w, u, b = gates[name]
        return w * x + u * h + b

    def sigmoid(z):
        return 1 / (1 + math.exp(-z))

    c = sigmoid(total("f")) * c + sigmoid(total("i")) * math.tanh(total("g"))
    return sigmoid(total("o")) * math.tanh(c), c


def wrong(x, h, c, gates):
    def sigmoid(z):
        return 1 / (1 + math.exp(-z))

    i, f, o, g = (sigmoid(gates[name][0] * x + gates[name][1] * h + gates[name][2]) for name in "ifog")
    c = f * c + i * g
    return o * math.tanh(c), c


def _gates(i, f, o, g=(0, 0, 0)):
    return {"i": (0, 0, i), "f": (0, 0, f), "o": (0, 0, o), "g": g}


CHECKS = (
    returns(
        "if f is open and i is closed, the cell remembers",
        (math.tanh(2.0), 2.0),
        1.0,
        0.5,
        2.0,
        _gates(-40, 40, 40),
        tolerance=1e-9,
    ),
    returns(
        "if f is closed, the cell forgets", (0.0, 0.0), 1.0, 0.5, 2.0, _gates(-40, -40, 40), tolerance=1e-9
    ),
    returns(
        "if i is open, the candidate is added",
        (math.tanh(math.tanh(3.0)), math.tanh(3.0)),
        1.0,
        0.5,
        0.0,
        _gates(40, -40, 40, (2, 2, 0)),
        tolerance=1e-9,
    ),
    returns(
        "gates that are partly open",
        (0.5 * math.tanh(1.0), 1.0),
        0.0,
        0.0,
        2.0,
        _gates(0, 0, 0),
        tolerance=1e-9,
    ),
)
