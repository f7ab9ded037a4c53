"""What a field takes and refuses, as a single value and as a column of text."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.fields import Field, load_fields

MASS = Field(name="mass", label="Mass", kind="number", unit="kg", minimum=300, maximum=17400, optional=True)
FLIGHT = Field(name="flight", label="Flight", kind="number", integer=True, minimum=1, maximum=14)
ORBIT = Field(name="orbit", label="Orbit", kind="category", choices=("LEO", "GTO"))
SITE = Field(name="site", label="Site", kind="category", choices=("A", "nan"), optional=True)


@pytest.mark.parametrize(
    ("field", "value", "taken"),
    [
        (MASS, 300, 300.0),
        (MASS, 17400.0, 17400.0),
        (MASS, np.float32(5000), 5000.0),
        (MASS, None, math.nan),
        (MASS, math.nan, math.nan),
        (MASS, "", math.nan),
        (FLIGHT, 3, 3.0),
        (FLIGHT, 3.0, 3.0),
        (ORBIT, "LEO", "LEO"),
        (ORBIT, " GTO ", "GTO"),
        (SITE, None, ""),
    ],
)
def test_takes(field, value, taken):
    found = field.check(value)
    assert found == taken or (math.isnan(found) and math.isnan(taken))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (MASS, 299, "Mass (mass) is 299 kg, which is outside the range of the training data"),
        (MASS, 1e30, "Mass (mass) is 1e+30 kg, which is outside the range of the training data"),
        (MASS, math.inf, "outside the range of the training data"),
        (MASS, -math.inf, "outside the range of the training data"),
        (MASS, True, "must be a number, but is 'True'"),
        (MASS, "5000", "must be a number, but is '5000'"),
        (MASS, [5000], "must be a number"),
        (MASS, {"a": 1}, "must be a number"),
        (FLIGHT, None, "Flight (flight) is missing. Enter a whole number from 1 to 14."),
        (FLIGHT, 2.5, "must be a whole number, but is 2.5"),
        (FLIGHT, 10**400, "outside the range of the training data"),
        (ORBIT, None, "Orbit (orbit) is missing. Enter one of: LEO, GTO."),
        (ORBIT, "leo", "is 'leo', which is not in the training data"),
        (ORBIT, 7, "must be text, but is '7'"),
        (ORBIT, "x" * 10_000, "…"),
    ],
)
def test_refuses_with_the_field_and_the_fix(field, value, words):
    with pytest.raises(SpaceHubError) as caught:
        field.check(value)
    assert words in str(caught.value)
    assert field.allowed in caught.value.fix
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("field", "texts", "values", "at_fault"),
    [
        (
            MASS,
            ["5000", " 6000.5 ", "", "NaN", "1e3", "abc", "1e9", "inf"],
            [5000, 6000.5, None, None, 1000],
            [5, 6, 7],
        ),
        (FLIGHT, ["1", "2.0", "2.5", "", "x"], [1, 2], [2, 3, 4]),
        (ORBIT, ["LEO", " GTO", "", "leo", "N/A"], ["LEO", "GTO"], [2, 3, 4]),
        (SITE, ["A", "nan", "", "null"], ["A", "nan", "", ""], []),
    ],
)
def test_reads_a_column(field, texts, values, at_fault):
    found, problems = field.read(pd.Series(texts, dtype=object))
    assert sorted(problems) == at_fault
    assert all(field.title in problem for problem in problems.values())
    good = [value for row, value in enumerate(found.tolist()) if row not in at_fault]
    assert [None if value != value else value for value in good] == values


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [{"name": "a"}]}', '{"features": 3}'])
def test_a_broken_description_is_a_sentence(text, tmp_path):
    path = tmp_path / "inputs.json"
    path.write_text(text)
    with pytest.raises(SpaceHubError, match=r"Cannot read inputs\.json of the published model"):
        load_fields(path)


def test_reads_a_description(tmp_path):
    path = tmp_path / "inputs.json"
    number = {"name": "n", "label": "N", "unit": "kg", "kind": "number", "min": 1, "max": 2, "why": "because"}
    category = {
        "name": "c",
        "label": "C",
        "kind": "category",
        "choices": ["x"],
        "default": "x",
        "optional": True,
    }
    path.write_text(json.dumps({"features": [number, category], "target": "t"}))
    first, second = load_fields(path)
    assert (first.minimum, first.maximum, first.unit, first.why, first.optional) == (
        1,
        2,
        "kg",
        "because",
        False,
    )
    assert (second.choices, second.default, second.optional) == (("x",), "x", True)
