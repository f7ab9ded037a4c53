"""The published files: the ONNX takes the same actions as Stable-Baselines3's zip, and holds the same weights."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper

from spacehub.models.lander import agents
from spacehub.models.lander.archive import read_tensors
from spacehub.models.lander.environment import Landers
from spacehub.models.lander.export import agreement, export, to_onnx
from spacehub.models.lander.proof import same_weights as compared
from spacehub.models.lander.recipes import PRESETS
from spacehub.models.proof import FAILED, OK
from spacehub.serving.lander.conditions import Conditions
from tests.doses import dose

EPISODES = range(dose(2, 100))


def agent(name, conditions=None):
    recipe = PRESETS[name, "smoke"].recipe
    return agents.build(recipe, Landers(1, conditions or Conditions()), seed=3)


@pytest.fixture(params=["ppo", "dqn"])
def exported(request, tmp_path):
    model = agent(request.param)
    found = export(model, Conditions(), "an-agent", tmp_path, config={"algorithm": request.param})
    return model, tmp_path, found


def test_the_onnx_takes_the_same_actions(exported):
    model, folder, found = exported
    assert found["differ"] == 0
    again = agreement(model, folder, Conditions(), seeds=EPISODES)
    assert (again["flights"], again["differ"]) == (len(EPISODES), 0)
    assert again["n"] > 50 * len(EPISODES)


def test_the_zip_loads_plainly_and_is_the_same_agent(exported):
    model, folder, _ = exported
    loaded = type(model).load(folder / "an-agent.zip", device="cpu")
    seen = np.random.default_rng(0).normal(size=(200, 8)).astype(np.float32)
    for one, other in zip(
        model.predict(seen, deterministic=True), loaded.predict(seen, deterministic=True), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert {finding.state for finding in same_weights(folder)} == {OK}


def same_weights(folder):
    return list(compared(folder, "an-agent.zip", read_tensors(folder / "an-agent.zip")))


def test_other_weights_are_noticed(exported):
    _, folder, _ = exported
    path = folder / "onnx" / "model.onnx"
    graph = onnx.load(path)
    weight = graph.graph.initializer[1]
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) + 1e-3, weight.name))
    onnx.save(graph, path)
    assert FAILED in {finding.state for finding in same_weights(folder)}


def outputs(model, seen):
    session = onnxruntime.InferenceSession(to_onnx(model).SerializeToString())
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"observation": seen}), strict=True))


def test_what_the_outputs_mean():
    seen = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    model = agent("ppo")
    found = outputs(model, seen)
    policy = model.policy.get_distribution(torch.as_tensor(seen)).distribution.probs
    np.testing.assert_allclose(found["action_probabilities"], policy.detach(), atol=1e-6)
    np.testing.assert_allclose(
        found["value"], model.policy.predict_values(torch.as_tensor(seen)).detach(), atol=1e-5
    )
    continuous = agent("ppo", Conditions(continuous=True))
    found = outputs(continuous, 5 * seen)
    np.testing.assert_allclose(
        found["action_mean"], continuous.predict(5 * seen, deterministic=True)[0], atol=1e-6
    )


@pytest.mark.parametrize(("name", "output"), [("ppo", "value"), ("dqn", "q_values")])
def test_values_become_points_and_actions_stay(name, output):
    seen = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
    model = agent(name)
    before, chosen = outputs(model, seen)[output], agents.policy_of(model)(seen)
    agents.finish(model, 0.02)
    np.testing.assert_allclose(outputs(model, seen)[output], 50 * before, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(agents.policy_of(model)(seen), chosen)
