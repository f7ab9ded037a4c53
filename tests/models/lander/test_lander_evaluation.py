"""The results of an agent's flights: scores by hand, headline numbers, and which recipe is still current."""

import numpy as np
import pandas as pd
import pytest

from spacehub.models.lander import is_current
from spacehub.models.lander.evaluation import evaluate, summarise
from spacehub.models.lander.recipes import PRESETS, describe, preset_for
from spacehub.models.lander.reproduce import CALM, metrics
from spacehub.serving.lander.agents import heuristic
from spacehub.serving.lander.flight import fly
from spacehub.serving.lander.telemetry import telemetry
from spacehub.serving.reliability import wilson


def flights(rewards, outcomes):
    table = {"seed": range(len(rewards)), "total_reward": rewards, "outcome": outcomes}
    return pd.DataFrame(table | {"fuel": 10.0, "steps": 200})


FLOWN = flights([100.0, 200.0, 300.0, 400.0], ["crashed", "landed", "landed", "off the pad"])


def test_scores_by_hand():
    found = summarise(FLOWN)
    assert (found["n"], found["reward"]["value"], found["lowest"]) == (4, 250.0, 100.0)
    assert found["std"] == pytest.approx(np.sqrt(12_500))
    assert found["quantiles"]["0.5"] == 250.0
    assert found["reward"]["low"] < 250 < found["reward"]["high"]
    assert found["fuel"]["low"] == found["fuel"]["high"] == pytest.approx(10.0)
    assert (found["solved"]["count"], found["outcomes"]["landed"]["count"]) == (3, 2)
    low, high = wilson(2, 4)
    assert found["outcomes"]["landed"] == {"value": 0.5, "low": low, "high": high, "n": 4, "count": 2}
    assert sum(share["count"] for share in found["outcomes"].values()) == 4


def test_the_rows_are_the_flights_that_the_app_flies():
    [row] = evaluate(heuristic, seeds=[11], conditions=CALM).to_dict("records")
    flight = fly(heuristic, seed=11, conditions=CALM)
    for name in "seed", "total_reward", "outcome", "fuel", "steps":
        assert row[name] == getattr(flight, name)
    assert row["x"] == pytest.approx(telemetry(flight).x[-1])
    assert row["legs"] == flight.observation[-1, 6:].sum()


@pytest.mark.parametrize(("home", "other"), [("calm", "wind"), ("wind", "calm")])
def test_the_headline_is_of_the_conditions_it_was_trained_in(home, other):
    better, worse = summarise(FLOWN), summarise(FLOWN.assign(total_reward=0.0))
    scores = {pilot: {home: better, other: worse} for pilot in ("agent", "heuristic", "random")}
    found = {metric["key"]: metric for metric in metrics(scores, home)}
    assert found["mean_reward"]["value"] == 250.0
    assert found["mean_reward"]["split"] == home
    assert found[f"mean_reward_{other}"]["value"] == 0.0


def test_an_agent_is_current_while_its_recipe_is():
    results = {"algorithm": "ppo", "preset": "quick", "recipe": describe(PRESETS["ppo", "quick"].recipe)}
    assert is_current(results)
    assert not is_current(results | {"recipe": results["recipe"] | {"gamma": 0.9}})
    assert not is_current(results | {"preset": "a preset of long ago"})
    assert not is_current({})


def test_the_preset_full_has_its_own_recipe_in_wind():
    calm, windy = (preset_for("ppo", "full", wind=wind).recipe for wind in (False, True))
    assert (calm.off_pad_cost, windy.off_pad_cost > 0) == (0, True)
    results = {"algorithm": "ppo", "preset": "full", "recipe": describe(windy), "home": "wind"}
    assert is_current(results)
    assert not is_current(results | {"home": "calm"})
    assert preset_for("ppo", "quick", wind=True) == preset_for("ppo", "quick", wind=False)
