"""Faults put into ascents and what notices them, against closed forms, SciPy, scikit-learn, and the injected truth."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import solve_ivp
from sklearn.cluster import DBSCAN
from sklearn.ensemble import IsolationForest

from spacehub.data.falcon9_telemetry import clean, simulated
from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import detectors, faults, flights, judge, profile, spread
from spacehub.lab.telemetry.detectors import DETECTORS, FIRST_SECOND, LAST_SECOND, Panel
from spacehub.lab.telemetry.faults import FAULTS, G, inject

SECONDS = LAST_SECOND + 1


@pytest.fixture(scope="module")
def records():
    return flights.of_tables(*clean.clean(simulated.raw(0)))


@pytest.fixture(scope="module")
def panel(records):
    return Panel(records)


@pytest.fixture(scope="module")
def judged(panel):
    return judge.judge(panel)


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
            "no fault 'landing'. Use one of: engine out, sensor freeze, spike, drift, dropout",
        ),
        (("engine out", 9.5, 50), "has no size of 9.5 of nine engines. Use 0 to 9"),
        (("spike", float("nan"), 50), "no size of nan m/s"),
        (("drift", 1, 0), r"cannot begin at T\+0 s"),
        (("drift", 1, 136), r"cannot begin at T\+136 s. Use a second from 1 to 135"),
    ],
)
def test_a_fault_that_makes_no_sense_is_a_sentence(panel, given, words):
    with pytest.raises(SpaceHubError, match=words):
        inject(*given, panel.speed[0], panel.altitude[0])


def test_the_forecast_is_the_line_of_polyfit():
    rng = np.random.default_rng(0)
    residual = rng.normal(size=40)
    ours = profile.features(residual, residual)[:, 2]
    for second in 6, 20, 39:
        before = np.arange(second - 6, second)
        line = np.polynomial.Polynomial.fit(before, residual[before], 1)
        assert ours[second] == pytest.approx(residual[second] - line(second))


def test_the_scale_is_scipys_median_absolute_deviation(panel):
    normal = profile.fit(panel.speed, panel.altitude)
    residual = panel.speed - np.median(panel.speed, axis=0)
    deviation = stats.median_abs_deviation(residual, axis=0, scale="normal")
    around = [deviation[second - 5 : second + 6].mean() for second in range(20, 130)]
    np.testing.assert_allclose(normal.scale[20:130, 0], np.maximum(around, 1), rtol=1e-3)
    z = normal.robust_z(panel.speed, panel.altitude)
    np.testing.assert_allclose(z[:, 60, 0], (residual / normal.scale[:, 0])[:, 60])


def test_what_is_seen_at_a_second_knows_nothing_of_later_ones(panel):
    normal = profile.fit(panel.speed, panel.altitude)
    speed, altitude = panel.speed[0].copy(), panel.altitude[0].copy()
    before = normal.robust_z(speed, altitude)
    speed[81:] += 1000
    altitude[81:] = 0
    after = normal.robust_z(speed, altitude)
    np.testing.assert_array_equal(before[:81], after[:81])
    assert (before[81:] != after[81:]).any()


def test_the_cores_are_those_of_scikit_learn_and_so_is_what_is_noise(panel):
    fitted = detectors.fit(panel.speed, panel.altitude)
    z = fitted.profile.robust_z(panel.speed, panel.altitude)[:, FIRST_SECOND:].reshape(-1, 5)
    points = detectors.squeezed(z)
    theirs = DBSCAN(eps=fitted.radius, min_samples=10).fit(points)
    measured = fitted.measure(panel.speed, panel.altitude).reshape(-1, 7)
    np.testing.assert_array_equal(measured[:, 6] > fitted.radius, theirs.labels_ == -1)
    assert len(fitted.cores.data) == pytest.approx(0.9 * len(points), rel=0.01)
    forest = IsolationForest(n_estimators=100, random_state=0).fit(z)
    np.testing.assert_allclose(measured[:, 5], -forest.score_samples(z))
    np.testing.assert_array_equal(measured[:, :5], np.abs(z))


def test_no_flight_has_a_part_in_what_judges_it(records, panel):
    """The flights of a fold are replaced by nonsense: their detectors, limits and thresholds stay as they are."""
    other = Panel(records)
    other.speed, other.altitude = panel.speed.copy(), panel.altitude.copy()
    mine = panel.fold == 2
    other.speed[mine], other.altitude[mine] = 5.0, -3.0
    ours, theirs = panel.judging(2), other.judging(2)
    np.testing.assert_array_equal(ours.worst, theirs.worst)
    np.testing.assert_array_equal(ours.limits, theirs.limits)
    np.testing.assert_array_equal(
        ours.scores(panel.speed[mine], panel.altitude[mine]),
        theirs.scores(panel.speed[mine], panel.altitude[mine]),
    )
    assert len(ours.worst) == (~mine).sum()


@pytest.mark.parametrize("share", [0, 0.1, 0.25, 0.5])
def test_a_threshold_lets_through_the_share_that_is_allowed(panel, share):
    judging = panel.judging(0)
    alarmed = (judging.worst > judging.thresholds(share)).mean(axis=0)
    assert (np.abs(alarmed - share) <= 1 / len(judging.worst)).all()


def test_more_false_alarms_than_half_cannot_be_allowed(panel):
    with pytest.raises(SpaceHubError, match="60% of the flights cannot be allowed"):
        panel.judging(0).thresholds(0.6)


def test_scores_since_an_onset_are_those_of_the_whole_ascent(panel):
    judging = panel.judging(1)
    ascent = inject("drift", 4, 70, panel.speed[1], panel.altitude[1])
    np.testing.assert_allclose(
        judging.scores(*ascent, since=70), judging.scores(*ascent)[70 - FIRST_SECOND :]
    )


def test_a_gross_fault_is_noticed_in_the_very_second_it_is_put_in(panel):
    quiet = [
        row
        for row in range(len(panel.speed))
        if judge.try_fault(panel, row, "spike", 0, 60, 0.1).first == [None] * 3
    ]
    assert len(quiet) > len(panel.speed) / 2
    for row in quiet[:4]:
        for fault, size, onset in ("dropout", 100, 90), ("spike", 500, 77):
            trial = judge.try_fault(panel, row, fault, size, onset, 0.1)
            # The forest's scores are near one another far out, so it may miss even this one.
            assert trial.first[::2] == [onset, onset]
            assert trial.scores[onset - FIRST_SECOND, 1] > trial.clean[onset - FIRST_SECOND, 1]


def test_the_judgement_is_that_of_one_run_after_the_other(panel, judged):
    """Recall, precision and delay counted anew, flight by flight, for some of the cells."""
    for fault, size in ("engine out", 2), ("spike", 8), ("drift", 8), ("sensor freeze", 1):
        noticed, alarms, delays = np.zeros(3), np.zeros(3), ([], [], [])
        for row in range(len(panel.speed)):
            unharmed = judge.try_fault(panel, row, fault, 0, 50, judge.FALSE_ALARMS).first
            for onset in judge.ONSETS:
                first = judge.try_fault(panel, row, fault, size, onset, judge.FALSE_ALARMS).first
                for place in range(3):
                    alarms[place] += (unharmed[place] is not None) + (first[place] is not None)
                    if first[place] is not None and first[place] >= onset:
                        noticed[place] += 1
                        delays[place].append(first[place] - onset)
        for place, detector in enumerate(DETECTORS):
            [told] = [
                line
                for line in judged["rows"]
                if (line["detector"], line["fault"], line["size"]) == (detector, fault, size)
            ]
            assert told["recall"] == pytest.approx(noticed[place] / judged["runs"])
            if alarms[place]:
                assert told["precision"] == pytest.approx(noticed[place] / alarms[place])
            assert told["delay_s"] == (pytest.approx(np.median(delays[place])) if delays[place] else None)


def test_the_judgement_holds_together(judged):
    for row in judged["rows"]:
        assert 0 <= row["recall_low"] <= row["recall"] <= row["recall_high"] <= 1
        if row["precision"] is None:
            assert row["recall"] == 0
        else:
            assert 0 <= row["precision_low"] <= row["precision"] <= row["precision_high"] <= 1
    for name, fault in FAULTS.items():
        for detector in DETECTORS:
            recall = {
                row["size"]: row["recall"]
                for row in judged["rows"]
                if (row["detector"], row["fault"]) == (detector, name)
            }
            assert recall[fault.sizes[-1]] > recall[fault.sizes[0]], (name, detector)


def test_an_interval_counts_flights_not_runs(judged):
    [row] = [
        line
        for line in judged["rows"]
        if (line["detector"], line["fault"], line["size"]) == ("DBSCAN", "engine out", 2)
    ]
    theirs = stats.binomtest(round(row["recall"] * judged["flights"]), judged["flights"]).proportion_ci(
        method="wilson"
    )
    assert row["recall_high"] - row["recall_low"] == pytest.approx(theirs.high - theirs.low, abs=0.03)


def test_too_few_flights_or_short_ones_are_a_sentence(records):
    rows = slice(0, 5)
    few = flights.Flights(
        launches=records.launches[rows],
        followed=records.followed[rows],
        seconds=records.seconds[rows],
        values={name: values[rows] for name, values in records.values.items()},
        events={name: times[rows] for name, times in records.events.items()},
    )
    with pytest.raises(SpaceHubError, match="5 flights are too few"):
        Panel(few)


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
        ("taste", 10, "no quantity 'taste'"),
        ("altitude_km", 9999, r"No record of these has a second T\+9999. The longest of all ends at T\+"),
        ("altitude_km", -5, r"T\+-5"),
    ],
)
def test_no_spread_is_a_sentence(records, quantity, second, words):
    with pytest.raises(SpaceHubError, match=words):
        spread.spread(records, quantity, second)


def test_files_that_are_no_telemetry_are_a_sentence(tmp_path):
    (tmp_path / "telemetry.csv").write_text("launch,time_s\nA,0\n")
    (tmp_path / "events.csv").write_text("launch\nA\n")
    with pytest.raises(SpaceHubError, match=r"telemetry\.csv and events\.csv are no telemetry"):
        flights.read(tmp_path)
    with pytest.raises(SpaceHubError, match="no launch named 'B'"):
        flights.of_tables(*clean.clean(simulated.raw(0))).place("B")


def test_sizes_are_steps_from_small_to_large():
    for fault in FAULTS.values():
        assert len(fault.sizes) == 6
        assert list(fault.sizes) == sorted(fault.sizes)
        assert fault.sizes[-1] <= fault.most
    assert faults.ENGINES == 9
