"""Exploration: the regret of three bandit strategies and Q-learning on the frozen lake."""

from typing import Annotated

import numpy as np

from space_app.lab.exploration import figures
from space_app.lab.exploration.api import (
    RUNS,
    best_success,
    course,
    goals,
    lab_bandit,
    lab_frozen_lake,
    learned,
    play,
    strategies,
)
from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.parameters import Number, integer
from spacehub.lab import bandits, q_learning
from spacehub.lab.bandits import STRATEGIES
from spacehub.lab.q_learning import learn
from spacehub.lab.q_learning_lake import greedy, value_iteration


def bandit_view(
    channels: Annotated[int, integer(2, 8, step=1, label="Channels")] = 5,
    best: Annotated[float, Number(0.1, 0.95, step=0.05, label="Success probability, best channel")] = 0.6,
    gap: Annotated[
        float, Number(0.02, 0.5, step=0.01, label="Success probability, gap to other channels")
    ] = 0.15,
    epsilon: float = 0.1,
    falling: bool = False,
    width: float = 2,
    pulls: int = 1000,
    seed: int = 1,
) -> View:
    """Show the regret of each strategy and the channels that it uses."""
    # The best channel is in the middle, so being first is no advantage.
    chances = np.full(channels, max(best - gap, 0.0))
    chances[len(chances) // 2] = best
    plays = {
        strategy.name: play(chances, strategy, pulls, seed)
        for strategy in strategies(epsilon, falling, width, len(chances), *STRATEGIES)
    }
    ends = {name: (played.mean[-1], figures.WIDE * played.error[-1]) for name, played in plays.items()}
    winner = min(ends, key=lambda name: ends[name][0])
    slope = bandits.lai_robbins(chances)
    chance_alone = pulls * (best - chances).mean()
    return View(
        figures=[figures.regret_figure(plays, slope), figures.pulled_figure(plays, chances)],
        numbers={
            **{f"Regret of {name}": f"{mean:.1f} ± {wide:.1f}" for name, (mean, wide) in ends.items()},
            "Expected regret of choosing at random": f"{chance_alone:.1f}",
            "Asymptotic lower bound on regret (Lai & Robbins)": f"{slope:.2f} × ln t",
            "UCB1 regret bound (Auer et al.)": f"{bandits.ucb1_bound(chances, pulls):,.0f}"
            if width == 2
            else "only for a width of 2",
            **{
                f"{name}: share of the last 5 % of messages that used the best channel": share(
                    float(played.best[-max(pulls // 20, 1) :].mean())
                )
                for name, played in plays.items()
            },
        },
        answer=f"After {pulls:,} messages, {winner} has the lowest mean regret ({ends[winner][0]:.1f} ± "
        f"{ends[winner][1]:.1f} messages over {RUNS} runs). Regret is the expected number of additional "
        f"messages lost, compared with always using the best channel. The expected regret of choosing at random is {chance_alone:.1f} messages.",
        source=bandits.play,
    )


def lake_view(
    lake_map: str,
    ice: str,
    moves: int,
    epsilon: float,
    epsilon_end: float,
    rate: float,
    discount: float,
    optimism: float,
    seed: int,
) -> View:
    """Show the learned values and how often the goal is reached."""
    on, schedule = course(lake_map, ice, moves, rate or None, epsilon, epsilon_end, discount, optimism, seed)
    learning = learn(on, schedule, seed=seed)
    values, actions = value_iteration(on, discount=discount)
    chances, best = learned(on, learning), best_success(on)
    last = learning.tables[-1]
    tiles = [tile for tile, mark in enumerate("".join(on.tiles)) if mark in "SF"]
    agree = ((greedy(last) > 0) & (greedy(actions) > 0)).any(axis=1)[tiles].sum()
    first = next((trip for trip, (_, reached) in enumerate(learning.trips, 1) if reached), None)
    return View(
        figures=[
            figures.map_figure(on, learning, values),
            figures.success_figure(learning, chances, best, np.array([epsilon, epsilon_end])),
        ],
        numbers={
            "Episodes": f"{len(learning.trips):,}",
            "Goals reached during learning": f"{goals(learning):,}",
            "First goal": f"in episode {first:,}" if first else "none",
            "Learned value of the start state": f"{last[on.start].max():.3f}",
            "Optimal value of the start state (value iteration)": f"{values[on.start]:.3f}",
            "Tiles where the policies agree": f"{agree} of {len(tiles)}",
            "Success probability, learned policy": share(chances[-1]),
            "Success probability, optimal policy": share(best),
        },
        answer=f"After {schedule.moves:,} training moves, the learned policy reaches the goal within {on.limit} "
        f"moves in {share(chances[-1])} of episodes. The optimal policy reaches the goal in {share(best)} of episodes.",
        source=q_learning.learn,
    )


BANDIT = Bench(
    key="bandit",
    question="How much does it cost to find the best channel?",
    words="A probe has several radio channels. Each channel lets a message through with a probability that the probe does not know. A probe that only repeats what worked may never find the best channel. If a probe tries other channels too often, it loses messages. The channels are simulated.",
    endpoint=lab_bandit,
    view=bandit_view,
    figures=2,
)
LAKE = Bench(
    key="frozen-lake",
    question="How often does Q-learning cross the frozen lake?",
    words="Q-learning knows nothing about the lake and learns from each move. Play the animation, and watch how the value of the goal propagates back to the start. A dot marks a tile where several moves are equally good. On "
    "the large map, the goal is hard to find by chance, so assume a higher value for untried moves.",
    endpoint=lab_frozen_lake,
    view=lake_view,
    figures=2,
)
