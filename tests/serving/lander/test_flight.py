"""Flights against Gymnasium's own environment."""

import gymnasium
import numpy as np
import pytest
from gymnasium.envs.box2d.lunar_lander import heuristic as gymnasium_heuristic

from spacehub.errors import SpaceHubError
from spacehub.serving.lander.agents import heuristic, random_agent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import OUTCOMES, fly, fuel_cost

CALM = Conditions()
WINDY = Conditions(gravity=-8.0, wind_power=15.0, turbulence_power=1.5)


@pytest.mark.parametrize("conditions", [CALM, WINDY], ids=["calm", "windy"])
@pytest.mark.parametrize("seed", [0, 8])
def test_a_flight_is_gymnasiums_step_by_step(conditions, seed):
    flight = fly(heuristic, seed=seed, conditions=conditions)
    environment = gymnasium.make("LunarLander-v3", **conditions.keywords())
    observation, _ = environment.reset(seed=seed)
    over, steps, total = False, 0, 0.0
    while not over:
        assert np.array_equal(observation, flight.observation[steps])
        action = gymnasium_heuristic(environment, observation)
        assert action == flight.action[steps]
        observation, reward, terminated, truncated, _ = environment.step(action)
        assert reward == flight.reward[steps]
        over, steps, total = terminated or truncated, steps + 1, total + float(reward)
    assert flight.steps == steps
    assert flight.total_reward == total
    assert flight.observation.shape == (steps + 1, 8)
    assert flight.observation.dtype == np.float32


@pytest.mark.parametrize("conditions", [CALM, WINDY], ids=["calm", "windy"])
def test_a_seed_gives_every_agent_the_same_start_and_wind(conditions):
    def coast(observation):
        return np.zeros(len(observation), int)

    def late(observation):  # does nothing above half the height, as the other
        return np.where(observation[:, 1] < 0.7, 2, 0)

    one, other, again = (fly(agent, seed=5, conditions=conditions) for agent in (coast, late, coast))
    assert np.array_equal(one.observation, again.observation)
    assert np.array_equal(one.terrain, other.terrain)
    shared = int(np.argmax(other.action)) + 1
    assert shared > 20
    assert np.array_equal(one.observation[:shared], other.observation[:shared])
    stranger = fly(coast, seed=6, conditions=conditions)
    assert not np.array_equal(one.terrain, stranger.terrain)
    assert not np.array_equal(one.observation[0], stranger.observation[0])


def test_many_flights_are_the_same_as_each_alone():
    seeds, answer = [9, 3, 3, 2**31 - 1, 40], []
    for agent in heuristic, random_agent(1):
        flights = fly_many(
            agent, seeds=seeds, conditions=WINDY, progress=lambda done, total: answer.append((done, total))
        )
        for seed, flight in zip(seeds, flights, strict=True):
            alone = fly(agent, seed=seed, conditions=WINDY)
            assert np.array_equal(alone.observation, flight.observation)
            assert (alone.seed, alone.outcome) == (flight.seed, flight.outcome)
    assert answer == [(done, 5) for done in range(1, 6)] * 2


def test_more_seeds_than_fly_at_once_come_back_in_order():
    flights = fly_many(random_agent(), seeds=range(230), conditions=CALM)
    assert [flight.seed for flight in flights] == list(range(230))


def falls(observation):
    return np.zeros(len(observation), int)


def aims_beside(observation):
    return heuristic(observation - np.float32([2, 1, 0, 0, 0, 0, 0, 0]))


def hovers(observation):
    return heuristic(observation - np.float32([0, 0.8, 0, 0, 0, 0, 0, 0]))


@pytest.mark.parametrize(
    ("agent", "outcome"), [(falls, "crashed"), (aims_beside, "flew off"), (hovers, "ran out of time")]
)
def test_how_a_flight_ends_is_told(agent, outcome):
    flight = fly(agent, seed=1, conditions=CALM)
    assert flight.outcome == outcome
    assert not flight.landed
    assert (flight.steps == 1000) == (outcome == "ran out of time")


def test_landings_are_between_the_flags_and_others_are_not():
    flights = fly_many(heuristic, seeds=range(60), conditions=CALM)
    ends = {outcome: [f for f in flights if f.outcome == outcome] for outcome in OUTCOMES}
    assert len(ends["landed"]) > 40
    assert all(abs(flight.observation[-1, 0]) <= 0.2 for flight in ends["landed"])
    assert ends["off the pad"]
    assert all(abs(flight.observation[-1, 0]) > 0.2 for flight in ends["off the pad"])
    # A leg's own flag may be out although the lander has landed: these rest level on the pad.
    unlit = [flight for flight in ends["landed"] if not flight.observation[-1, 6:].all()]
    assert unlit
    assert all(flight.reward[-1] == 100 for flight in unlit)


@pytest.mark.parametrize(
    ("action", "cost"),
    [
        (np.array([0, 1, 2, 3]), [0, 0.03, 0.30, 0.03]),
        (
            np.array([[-1, 0.5], [0, -0.51], [1, 1], [0.2, -3]], np.float32),
            [0, 0.0153, 0.33, 0.30 * 0.6 + 0.03],
        ),
    ],
    ids=["discrete", "continuous"],
)
def test_fuel_is_what_the_environment_takes_off(action, cost):
    assert fuel_cost(action) == pytest.approx(cost)


def test_the_continuous_engines_fly_too():
    def agent(observation):
        return np.tile(np.float32([0.4, 0.1]), (len(observation), 1))

    flight = fly(agent, seed=2, conditions=Conditions(continuous=True))
    assert flight.action.shape == (flight.steps, 2)
    assert flight.fuel == pytest.approx(0.30 * 0.7 * flight.steps, rel=1e-6)


def test_a_seed_that_is_none_flies_nothing():
    with pytest.raises(SpaceHubError, match="not a whole number"):
        fly_many(heuristic, seeds=[1, 2.5], conditions=CALM)
