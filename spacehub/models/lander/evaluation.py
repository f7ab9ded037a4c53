"""Evaluate an agent: the outcome of each of many seeds, flown by `spacehub.serving.lander` as in the app."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from spacehub.models.intervals import bootstrap_weights, percentile
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import OUTCOMES, Agent
from spacehub.serving.lander.telemetry import HALF_WIDTH
from spacehub.serving.reliability import wilson

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95)
RESAMPLES = 2_000
SOLVED = 200.0


def evaluate(
    agent: Agent,
    *,
    seeds: Sequence[int],
    conditions: Conditions,
    step: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Fly every seed; return one row per seed: seed, total_reward, outcome, fuel, steps, x, legs.

    `x` is the final distance from the middle of the pad, in m, positive to the right. `legs` is how many legs
    touched the ground at the end. `step` is called with the finished flights and their total.
    """
    flights = fly_many(agent, seeds=seeds, conditions=conditions, progress=step)
    return pd.DataFrame(
        {
            "seed": [flight.seed for flight in flights],
            "total_reward": [flight.total_reward for flight in flights],
            "outcome": [flight.outcome for flight in flights],
            "fuel": [flight.fuel for flight in flights],
            "steps": [flight.steps for flight in flights],
            "x": [HALF_WIDTH * float(flight.observation[-1, 0]) for flight in flights],
            "legs": [int(flight.observation[-1, 6:].sum()) for flight in flights],
        }
    )


def summarise(flights: pd.DataFrame) -> dict:
    """Return the scores of `evaluate`'s rows, with 95 % intervals over seeds.

    Means have a percentile bootstrap interval (`RESAMPLES` resamples, seed 0), proportions a Wilson interval.
    The standard deviation is that of the population (numpy's default, as Stable-Baselines3 reports it).
    """
    n = len(flights)
    weights = bootstrap_weights(n, resamples=RESAMPLES, seed=0) / n
    rewards = flights["total_reward"].to_numpy()
    return {
        "n": n,
        "reward": _mean(rewards, weights),
        "std": float(rewards.std()),
        "quantiles": {f"{part:g}": float(np.quantile(rewards, part)) for part in QUANTILES},
        "lowest": float(rewards.min()),
        "fuel": _mean(flights["fuel"].to_numpy(), weights),
        "steps": _mean(flights["steps"].to_numpy(dtype=float), weights),
        "solved": _share(rewards >= SOLVED),
        "outcomes": {name: _share(flights["outcome"].to_numpy() == name) for name in OUTCOMES},
    }


def _mean(values: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    low, high = percentile(weights @ values)
    return {"value": float(values.mean()), "low": low, "high": high, "n": len(values)}


def _share(hits: np.ndarray) -> dict[str, float | int]:
    low, high = wilson(int(hits.sum()), len(hits))
    return {"value": float(hits.mean()), "low": low, "high": high, "n": len(hits), "count": int(hits.sum())}
