"""Double DQN: its goals, its exploration, and the network that acts in the published zip."""

import numpy as np
import pytest
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.type_aliases import ReplayBufferSamples

from spacehub.models.lander import agents
from spacehub.models.lander.double_dqn import HeldActions, double_goals
from spacehub.models.lander.environment import Landers
from spacehub.models.lander.recipes import PRESETS
from spacehub.serving.lander.conditions import Conditions

SEEN = np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)


@pytest.fixture
def model():
    """A small agent whose target network differs from its online network."""
    built = agents.build(PRESETS["dqn", "smoke"].recipe, Landers(1, Conditions()), seed=0)
    with torch.no_grad():
        for value in built.q_net_target.parameters():
            value += 0.3 * torch.randn(value.shape, generator=torch.Generator().manual_seed(1))
    return built


@pytest.mark.parametrize(
    ("done", "discounts", "goal"),
    [
        # The target network values the action that the online network chose, not its own best one.
        (0.0, None, 1 + 0.9 * 5),
        (0.0, 0.9**3, 1 + 0.9**3 * 5),
        (1.0, 0.9**3, 1),
    ],
)
def test_one_network_chooses_and_the_other_values(done, discounts, goal):
    online, target = torch.tensor([[0.0, 3, 2, 1]]), torch.tensor([[9.0, 5, 7, 8]])
    drawn = ReplayBufferSamples(
        observations=torch.zeros(1, 8),
        actions=torch.zeros(1, 1),
        next_observations=torch.zeros(1, 8),
        dones=torch.tensor([[done]]),
        rewards=torch.tensor([[1.0]]),
        discounts=discounts and torch.tensor([[discounts]]),
    )
    found = double_goals(lambda _: online, lambda _: target, drawn, gamma=0.9)
    assert found.item() == pytest.approx(goal)


@pytest.mark.parametrize(("longest", "share"), [(1, 0.4), (40, 0.4), (40, 0.02), (40, 1.0)])
def test_landers_explore_a_share_of_the_steps(longest, share):
    np.random.seed(0)
    explore = HeldActions(300, longest)
    # 9 is no action of the lander, so every other value is exploration.
    steps = np.stack([explore(np.full(300, 9), share) for _ in range(1_000)])
    explored = steps[100:] != 9
    assert explored.mean() == pytest.approx(share, rel=0.15)
    lengths = [len(run) for lander in explored.T for run in bytes(lander).split(b"\0") if run]
    if share < 0.1:
        assert np.mean(lengths) == pytest.approx((1 + longest) / 2, rel=0.15)
    assert set(np.unique(steps)) - {9} == {0, 1, 2, 3}


def test_each_lander_holds_its_own_action():
    np.random.seed(0)
    explore = HeldActions(100, 40)
    steps = np.stack([explore(np.full(100, 9), 1.0) for _ in range(400)])
    # A held action ends after 20.5 steps on average, and the next one differs in three cases of four.
    assert (steps[1:] != steps[:-1]).mean() == pytest.approx(0.75 / 20.5, rel=0.15)
    assert len(set(steps[0])) == 4


def test_a_plain_dqn_acts_as_the_measured_target_network(model, tmp_path):
    measured = agents.policy_of(model)(SEEN)
    assert (model.predict(SEEN, deterministic=True)[0] != measured).any()
    agents.finish(model, 0.02)
    agents.save(model, tmp_path / "agent.zip")
    plain = DQN.load(tmp_path / "agent.zip", device="cpu")
    np.testing.assert_array_equal(plain.predict(SEEN, deterministic=True)[0], measured)
