"""How far two flights are apart, and how numbers are worded."""

import math

import numpy as np
import pandas as pd
import pytest

from spacehub.serving.fields import Field
from spacehub.serving.similar import Distances
from spacehub.serving.words import percent, percent_span, plain

FIELDS = (
    Field(name="mass", label="Mass", kind="number", minimum=0, maximum=10, optional=True),
    Field(name="orbit", label="Orbit", kind="category", choices=("LEO", "GTO")),
)
FLIGHTS = pd.DataFrame({"mass": [2.0, 4.0, math.nan], "orbit": ["LEO", "GTO", "LEO"]})
SPREAD = np.std([2.0, 4.0])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"mass": 2.0, "orbit": "LEO"}, [0, math.hypot(2 / SPREAD, 1), 1]),
        ({"mass": 3.0, "orbit": "GTO"}, [math.hypot(1 / SPREAD, 1), 1 / SPREAD, math.sqrt(2)]),
        ({"mass": math.nan, "orbit": "LEO"}, [1, math.sqrt(2), 0]),
    ],
)
def test_distances(row, expected):
    assert Distances(FLIGHTS, FIELDS)(row) == pytest.approx(expected)


def test_a_field_that_never_varies_sets_nothing_apart():
    same = FLIGHTS.assign(mass=5.0)
    assert Distances(same, FIELDS)({"mass": 5.0, "orbit": "LEO"}) == pytest.approx([0, 1, 0])


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.012, "1.2 %"),
        (0.5, "50 %"),
        (0.988, "98.8 %"),
        (0.9996, "over 99.9 %"),
        (1, "100 %"),
    ],
)
def test_percent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.5, 0.9, "50 % to 90 %"),
        (0.97, 0.9996, "97 % or more"),
        (0.97, 1, "97 % to 100 %"),
        (0.0004, 0.05, "5 % or less"),
        (0.9995, 0.9996, "over 99.9 %"),
    ],
)
def test_percent_span(low, high, text):
    assert percent_span(low, high) == text


@pytest.mark.parametrize(
    ("value", "text"), [(17400.0, "17,400"), (0.25, "0.25"), (3, "3"), (0.1234, "0.123")]
)
def test_plain(value, text):
    assert plain(value) == text
