"""The published zip: what its pickled members name, read by opcode, must exist in older versions too."""

import base64
import json
import pickletools
import zipfile

import gymnasium
import numpy as np
import pytest
from stable_baselines3 import DQN, PPO

from spacehub.models.lander import agents, portable

# Names that NumPy 1.26 and 2, Gymnasium 0.29 to 1.4 and Stable-Baselines3 since 2.0 all have.
KNOWN = {
    "collections.deque",
    "gymnasium.spaces.box.Box",
    "gymnasium.spaces.discrete.Discrete",
    "numpy.array",
    "stable_baselines3.common.buffers.RolloutBuffer",
    "stable_baselines3.common.policies.ActorCriticPolicy",
    "stable_baselines3.common.type_aliases.TrainFreq",
    "stable_baselines3.common.type_aliases.TrainFrequencyUnit",
    "stable_baselines3.dqn.policies.DQNPolicy",
}


def names(pickled: bytes) -> set[str]:
    """Return the globals that a pickle names, without loading it."""
    found, texts, memo = set(), [], {}
    for code, argument, _ in pickletools.genops(pickled):
        if code.name == "MEMOIZE":
            memo[len(memo)] = texts[-1] if texts else None
        elif code.name in ("BINGET", "LONG_BINGET"):
            texts.append(memo[argument])
        elif code.name == "STACK_GLOBAL":
            found.add(".".join(texts[-2:]))
        elif code.name == "GLOBAL":
            found.add(argument.replace(" ", "."))
        elif "UNICODE" in code.name:
            texts.append(argument)
    return found


@pytest.fixture(params=[(PPO, False), (PPO, True), (DQN, False)], ids=["ppo", "continuous", "dqn"])
def saved(request, tmp_path):
    """An agent that has been trained for a moment, and its zip."""
    kind, continuous = request.param
    env = gymnasium.make("LunarLander-v3", continuous=continuous)
    env.action_space.seed(5)
    model = kind("MlpPolicy", env, device="cpu", seed=0, **({"n_steps": 64} if kind is PPO else {}))
    model.learn(64)
    agents.save(model, tmp_path / "agent.zip")
    return model, tmp_path / "agent.zip", env


def test_the_zip_pickles_nothing_of_one_version_alone(saved):
    _, path, _ = saved
    with zipfile.ZipFile(path) as file:
        data = json.loads(file.read("data"))
    pickled = {
        key: base64.b64decode(one[":serialized:"])
        for key, one in data.items()
        if isinstance(one, dict) and ":serialized:" in one
    }
    assert set(portable.SPACES) <= set(pickled)
    assert set().union(*map(names, pickled.values())) <= KNOWN
    assert data["_last_obs"] is data["_last_episode_starts"] is None
    for content in pickled.values():
        assert b"Generator" not in content
        assert b"numpy._core" not in content


def test_what_is_loaded_acts_the_same_and_trains_on(saved):
    model, path, env = saved
    loaded = type(model).load(path, env=env, device="cpu")
    assert loaded.observation_space == model.observation_space
    assert loaded.action_space == model.action_space
    seen = np.random.default_rng(0).normal(size=(20, 8)).astype(np.float32)
    expected, found = (one.predict(seen, deterministic=True)[0] for one in (model, loaded))
    np.testing.assert_array_equal(found, expected)
    if isinstance(model, PPO):
        assert loaded.clip_range(1) == model.clip_range(1)
    loaded.learn(8)
