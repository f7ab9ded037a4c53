"""What is said of a chance: counts of real flights, and an interval that fits them."""

import numpy as np
import pytest

from spacehub.serving.reliability import reliability, wilson

CHANCES = np.array([0.05] * 3 + [0.5] * 8 + [0.9] * 30 + [0.97] * 59)
LANDED = np.array([False, False, True] + [True] * 4 + [False] * 4 + [True] * 27 + [False] * 3 + [True] * 59)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # The closed form, worked out by hand with z = 1.96.
        (0, 0, 0.0, 1.0),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("chance", "n", "landed", "lowest", "highest", "words"),
    [
        (
            0.97,
            59,
            59,
            0.97,
            0.97,
            "Of 59 held-out flights with a probability of 97 %, 59 landed (95 % confidence interval 94 % to 100 %).",
        ),
        (0.93, 89, 86, 0.9, 0.97, "86 landed (95 % confidence interval 91 % to 98.8 %)"),
        (
            0.5,
            8,
            4,
            0.5,
            0.5,
            "There are too few flights with a similar probability for a reliable estimate.",
        ),
        (0.06, 3, 1, 0.05, 0.05, "Of 3 held-out flights"),
        (0.25, 0, 0, 0.25, 0.25, "No held-out flight had a similar probability"),
    ],
)
def test_counts_are_those_of_the_flights_nearby(chance, n, landed, lowest, highest, words):
    found = reliability(chance, CHANCES, LANDED)
    assert (found.n, found.landed, found.lowest, found.highest) == (n, landed, lowest, highest)
    assert found.low <= (landed / n if n else 0.5) <= found.high
    assert words in found.sentence


@pytest.mark.parametrize(
    ("outcome", "words"),
    [(True, "The only held-out flight with a probability of 50 %"), (False, "did not land")],
)
def test_one_flight_is_told_as_one(outcome, words):
    assert words in reliability(0.5, np.array([0.5]), np.array([outcome])).sentence
