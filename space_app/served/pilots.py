"""The pilots of the Lander tab: the models on the Hub, Gymnasium's heuristic, a random policy."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from space_app.watch import Served, Status, Watch
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.serving.lander.agents import OnnxAgent, heuristic, random_agent
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.words import shorten

NOBODY = ""


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """A pilot: `model` is the catalogue key of a policy on the Hub, `agent` a built-in agent that needs no model."""

    key: str
    title: str
    model: str | None = None
    agent: Callable[[np.ndarray], np.ndarray] | None = None


PILOTS = {
    pilot.key: pilot
    for pilot in [
        Pilot(key="ppo", title="PPO", model="lander"),
        Pilot(key="dqn", title="DQN", model="lander-dqn"),
        Pilot(key="ppo-wind", title="PPO trained in wind", model="lander-wind"),
        Pilot(key="ppo-throttles", title="PPO with throttles", model="lander-continuous"),
        Pilot(key="heuristic", title="Heuristic", agent=heuristic),
        Pilot(key="random", title="Random", agent=random_agent()),
    ]
    if pilot.model is None or pilot.model in catalogue.MODELS
}


@dataclass(frozen=True, kw_only=True)
class Aboard:
    """A pilot with its agent, and the status of its model on the Hub."""

    pilot: Pilot
    agent: Callable[[np.ndarray], np.ndarray]
    status: Status | None

    def at_its_engines(self, conditions: Conditions) -> Conditions:
        """Return the conditions with the engine type that this pilot steers."""
        return replace(conditions, continuous=getattr(self.agent, "continuous", False))


def served() -> dict[str, Served]:
    """Return how the policies are served, by catalogue key: only the ONNX file, never the archive."""
    how = Served(files=("onnx/model.onnx",), load=load)
    return {pilot.model: how for pilot in PILOTS.values() if pilot.model}


def ready(watch: Watch) -> list[str]:
    """Return the keys of the pilots that can fly now."""
    return [
        key
        for key, pilot in PILOTS.items()
        if pilot.model is None or watch.status(pilot.model).served is not None
    ]


def absence(watch: Watch, pilot: Pilot) -> str:
    """Return why a pilot cannot fly yet; empty if it can."""
    if pilot.model is None:
        return ""
    try:
        watch.ready(pilot.model)
    except SpaceHubError as error:
        return error.fix
    return ""


def aboard(watch: Watch, key: object) -> Aboard:
    """Return the pilot with this key, ready to fly.

    Raises
    ------
    SpaceHubError
        If no pilot has this key, or its model is not on the Hub.
    """
    pilot = PILOTS.get(key) if isinstance(key, str) else None
    if pilot is None:
        raise SpaceHubError(f"The agent {shorten(key)} does not exist.", f"Use one of: {', '.join(PILOTS)}.")
    if pilot.model is None:
        return Aboard(pilot=pilot, agent=pilot.agent, status=None)
    status = watch.ready(pilot.model)
    return Aboard(pilot=pilot, agent=status.served, status=status)


def crew(watch: Watch, agent: object, beside: object) -> list[Aboard]:
    """Return the pilot, and the second pilot if one is chosen; raise as `aboard`."""
    return [aboard(watch, key) for key in ([agent, beside] if beside else [agent])]


def load(folder: Path) -> OnnxAgent:
    """Read a policy from the folder of its files."""
    return OnnxAgent(folder / "onnx" / "model.onnx")
