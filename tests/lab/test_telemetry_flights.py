"""Ascents as they are read, and their spread, against NumPy."""

import numpy as np
import pytest

from spacehub.data.falcon9_telemetry import clean, simulated
from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import flights, spread


@pytest.mark.parametrize("followed", [spread.EVERY, flights.FIRST, flights.SECOND])
def test_the_spread_is_that_of_numpy(records, followed):
    seen = spread.spread(records, "altitude_km", 300, followed=followed)
    kept = [row for row, stage in enumerate(records.followed) if followed in (spread.EVERY, stage)]
    values = records.values["altitude_km"][kept, 300]
    np.testing.assert_array_equal(seen.values, values)
    assert (seen.low, seen.median, seen.high) == pytest.approx(tuple(np.quantile(values, [0.05, 0.5, 0.95])))
    assert records.values["altitude_km"][seen.lowest, 300] == values.min()
    assert seen.highest in kept


@pytest.mark.parametrize(
    ("quantity", "second", "words"),
    [
        ("taste", 10, "Unknown quantity: 'taste'"),
        ("altitude_km", 9999, r"None of these records reaches T\+9999 s. The longest record ends at T\+"),
        ("altitude_km", -5, r"T\+-5"),
    ],
)
def test_no_spread_is_a_sentence(records, quantity, second, words):
    with pytest.raises(SpaceHubError, match=words):
        spread.spread(records, quantity, second)


def test_files_that_are_no_telemetry_are_a_sentence(tmp_path):
    (tmp_path / "telemetry.csv").write_text("launch,time_s\nA,0\n")
    (tmp_path / "events.csv").write_text("launch\nA\n")
    with pytest.raises(SpaceHubError, match=r"Cannot read the telemetry in telemetry\.csv and events\.csv"):
        flights.read(tmp_path)
    with pytest.raises(SpaceHubError, match="Unknown launch: 'B'"):
        flights.of_tables(*clean.clean(simulated.raw(0))).place("B")
