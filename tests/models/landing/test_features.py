"""Features are computed from earlier rows alone, and the form's description fits every row."""

import numpy as np
import pandas as pd
import pytest

from spacehub.models.landing.features import FEATURES, NAMES, inputs, make_flights

OUTCOMES = [False, True, False, True, None, True]


@pytest.fixture
def launches():
    """Seven launches, the first by parachute."""
    types = ["Parachute", "Ocean", "ASDS", "ASDS", "RTLS", None, "ASDS"]
    return pd.DataFrame(
        {
            "name": list("ABCDEFG"),
            "date_utc": pd.date_range("2014-01-01", periods=7, freq="30D"),
            "booster_serial": [f"B{n}" for n in range(7)],
            "booster_flight": pd.array([1, 1, 1, 2, 1, 1, 3], dtype="Int32"),
            "block": pd.array([1, 1, 1, 2, 2, 2, 2], dtype="Int32"),
            "launch_site": "KSC LC-39A",
            "orbit": ["LEO", "LEO", None, "GTO", "LEO", "LEO", "LEO"],
            "payload_mass_kg": [np.nan, 500, 1000, 2000, np.nan, 1, 4000],
            "landing_type": types,
            "landed": pd.array([False, *OUTCOMES], dtype="boolean"),
        }
    )


def test_values_by_hand(launches):
    flights = make_flights(launches)
    assert flights["name"].tolist() == list("BCDEG"), "no parachute, no flight without a landing"
    expected = {
        "earlier_attempts": [0, 1, 2, 3, 4],
        "earlier_attempts_same_type": [0, 0, 1, 0, 2],
        "earlier_attempts_same_block": [0, 1, 0, 1, 2],
        "landed_share_last_ten": [0.5, 0, 1 / 2, 1 / 3, 1 / 2],
        "booster_flight": [1, 1, 2, 1, 3],
        "orbit": ["LEO", "", "GTO", "LEO", "LEO"],
    }
    for name, values in expected.items():
        if isinstance(values[0], str):
            assert flights[name].tolist() == values
        else:
            np.testing.assert_allclose(flights[name], values, err_msg=name)
    assert np.isnan(flights["payload_mass_kg"][3])


@pytest.mark.parametrize("row", [0, 1, 40, 120, -2])
def test_changing_the_present_outcome_and_the_future_changes_no_feature(table, flights, row):
    now = flights["date_utc"].iloc[row]
    other = table.copy()
    present, future = other["date_utc"] == now, other["date_utc"] > now
    other.loc[present | future, "landed"] = ~other.loc[present | future, "landed"]
    other.loc[future, ["orbit", "launch_site", "landing_type"]] = "changed"
    other.loc[future, ["payload_mass_kg", "booster_flight", "block"]] = 9
    until = flights["date_utc"] <= now
    again = make_flights(other)
    pd.testing.assert_frame_equal(again.loc[until, list(NAMES)], flights.loc[until, list(NAMES)])


def test_an_earlier_outcome_does_change_the_next_row(table, flights):
    other = table.copy()
    first = other["date_utc"] == flights["date_utc"].iloc[0]
    other.loc[first, "landed"] = ~other.loc[first, "landed"]
    assert make_flights(other)["landed_share_last_ten"][1] != flights["landed_share_last_ten"][1]


def test_the_order_of_the_table_does_not_matter_and_it_stays_as_it_is(table, flights):
    shuffled = table.sample(frac=1, random_state=0)
    before = shuffled.copy()
    pd.testing.assert_frame_equal(make_flights(shuffled), flights)
    pd.testing.assert_frame_equal(shuffled, before)


def test_the_form_takes_every_row_and_its_own_default(flights):
    described = inputs(flights)["features"]
    assert [entry["name"] for entry in described] == list(NAMES)
    for entry, feature in zip(described, FEATURES, strict=True):
        values = [*flights[feature.name].dropna(), entry["default"]]
        if entry["kind"] == "number":
            assert entry["min"] <= min(values) <= max(values) <= entry["max"]
        else:
            assert set(values) - {""} <= set(entry["choices"])
        assert entry["why"].endswith(".")
    usual = {entry["name"]: entry["default"] for entry in described}
    assert usual["earlier_attempts"] == len(flights), "the default is the next flight"
