"""Agents that can fly: a trained policy from its ONNX file, Gymnasium's heuristic, a random policy.

An agent is a function that maps observations, shape (N, 8), to N actions. It has no state, so one agent
serves many flights and threads at once.
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnxruntime

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import known
from spacehub.serving.sessions import open_session, signature

ACTIONS = ("nothing", "left engine", "main engine", "right engine")
OUTPUTS = {"action_probabilities": [4], "q_values": [4], "action_mean": [2]}


def heuristic(observation: np.ndarray) -> np.ndarray:
    """Return the actions of Gymnasium's hand-written pilot, shape (N,).

    Source: `gymnasium.envs.box2d.lunar_lander.heuristic`, which takes one observation; this version takes N.
    """
    turn, climb = _turn_and_climb(observation)
    main = (climb > np.abs(turn)) & (climb > 0.05)
    return np.select([main, turn < -0.05, turn > 0.05], [2, 3, 1], 0)


def heuristic_throttles(observation: np.ndarray) -> np.ndarray:
    """Return the throttles of Gymnasium's hand-written pilot for the continuous engines, shape (N, 2)."""
    turn, climb = _turn_and_climb(observation)
    return np.clip(np.stack([20 * climb - 1, -20 * turn], axis=1), -1, 1).astype(np.float32)


def _turn_and_climb(observation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much the hand-written pilot aims to turn and to climb, shape (N,) each."""
    x, y, speed_x, speed_y, angle, spin, left, right = observation.T
    angle_target = np.clip(x * 0.5 + speed_x, -0.4, 0.4)
    turn = (angle_target - angle) * 0.5 - spin
    climb = (0.55 * np.abs(x) - y) * 0.5 - speed_y * 0.5
    down = (left != 0) | (right != 0)
    return np.where(down, 0, turn), np.where(down, -speed_y * 0.5, climb)


def random_agent(seed: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """Return an agent whose actions are unrelated to the flight: a checksum of each observation.

    Unlike a shared stream of random numbers, this gives a seed the same flight alone and among others.
    """

    def act(observation: np.ndarray) -> np.ndarray:
        # The upper bits, because a CRC's lower bits depend on few of the input's bits.
        return np.array([zlib.crc32(row.tobytes(), seed) * 4 >> 32 for row in observation], np.int64)

    return act


def random_throttles(seed: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """Return an agent with random throttles for the continuous engines, two per observation, each from -1 to 1."""

    def act(observation: np.ndarray) -> np.ndarray:
        # Two checksums of one row with different seeds would always differ by the same bits.
        key = seed.to_bytes(8)
        digests = [hashlib.blake2b(row.tobytes(), digest_size=8, key=key).digest() for row in observation]
        drawn = np.frombuffer(b"".join(digests), np.uint32).reshape(-1, 2)
        return (drawn / 2**31 - 1).astype(np.float32)

    return act


class OnnxAgent:
    """A trained policy that takes the action with the highest probability or Q-value, or the mean throttles.

    Parameters
    ----------
    path : Path
        An ONNX file with the input ``observation``, float32 (N, 8), and one of these
        outputs: ``action_probabilities`` (PPO) or ``q_values`` (DQN), both (N, 4), or ``action_mean``
        (continuous), (N, 2).

    Raises
    ------
    SpaceHubError
        If the file cannot be read or is another kind of model.
    """

    def __init__(self, path: Path):
        options = onnxruntime.SessionOptions()
        # As for the landing model, threads that spin between two steps only take processor time from other threads.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = open_session(path, options)
            inputs = [(entry.name, entry.shape[1:]) for entry in self._session.get_inputs()]
            outputs = {entry.name: entry.shape[1:] for entry in self._session.get_outputs()}
        except Exception as error:  # onnxruntime raises its own exception types
            raise SpaceHubError(
                f"Cannot read the published agent. {reason(error)}",
                "Publish the agent again with this version of SpaceHub.",
            ) from error
        known = [name for name, shape in outputs.items() if OUTPUTS.get(name) == shape]
        if inputs != [("observation", [8])] or len(known) != 1:
            raise SpaceHubError(
                f"The published agent is not compatible with the lunar lander. Its inputs are {inputs}, and its outputs are {outputs}.",
                "Publish the agent again with this version of SpaceHub.",
            )
        self._output = known[0]

    @property
    def continuous(self) -> bool:
        """Whether it gives throttles instead of one of four engines."""
        return self._output == "action_mean"

    @property
    def signature(self) -> dict[str, list[str]]:
        """The inputs and outputs of the policy."""
        return signature(self._session)

    def values(self, observation: np.ndarray) -> np.ndarray:
        """Return probabilities or Q-values of the four engines, shape (N, 4), or the throttles, (N, 2)."""
        return self._session.run([self._output], {"observation": observation})[0]

    def reproduce(self, results: Mapping) -> list[known.Known]:
        """Return the policy's values for the observations under ``known`` of ``results.json``, published and found."""
        answers = []
        for place, case in enumerate(known.cases(results, "known"), 1):
            values_now = self.values(np.array([case["observation"]], np.float32).reshape(1, 8))[0].tolist()
            stated = case.get("values")
            if not isinstance(stated, list) or len(stated) != len(values_now):
                raise ValueError(
                    f"Expected answer {place} does not contain one value for each of the agent's actions."
                )
            answers += [
                known.Known(f"observation {place}", *pair) for pair in zip(stated, values_now, strict=True)
            ]
        return answers

    def __call__(self, observation: np.ndarray) -> np.ndarray:
        """Return the actions, shape (N,), or (N, 2) for continuous engines."""
        values_now = self.values(observation)
        return values_now if self.continuous else values_now.argmax(axis=1)
