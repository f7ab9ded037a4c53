"""The Lab's experiment Orbits, as a program calls it."""

import pytest

from spacehub.lab import kepler


@pytest.fixture
def page(lab):
    return lab("orbits")


def test_an_orbit(page):
    answer = page.predict(orbit="ISS", method="RK4", steps_per_orbit=400, orbits=3, api_name="/lab_orbit")
    assert answer["period_s"] == pytest.approx(kepler.ORBITS["ISS"].period)
    assert answer["energy_drift"] < 1e-8
    assert answer["error_km"] < 0.01


def test_a_hohmann_transfer(page):
    answer = page.predict(191.34411, 35_781.34857, api_name="/lab_hohmann")
    assert answer["delta_v_m_s"] == pytest.approx(3935.224, rel=2e-5)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lab_orbit", {"orbit": "Pluto"}, "orbit.*Choose one of: ISS"),
        ("lab_orbit", {"steps_per_orbit": 10**9}, "steps_per_orbit.*from 8 to 4,000"),
        ("lab_orbit", {"steps_per_orbit": 4000, "orbits": 20}, "80,000 steps.*limit is 8,000"),
        ("lab_hohmann", {"from_altitude_km": -1}, "from_altitude_km.*from 150"),
        ("lab_hohmann", {"from_altitude_km": 500, "to_altitude_km": 500}, "same altitude"),
    ],
)
def test_errors_name_the_cause(page, name, change, words):
    with pytest.raises(Exception, match=words):
        page.predict(**change, api_name=f"/{name}")
