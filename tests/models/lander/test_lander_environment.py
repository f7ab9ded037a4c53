"""The landers that are trained on fly exactly as Gymnasium's own environment does."""

import gymnasium
import numpy as np
import pytest

from spacehub.models.lander.environment import Landers
from spacehub.serving.lander.agents import heuristic
from spacehub.serving.lander.conditions import Conditions

WORLDS = [
    Conditions(),
    Conditions(wind_power=15.0, turbulence_power=1.5),
    Conditions(gravity=-4.0),
    Conditions(continuous=True),
]


def wander(rng, count: int, *, continuous: bool) -> np.ndarray:
    return rng.uniform(-1.2, 1.2, (count, 2)).astype(np.float32) if continuous else rng.integers(0, 4, count)


@pytest.mark.parametrize("conditions", WORLDS)
def test_the_same_actions_make_the_same_flights(conditions):
    landers = Landers(3, conditions)
    landers.seed(40)
    theirs = [gymnasium.make("LunarLander-v3", **conditions.keywords()) for _ in range(3)]
    expected = np.stack([env.reset(seed=40 + place)[0] for place, env in enumerate(theirs)])
    np.testing.assert_array_equal(landers.reset(), expected)
    rng, ended = np.random.default_rng(0), 0
    for _ in range(250):
        actions = wander(rng, 3, continuous=conditions.continuous)
        observations, rewards, dones, infos = landers.step(actions)
        for place, (env, action) in enumerate(zip(theirs, actions, strict=True)):
            observation, reward, terminated, truncated, _ = env.step(action)
            assert rewards[place] == np.float32(reward)
            assert dones[place] == (terminated or truncated)
            if dones[place]:
                ended += 1
                np.testing.assert_array_equal(infos[place]["terminal_observation"], observation)
                observation, _ = env.reset()
            np.testing.assert_array_equal(observations[place], observation)
    assert ended


def test_time_runs_out_as_gymnasium_says():
    landers = Landers(1, Conditions())
    landers.seed(0)
    observation = landers.reset()
    limit = gymnasium.spec("LunarLander-v3").max_episode_steps
    for step in range(1, limit + 1):
        # The heuristic hovers when it believes to stand lower than it does.
        action = heuristic(observation - np.array([0, 0.6, 0, 0, 0, 0, 0, 0], np.float32))
        observation, _, dones, infos = landers.step(action)
        assert dones[0] == (step == limit)
    assert infos[0]["TimeLimit.truncated"]
    assert infos[0]["episode"]["l"] == limit


def test_rewards_are_scaled_and_returns_are_not():
    plain, scaled = Landers(1, Conditions()), Landers(1, Conditions(), reward_scale=0.5)
    episodes = []
    for landers in plain, scaled:
        landers.seed(7)
        landers.reset()
        total, done = 0.0, False
        while not done:
            _, rewards, [done], [info] = landers.step(np.array([2]))
            total += float(rewards[0])
        episodes.append((total, info["episode"]["r"]))
    assert episodes[0][1] == episodes[1][1] == pytest.approx(episodes[0][0], abs=1e-2)
    assert episodes[1][0] == pytest.approx(episodes[0][0] / 2, abs=1e-2)


@pytest.mark.parametrize("conditions", [Conditions(), Conditions(continuous=True)])
def test_engines_on_the_ground_cost_more_and_returns_do_not_show_it(conditions):
    plain, strict = Landers(2, conditions), Landers(2, conditions, ground_cost=3.0)
    off, on = ([-1.0, 0.0], [-1.0, 1.0]) if conditions.continuous else (0, 1)
    actions, charged = np.array([off, on]), 0
    for landers in plain, strict:
        landers.seed(7)
        landers.reset()
    for _ in range(400):
        _, expected, _, ends = plain.step(actions)
        seen, rewards, dones, infos = strict.step(actions)
        down = (seen[:, 6:] > 0).any(axis=1)
        assert expected[0] == rewards[0]
        if not dones[1]:
            assert expected[1] - rewards[1] == pytest.approx(3.0 * down[1], abs=1e-4)
            charged += down[1]
        assert infos[1].get("episode") == ends[1].get("episode")
    assert charged


def test_coming_to_rest_off_the_pad_costs_more_and_returns_do_not_show_it():
    landers = Landers(2, Conditions(), off_pad_cost=60.0)
    landers.seed(0)
    observations, ends = landers.reset(), {}
    shift = np.zeros((2, 8), np.float32)
    shift[1, 0] = 0.5  # this heuristic believes that the pad is further to the right
    while len(ends) < 2:
        observations, rewards, dones, infos = landers.step(heuristic(observations - shift))
        for place in np.flatnonzero(dones):
            ends.setdefault(int(place), (rewards[place], infos[place]))
    assert abs(ends[0][1]["terminal_observation"][0]) < 0.2 < ends[1][1]["terminal_observation"][0]
    assert [reward for reward, _ in ends.values()] == [100, 40]
    landers = Landers(2, Conditions())
    landers.seed(0)
    observations, done = landers.reset(), False
    while not done:
        observations, rewards, [_, done], infos = landers.step(heuristic(observations - shift))
    assert rewards[1] == 100
    assert infos[1]["episode"] == ends[1][1]["episode"]
