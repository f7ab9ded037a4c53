"""The Lab's experiment Many bodies, as a program calls it."""

import pytest


@pytest.fixture
def page(lab):
    return lab("many-bodies")


def test_the_solar_system(page):
    system = page.predict(years=30, step_days=5, api_name="/lab_solar_system")
    assert system["energy_drift"] < 1e-3
    # A step of five days is too long for the inner planets, which the energy does not show.
    assert system["half_step_planet"] == "Venus"
    assert system["half_step_change_km"] == pytest.approx(1.478e8, rel=0.01)


def test_lagrange_points(page):
    craft = {
        point: page.predict(point=point, offset_km=2000, months=6, api_name="/lab_lagrange")
        for point in ("L1", "L4")
    }
    assert {point: (one["stayed"], one["never_left"], one["hit"]) for point, one in craft.items()} == {
        "L1": (5, 0, 1),
        "L4": (12, 12, 0),
    }
    assert max(one["jacobi_drift"] for one in craft.values()) < 1e-7


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("lab_solar_system", {"step_days": 60}, "step_days.*from 0.5 to 8.8"),
        ("lab_solar_system", {"years": 100, "step_days": 0.5}, "73,050 steps.*limit is 8,000"),
        ("lab_lagrange", {"point": "L9"}, "point.*Choose one of: L1"),
    ],
)
def test_errors_name_the_cause(page, name, change, words):
    with pytest.raises(Exception, match=words):
        page.predict(**change, api_name=f"/{name}")
