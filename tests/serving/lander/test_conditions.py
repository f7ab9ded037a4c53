"""What a flight may be flown in."""

import math

import numpy as np
import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.lander.conditions import Conditions, check_seed


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"gravity": 0}, "Gravity is 0, which is out of range. Enter a number between -12 and 0"),
        ({"gravity": -12.0}, "Gravity is -12, which is out of range"),
        ({"gravity": 3}, "Gravity is '3', which is out of range"),
        ({"gravity": "-10"}, "Gravity must be a number, but is '-10'"),
        ({"gravity": math.nan}, "Gravity must be a number, but is 'nan'"),
        ({"gravity": None}, "Gravity must be a number, but is 'None'"),
        ({"wind_power": -0.1}, "Wind is '-0.1', which is out of range. Enter a number from 0 to 20."),
        ({"wind_power": math.inf}, "Wind is 'inf', which is out of range"),
        ({"wind_power": 10**400}, "out of range"),
        ({"wind_power": True}, "Wind must be a number, but is 'True'"),
        (
            {"turbulence_power": 2.01},
            "Turbulence is '2.01', which is out of range. Enter a number from 0 to 2.",
        ),
    ],
)
def test_conditions_beyond_their_range_are_told(given, words):
    with pytest.raises(SpaceHubError) as caught:
        Conditions(**given)
    assert words in str(caught.value)


def test_conditions_are_what_gymnasium_takes():
    calm = Conditions(gravity=-1, wind_power=0, turbulence_power=0)
    assert calm == Conditions(gravity=-1.0)
    assert calm.keywords()["enable_wind"] is False
    for windy in Conditions(wind_power=20), Conditions(turbulence_power=0.5):
        assert windy.keywords()["enable_wind"] is True


@pytest.mark.parametrize("seed", ["3.5", "abc", "7", 3.5, math.nan, math.inf, True, [1]])
def test_a_seed_that_is_no_whole_number_is_told(seed):
    with pytest.raises(
        SpaceHubError, match=r"not a whole number. Enter a whole number from 0 to 2,147,483,647\."
    ):
        check_seed(seed)


def test_a_seed_that_was_left_out_is_told():
    with pytest.raises(SpaceHubError, match="The seed is missing"):
        check_seed(None)


@pytest.mark.parametrize("seed", [-1, 2**31, 1e30, 10**400])
def test_a_seed_beyond_its_range_is_told(seed):
    with pytest.raises(SpaceHubError, match="out of range"):
        check_seed(seed)


@pytest.mark.parametrize("seed", [0, 7, 7.0, 2**31 - 1, np.int64(7)])
def test_a_seed_is_taken(seed):
    assert check_seed(seed) == seed
    assert type(check_seed(seed)) is int
