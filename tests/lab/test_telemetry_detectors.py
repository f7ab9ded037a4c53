"""What notices faults in ascents, against SciPy and scikit-learn, and how well, counted again flight by flight."""

import numpy as np
import pytest
from scipy import stats
from sklearn.cluster import DBSCAN
from sklearn.ensemble import IsolationForest

from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry import detectors, flights, judge, profile
from spacehub.lab.telemetry.detectors import DETECTORS, FIRST_SECOND, Panel
from spacehub.lab.telemetry.faults import FAULTS, inject
from tests.doses import dose


@pytest.fixture(scope="module")
def judged(panel):
    return judge.judge(panel)


@pytest.fixture(scope="module")
def unharmed(panel):
    """When each detector first gives a false alarm, flight by flight."""
    return [
        judge.try_fault(panel, row, "spike", 0, 50, judge.FALSE_ALARMS).first
        for row in range(len(panel.speed))
    ]


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
    with pytest.raises(SpaceHubError, match="rate of 60% is out of range"):
        panel.judging(0).thresholds(0.6)


def test_scores_since_an_onset_are_those_of_the_whole_ascent(panel):
    judging = panel.judging(1)
    ascent = inject("drift", 4, 70, panel.speed[1], panel.altitude[1])
    np.testing.assert_allclose(
        judging.scores(*ascent, since=70), judging.scores(*ascent)[70 - FIRST_SECOND :]
    )


def test_too_few_flights_or_short_ones_are_a_sentence(records):
    rows = slice(0, 5)
    few = flights.Flights(
        launches=records.launches[rows],
        followed=records.followed[rows],
        seconds=records.seconds[rows],
        values={name: values[rows] for name, values in records.values.items()},
        events={name: times[rows] for name, times in records.events.items()},
    )
    with pytest.raises(SpaceHubError, match="on only 5 flights"):
        Panel(few)


def test_a_gross_fault_is_noticed_in_the_very_second_it_is_put_in(panel, unharmed):
    quiet = [row for row, first in enumerate(unharmed) if first == [None] * 3]
    assert len(quiet) > len(panel.speed) / 2
    for row in quiet[:4]:
        for fault, size, onset in ("dropout", 100, 90), ("spike", 500, 77):
            trial = judge.try_fault(panel, row, fault, size, onset, 0.1)
            # The forest's scores are near one another far out, so it may miss even this one.
            assert trial.first[::2] == [onset, onset]
            assert trial.scores[onset - FIRST_SECOND, 1] > trial.clean[onset - FIRST_SECOND, 1]


def test_the_judgement_is_that_of_one_run_after_the_other(panel, judged, unharmed):
    """Recall, precision and delay counted again, flight by flight, for some of the cells."""
    cells = ("engine out", 2), ("drift", 8), ("spike", 8), ("sensor freeze", 1)
    for fault, size in cells[: dose(2, 4)]:
        noticed, alarms, delays = np.zeros(3), np.zeros(3), ([], [], [])
        for row in range(len(panel.speed)):
            for onset in judge.ONSETS:
                first = judge.try_fault(panel, row, fault, size, onset, judge.FALSE_ALARMS).first
                for place in range(3):
                    alarms[place] += (unharmed[row][place] is not None) + (first[place] is not None)
                    if first[place] is not None and first[place] >= onset:
                        noticed[place] += 1
                        delays[place].append(first[place] - onset)
        for place, detector in enumerate(DETECTORS):
            [answer] = [
                line
                for line in judged["rows"]
                if (line["detector"], line["fault"], line["size"]) == (detector, fault, size)
            ]
            assert answer["recall"] == pytest.approx(noticed[place] / judged["runs"])
            if alarms[place]:
                assert answer["precision"] == pytest.approx(noticed[place] / alarms[place])
            assert answer["delay_s"] == (pytest.approx(np.median(delays[place])) if delays[place] else None)


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
