"""The Lab's telemetry on the page and through the API, over a Hub that holds the dataset."""

import json

import numpy as np
import pytest

from spacehub.lab.telemetry import judge
from spacehub.lab.telemetry.detectors import DETECTORS, Panel
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import read
from tests.space_app.lab.pages import drawn
from tests.space_app.screens import PHONE_FIRST

PAGE = "telemetry"
BENCHES = {"telemetry": 2, "telemetry-fault": 2, "telemetry-judged": 1, "telemetry-cleaning": 1}


@pytest.fixture(scope="module")
def built(stocked):
    """The folder that the real command has published."""
    return stocked.built / "falcon9-telemetry"


@pytest.fixture(scope="module")
def panel(built):
    return Panel(read(built))


def test_an_ascent_is_that_of_the_dataset(ask, panel):
    flights = panel.flights
    answer = ask("telemetry", launch=flights.launches[4], quantity="altitude_km", second=100)
    values = flights.values["altitude_km"]
    assert answer["launches"] == list(flights.launches)
    np.testing.assert_array_equal(answer["values"], values[4, : flights.seconds[4]])
    assert answer["median"] == pytest.approx(np.median(values[:, 100]))
    assert answer["lowest"] == flights.launches[values[:, 100].argmin()]
    assert answer["events"]["meco"] == flights.events["meco"][4]
    assert answer["source"]["dataset"] == "spacehub/falcon9-telemetry"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed_as_the_lab_notices_it(ask, panel, fault):
    size = FAULTS[fault].sizes[4]
    launch = panel.flights.launches[6]
    answer = ask("telemetry_fault", launch=launch, fault=fault, size=size, onset=70)
    trial = judge.try_fault(panel, 6, fault, size, 70, judge.FALSE_ALARMS)
    assert [one["detector"] for one in answer["detectors"]] == list(DETECTORS)
    assert [one["first_alarm_s"] for one in answer["detectors"]] == trial.first
    np.testing.assert_allclose(answer["speed_m_s"], trial.speed)
    assert (np.array(answer["speed_m_s"]) != panel.speed[6]).nonzero()[0][0] == 70


def test_the_judgement_and_the_cleaning_are_those_of_the_dataset(ask, built):
    record = json.loads((built / "build.json").read_text())
    judged, cleaning = ask("telemetry_judged"), ask("telemetry_cleaning")
    assert judged["rows"] == record["judged"]["rows"]
    assert judged["clean"] == record["judged"]["clean"]
    assert cleaning["traps"] == record["traps"]
    assert cleaning["source"]["simulated"] == record["simulated"]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("telemetry", {"launch": "Apollo 11"}, "The launch 'Apollo 11' does not exist"),
        ("telemetry", {"quantity": "colour"}, "The parameter quantity"),
        ("telemetry", {"second": 5000}, "The parameter second"),
        ("telemetry", {"second": -1}, "The parameter second"),
        ("telemetry", {"followed": "third stage"}, "The parameter followed"),
        ("telemetry_fault", {"fault": "meteorite"}, "The parameter fault"),
        (
            "telemetry_fault",
            {"fault": "engine out", "size": 10},
            "Invalid size for the fault 'engine out': 10 of nine engines",
        ),
        ("telemetry_fault", {"size": -1}, "The parameter size"),
        ("telemetry_fault", {"onset": 0}, "The parameter onset"),
        ("telemetry_fault", {"onset": 400}, "The parameter onset"),
        (
            "telemetry_fault",
            {"false_alarms": 0.9},
            "The parameter false_alarms",
        ),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


@pytest.mark.browser
@PHONE_FIRST
def test_the_tab_follows_its_controls(stocked, open_page, screenshots, width, dark):
    page = open_page(stocked, "lab/telemetry/", width=width, dark=dark)
    page.set_default_timeout(90_000)
    benches = {key: page.locator(f"#bench-{key}") for key in BENCHES}
    for key, bench in benches.items():
        bench.locator(".lab-plot").first.wait_for(state="attached")
        assert len(drawn(bench)) == BENCHES[key]
        assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
    ascents, fault = benches["telemetry"], benches["telemetry-fault"]
    before = drawn(ascents)
    ascents.get_by_label("number input for Compare at").fill("100")
    ascents.locator(".lab-answer", has_text="At T+100 s").wait_for()
    ascents.locator(".lab-plot").first.and_(page.locator(f'[data-drawn="{before[0] + 1}"]')).wait_for()
    fault.get_by_label("dropout", exact=True).check()
    fault.get_by_label("number input for Size").fill("6")
    fault.locator(".lab-answer", has_text="dropout, 100 %").wait_for()
    assert "reading drops" in fault.locator(".lab-numbers").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shade = "dark" if dark else "light"
    screenshots(page, f"lab-telemetry-{width}-{shade}.png", full_page=True)
