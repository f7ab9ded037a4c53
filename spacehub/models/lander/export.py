"""Write the files of a published agent: Stable-Baselines3's zip, its ONNX file, and the counted flights."""

import json
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper
from stable_baselines3 import PPO
from stable_baselines3.common.base_class import BaseAlgorithm
from torch import nn

from spacehub.models.lander import agents
from spacehub.serving.lander.agents import OnnxAgent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions

COMPARED = range(20)
KNOWN = 4
OPSET, IR = 17, 8


def export(model: BaseAlgorithm, conditions: Conditions, name: str, folder: Path, *, config: dict) -> dict:
    """Write ``<name>.zip``, ``onnx/model.onnx`` and ``config.json`` into `folder`.

    Returns
    -------
    dict
        As `agreement`.
    """
    agents.save(model, folder / f"{name}.zip")
    (folder / "onnx").mkdir()
    onnx.save(to_onnx(model), folder / "onnx" / "model.onnx")
    text = json.dumps(config, indent=1, ensure_ascii=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
    return agreement(model, folder, conditions)


def agreement(model: BaseAlgorithm, folder: Path, conditions: Conditions, *, seeds: range = COMPARED) -> dict:
    """Compare Stable-Baselines3 with the ONNX file at every step of the flights of `seeds`, flown by the ONNX file.

    Returns
    -------
    dict
        `flights`, `n` steps, and at how many of them the actions differ (`differ`); continuous throttles
        differ if they are more than 1e-5 apart.
    """
    agent = OnnxAgent(folder / "onnx" / "model.onnx")
    flights = fly_many(agent, seeds=seeds, conditions=conditions)
    seen = np.concatenate([flight.observation[:-1] for flight in flights])
    flown = np.concatenate([flight.action for flight in flights])
    theirs = model.predict(seen, deterministic=True)[0]
    apart = np.abs(theirs - flown).reshape(len(seen), -1).max(axis=1) > 1e-5
    return {"flights": len(seeds), "n": len(seen), "differ": int(apart.sum())}


def known_answers(folder: Path, conditions: Conditions) -> list[dict]:
    """Return the agent's values at four moments of its first flight, which every server must reproduce."""
    agent = OnnxAgent(folder / "onnx" / "model.onnx")
    [flight] = fly_many(agent, seeds=COMPARED[:1], conditions=conditions)
    moments = np.linspace(0, len(flight.observation) - 1, KNOWN).astype(int)
    seen = flight.observation[moments].round(4)
    return [
        {"observation": moment.astype(float).round(4).tolist(), "values": values.astype(float).tolist()}
        for moment, values in zip(seen, agent.values(seen), strict=True)
    ]


def to_onnx(model: BaseAlgorithm) -> onnx.ModelProto:
    """Write the networks as ONNX, from the float32 ``observation`` (N, 8).

    PPO gives ``action_probabilities`` (N, 4), or for the continuous engines ``action_mean`` (N, 2), and
    ``value`` (N, 1); DQN gives ``q_values`` (N, 4).
    """
    graph = _Graph()
    if isinstance(model, PPO):
        policy, discrete = model.policy, hasattr(model.action_space, "n")
        actor = graph.chain(policy.mlp_extractor.policy_net, "mlp_extractor.policy_net", "observation")
        actor = graph.linear(policy.action_net, "action_net", actor)
        if discrete:
            graph.nodes.append(helper.make_node("Softmax", [actor], ["action_probabilities"], axis=1))
        else:
            graph.nodes.append(helper.make_node("Clip", [actor, *graph.limits()], ["action_mean"]))
        critic = graph.chain(policy.mlp_extractor.value_net, "mlp_extractor.value_net", "observation")
        graph.linear(policy.value_net, "value_net", critic, end="value")
        outputs = {"action_probabilities": 4, "value": 1} if discrete else {"action_mean": 2, "value": 1}
    else:
        last = graph.chain(model.q_net.q_net, "q_net.q_net", "observation")
        graph.nodes.append(helper.make_node("Identity", [last], ["q_values"]))
        outputs = {"q_values": 4}
    return graph.model(outputs)


class _Graph:
    """Nodes as they are added, and weights under their names in Stable-Baselines3's ``policy.pth``."""

    def __init__(self):
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def chain(self, layers: nn.Sequential, name: str, start: str) -> str:
        """Add layers one after another; return the name of the last layer's output."""
        for place, layer in enumerate(layers):
            inner = f"{name}.{place}"
            if isinstance(layer, nn.Linear):
                start = self.linear(layer, inner, start)
            else:
                kind = {nn.Tanh: "Tanh", nn.ReLU: "Relu"}[type(layer)]
                self.nodes.append(helper.make_node(kind, [start], [inner]))
                start = inner
        return start

    def linear(self, layer: nn.Linear, name: str, start: str, *, end: str | None = None) -> str:
        """Add one linear layer; return the name of its output, which is `end` if given."""
        names = [f"{name}.weight", f"{name}.bias"]
        for key, values in zip(names, (layer.weight, layer.bias), strict=True):
            self.weights.append(numpy_helper.from_array(values.detach().numpy(), key))
        self.nodes.append(helper.make_node("Gemm", [start, *names], [end or name], transB=1))
        return end or name

    def limits(self) -> list[str]:
        """Add the throttles' limits; return their names."""
        for name, value in ("lowest", -1.0), ("highest", 1.0):
            self.weights.append(numpy_helper.from_array(np.array(value, np.float32), name))
        return ["lowest", "highest"]

    def model(self, outputs: dict[str, int]) -> onnx.ModelProto:
        """Return the checked model with these outputs, each (N, width)."""
        inputs = [helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["N", 8])]
        outputs_ = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", width])
            for name, width in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "lander", inputs, outputs_, self.weights)
        proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        proto.producer_name = "spacehub"
        onnx.checker.check_model(proto, full_check=True)
        return proto


def write_flights(flights: dict[str, pd.DataFrame], path: Path) -> None:
    """Write ``flights.csv``: the outcome of every seed, by conditions."""
    rows = [table.assign(conditions=name) for name, table in flights.items()]
    pd.concat(rows).to_csv(path, index=False, float_format="%.9g", lineterminator="\n")
