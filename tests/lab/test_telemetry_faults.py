"""Faults put into ascents, against closed forms and a flight that SciPy integrates."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import faults
from spacehub.lab.telemetry.faults import FAULTS, G, inject


def climb(seconds: int, *, thrust: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    """Straight up under constant thrust: closed forms of speed and altitude."""
    time = np.arange(seconds)
    return (thrust - G) * time.astype(float), (thrust - G) * time**2 / 2.0


def test_an_engine_out_straight_up_is_the_closed_form():
    speed, altitude = climb(100)
    slower, lower = inject("engine out", 3, 40, speed, altitude)
    since = np.clip(np.arange(100) - 39, 0, None)
    # Of the last second the rate of climb is not known as well.
    for ours, closed in (
        ((speed - slower), 20 * 3 / 9 * since),
        ((altitude - lower), 20 * 3 / 9 * since**2 / 2),
    ):
        np.testing.assert_allclose(ours[:-1], closed[:-1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("engines", [0.5, 1, 2])
def test_an_engine_out_is_near_a_gravity_turn_integrated_anew(engines):
    """SciPy integrates the whole motion with less thrust; the formula, which leaves the path as it was, stays near."""

    def turn(share):
        def rates(t, state):
            speed, path, _ = state
            push = 16 / (1 - t / 300) * (share if t >= 59 else 1)
            return push - G * np.sin(path), -G / speed * np.cos(path), speed * np.sin(path)

        start = [30.0, np.radians(89.5), 0.0]
        return solve_ivp(rates, (0, 100), start, t_eval=np.arange(101), rtol=1e-9, max_step=0.5).y

    whole, less = turn(1), turn(1 - engines / 9)
    slower, lower = inject("engine out", engines, 60, whole[0], whole[2])
    lost = whole[0] - less[0]
    np.testing.assert_array_equal(slower[:60], whole[0][:60])
    # The engines fail in the second that ends at the onset. A path that is flown more slowly bends more; what that
    # gives back of the speed is left out.
    np.testing.assert_allclose((whole[0] - slower)[65:91], lost[65:91], rtol=0.02)
    assert (whole[2] - lower)[90] == pytest.approx((whole[2] - less[2])[90], rel=0.06)


@pytest.mark.parametrize(
    ("fault", "size", "differ"),
    [
        ("sensor freeze", 4, {40: 390.0, 43: 390.0, 44: 440.0}),
        ("spike", 25, {39: 390.0, 40: 425.0, 41: 410.0}),
        ("drift", 2, {39: 390.0, 40: 402.0, 49: 510.0}),
        ("dropout", 50, {39: 390.0, 40: 200.0, 42: 210.0, 43: 430.0}),
        ("dropout", 100, {40: 0.0, 42: 0.0, 43: 430.0}),
    ],
)
def test_a_sensor_fault_is_what_it_says(fault, size, differ):
    speed, altitude = 10.0 * np.arange(60), np.arange(60.0)
    read, height = inject(fault, size, 40, speed, altitude)
    assert {second: read[second] for second in differ} == differ
    np.testing.assert_array_equal(height, altitude)
    np.testing.assert_array_equal(read[:40], speed[:40])


@pytest.mark.parametrize("fault", FAULTS)
def test_no_size_is_no_fault_and_many_flights_are_each_as_one(panel, fault):
    speed, altitude = panel.speed, panel.altitude
    assert inject(fault, 0, 50, speed, altitude) == (speed, altitude)
    together = inject(fault, FAULTS[fault].sizes[3], 50, speed, altitude)
    for row in 0, 7:
        one = inject(fault, FAULTS[fault].sizes[3], 50, speed[row], altitude[row])
        for all_of_them, alone in zip(together, one, strict=True):
            np.testing.assert_array_equal(all_of_them[row], alone)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            ("landing", 1, 50),
            "Unknown fault type: 'landing'. Choose one of: engine out, sensor freeze, spike, drift, dropout",
        ),
        (
            ("engine out", 9.5, 50),
            "Invalid size for the fault 'engine out': 9.5 of nine engines. Choose a size from 0 to 9",
        ),
        (("spike", float("nan"), 50), "Invalid size for the fault 'spike': nan m/s"),
        (("drift", 1, 0), r"cannot start at T\+0 s"),
        (("drift", 1, 136), r"cannot start at T\+136 s. Choose a start from T\+1 to T\+135 s"),
    ],
)
def test_a_fault_that_makes_no_sense_is_a_sentence(panel, given, words):
    with pytest.raises(SpaceHubError, match=words):
        inject(*given, panel.speed[0], panel.altitude[0])


def test_sizes_are_steps_from_small_to_large():
    for fault in FAULTS.values():
        assert len(fault.sizes) == 6
        assert list(fault.sizes) == sorted(fault.sizes)
        assert fault.sizes[-1] <= fault.most
    assert faults.ENGINES == 9
