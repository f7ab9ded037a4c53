"""Telemetry against the bodies of the simulated world."""

import math

import numpy as np
import pytest

from spacehub.serving.lander.agents import heuristic
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import Episode
from spacehub.serving.lander.telemetry import FLAGS, HALF_WIDTH, PAD, STANDING, table, telemetry


@pytest.fixture(scope="module")
def flown():
    """An episode of 120 steps, and what Box2D said of the lander after each."""
    episode = Episode(seed=11, conditions=Conditions(wind_power=10.0))
    said = []
    for _ in range(120):
        lander = episode._env.lander
        said.append((*lander.position, *lander.linearVelocity, lander.angle))
        episode.step(int(heuristic(episode.observation[None])[0]))
    return episode, np.array(said)


def test_telemetry_is_in_the_worlds_own_units(flown):
    episode, said = flown
    seen = telemetry(episode.flight())
    assert seen.x[:-1] + HALF_WIDTH == pytest.approx(said[:, 0], abs=1e-4)
    assert seen.altitude[:-1] + PAD + STANDING == pytest.approx(said[:, 1], abs=1e-4)
    assert seen.speed_x[:-1] == pytest.approx(said[:, 2], abs=1e-4)
    assert seen.speed_y[:-1] == pytest.approx(said[:, 3], abs=1e-4)
    assert seen.speed[:-1] == pytest.approx(np.hypot(said[:, 2], said[:, 3]), abs=1e-4)
    assert seen.angle[:-1] == pytest.approx(np.degrees(said[:, 4]), abs=1e-3)
    assert seen.time[-1] == pytest.approx(120 / 50)
    environment = episode._env
    assert environment.helipad_y == PAD
    assert (environment.helipad_x1 + FLAGS, environment.helipad_x2 - FLAGS) == (HALF_WIDTH, HALF_WIDTH)


def test_the_first_leg_is_the_right_one(flown):
    legs = flown[0].flight().legs
    assert legs[0, 0, 0] > legs[0, 1, 0]


def test_the_table_has_a_row_an_observation_and_adds_up(flown):
    flight = flown[0].flight()
    rows = table(flight)
    assert len(rows) == flight.steps + 1
    assert rows["action"].iloc[0] == ""
    assert math.isnan(rows["reward"].iloc[0])
    assert rows["reward"].sum() == pytest.approx(flight.total_reward, abs=1e-3)
    assert rows["return"].iloc[-1] == pytest.approx(flight.total_reward, abs=1e-5)
    assert rows["fuel_points"].iloc[-1] == pytest.approx(flight.fuel)
    counts = rows["action"].value_counts()
    assert 0.3 * counts["main engine"] + 0.03 * (
        counts.get("left engine", 0) + counts.get("right engine", 0)
    ) == pytest.approx(flight.fuel)
