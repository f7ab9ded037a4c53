"""The Lab's experiment Regression, as a program calls it, over a Hub that has the launches."""

import numpy as np
import pytest

from spacehub.lab import launches as lab_launches
from spacehub.lab import regression_nebulae, regression_payload


@pytest.fixture
def ask(lab):
    return lambda name, **given: lab("regression").predict(**given, api_name=f"/{name}")


@pytest.fixture(scope="module")
def launches(published):
    return lab_launches.read(published.artefacts / "falcon9-landings" / "launches.csv")


def test_hubbles_line(ask):
    answer = ask("lab_nebulae", learning_rate=0.9, steps=150)
    learned = regression_nebulae.learn(share=0.9, steps=150, standardised=False)
    assert answer["slopes"] == pytest.approx([learned.slope(weights) for weights in learned.path])
    assert answer["slopes"][-1] == pytest.approx(answer["normal_equations"], rel=1e-6)
    assert not answer["diverged"]
    assert ask("lab_nebulae", learning_rate=1.01, steps=500)["diverged"]


def test_overfitting(ask):
    low, high = (ask("lab_overfit", degree=degree, noise_mag=0.2) for degree in (5, 14))
    assert high["error"] < low["error"]
    assert high["expected_on_new"] > low["expected_on_new"]
    parts = [high[name] ** 2 for name in ("noise", "bias", "spread")]
    assert sum(parts) == pytest.approx(high["expected_on_new"] ** 2)
    assert (
        ask("lab_overfit", degree=14, noise_mag=0.2, ridge=0.1)["expected_on_new"] < high["expected_on_new"]
    )


def test_the_chance_of_a_landing(ask, launches):
    answer = ask("lab_landing_chance", number="block", values=[1, 3, 5], steps=2000)
    assert answer["chances"] == sorted(answer["chances"])
    assert answer["log_loss"] == pytest.approx(answer["least_log_loss"], abs=1e-9)
    assert answer["log_loss"] < answer["log_loss_of_share"]
    assert (answer["launches"], answer["landed"]) == (
        np.isfinite(launches.landed).sum(),
        np.nansum(launches.landed),
    )


def test_a_payload(ask, launches):
    answer = ask("lab_payload", orbit="GTO", launch_site="KSC LC-39A", ridge=2)
    found = regression_payload.fit(launches, ridge=2)
    assert answer["mass_kg"] == pytest.approx(found.predict({"orbit": "GTO", "site": "KSC LC-39A"}))
    assert answer["error_kg"] == pytest.approx(found.error)
    assert answer["error_kg"] < answer["error_of_mean_kg"]
    assert answer["source"]["dataset"] == "spacehub/falcon9-landings"


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("lab_nebulae", {"learning_rate": 0}, "learning_rate.*from 0.01 to 1.3"),
        ("lab_nebulae", {"steps": 10**9}, "steps.*from 1 to 500"),
        (
            "lab_overfit",
            {"measurements": 6, "degree": 9},
            "10 weights and 6 observations do not have a unique solution",
        ),
        ("lab_overfit", {"ridge": -1}, "ridge.*from 0 to 1,000"),
        ("lab_landing_chance", {"number": "luck"}, "number.*Choose one of: year"),
        ("lab_payload", {"orbit": "Pluto"}, "orbit.*Choose one of: LEO"),
        ("lab_payload", {"features": ["weather"]}, "features.*Choose one or more of: orbit, site"),
        ("lab_payload", {"features": ["site", "site"]}, "features.*without duplicates"),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)
