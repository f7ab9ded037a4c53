"""Agents: the heuristic, the random one, and policies read from ONNX files."""

import numpy as np
import onnx
import pytest
from gymnasium.envs.box2d.lunar_lander import LunarLander
from gymnasium.envs.box2d.lunar_lander import heuristic as gymnasium_heuristic
from onnx import TensorProto, helper, numpy_helper

from spacehub.errors import SpaceHubError
from spacehub.serving.lander.agents import (
    OnnxAgent,
    heuristic,
    heuristic_throttles,
    random_agent,
    random_throttles,
)

SEEN = np.random.default_rng(0).normal(0, 0.5, (4000, 8)).astype(np.float32)
SEEN[:, 6:] = SEEN[:, 6:] > 0.6


def write(path, *, given: str = "observation", width: int = 8, outputs: dict[str, int]):
    """An ONNX file whose every output is the first numbers of its input."""
    nodes, weights = [], []
    for name, count in outputs.items():
        weights.append(numpy_helper.from_array(np.eye(width, count, dtype=np.float32), f"{name}.weight"))
        nodes.append(helper.make_node("MatMul", [given, f"{name}.weight"], [name]))
    graph = helper.make_graph(
        nodes,
        "lander",
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, ["N", width])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", n]) for name, n in outputs.items()],
        weights,
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def test_the_heuristic_is_gymnasiums():
    environment = LunarLander()
    assert heuristic(SEEN).tolist() == [gymnasium_heuristic(environment, row) for row in SEEN]
    environment = LunarLander(continuous=True)
    theirs = [gymnasium_heuristic(environment, row) for row in SEEN]
    np.testing.assert_allclose(heuristic_throttles(SEEN), theirs, atol=1e-6)


def test_the_random_agent_takes_each_action_as_often_and_remembers_nothing():
    agent = random_agent(3)
    actions = agent(SEEN)
    counts = np.bincount(actions, minlength=4)
    # Four standard deviations of a fair draw.
    assert np.abs(counts - 1000).max() < 4 * np.sqrt(4000 * 0.25 * 0.75)
    assert [agent(row[None])[0] for row in SEEN[:50]] == actions[:50].tolist()
    assert (random_agent(4)(SEEN) != actions).mean() > 0.6


def test_random_throttles_are_uniform_and_remember_nothing():
    agent = random_throttles(3)
    throttles = agent(SEEN)
    assert throttles.shape == (4000, 2)
    # Four standard deviations of the mean of a uniform draw from -1 to 1, whose variance is 1/3.
    assert np.abs(throttles.mean(axis=0)).max() < 4 * np.sqrt(1 / 3 / 4000)
    np.testing.assert_allclose(throttles.var(axis=0), 1 / 3, atol=0.03)
    assert abs(np.corrcoef(throttles.T)[0, 1]) < 4 / np.sqrt(4000)
    assert np.array_equal(np.concatenate([agent(row[None]) for row in SEEN[:50]]), throttles[:50])


@pytest.mark.parametrize(
    "outputs", [{"action_probabilities": 4, "value": 1}, {"q_values": 4}], ids=["PPO", "DQN"]
)
def test_a_policy_takes_its_best_action(tmp_path, outputs):
    agent = OnnxAgent(write(tmp_path / "model.onnx", outputs=outputs))
    assert np.array_equal(agent(SEEN), SEEN[:, :4].argmax(axis=1))


def test_a_continuous_policy_gives_its_throttles(tmp_path):
    agent = OnnxAgent(write(tmp_path / "model.onnx", outputs={"action_mean": 2, "value": 1}))
    assert np.array_equal(agent(SEEN), SEEN[:, :2])
    assert agent.continuous


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda path: path.write_bytes(b"no model"), "Cannot read"),
        (lambda path: None, "Cannot read"),
        (
            lambda path: write(path, given="x", outputs={"q_values": 4}),
            "not compatible with the lunar lander",
        ),
        (lambda path: write(path, width=9, outputs={"q_values": 4}), "not compatible with the lunar lander"),
        (lambda path: write(path, outputs={"probabilities": 4}), "not compatible with the lunar lander"),
        (lambda path: write(path, outputs={"q_values": 6}), "not compatible with the lunar lander"),
    ],
    ids=["no ONNX", "absent", "other input", "other width", "other output", "more actions"],
)
def test_another_file_is_told(tmp_path, made, words):
    made(tmp_path / "model.onnx")
    with pytest.raises(SpaceHubError, match=words):
        OnnxAgent(tmp_path / "model.onnx")
