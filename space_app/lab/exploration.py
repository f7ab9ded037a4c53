"""Exploration: a bandit's regret by three strategies, and Q-learning on the frozen lake."""

from collections.abc import Sequence

import gradio as gr
import numpy as np

from space_app.lab import exploration_figures as figures
from space_app.lab.exploration_api import (
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
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.quantities import share
from space_app.watch import Watch
from spacehub.lab import bandits, q_learning
from spacehub.lab.bandits import STRATEGIES
from spacehub.lab.q_learning import learn
from spacehub.lab.q_learning_lake import ICE, MAPS, greedy, value_iteration


def _bandit_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(2, 8, 5, step=1, label="Channels"),
        gr.Slider(0.1, 0.95, 0.6, step=0.05, label="Chance of the best"),
        gr.Slider(0.02, 0.5, 0.15, step=0.01, label="How far the others lie below it"),
        gr.Slider(0, 1, 0.1, step=0.01, label="ε", info="Of ε-greedy: chance of a random channel."),
        gr.Checkbox(False, label="ε falls as one over the message"),
        gr.Slider(0, 4, 2, step=0.1, label="Width of UCB's bonus", info="2 is its authors'."),
        gr.Slider(50, 1000, 1000, step=50, label="Messages"),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other luck."),
    ]


def _show_bandit(
    channels: int, best: float, gap: float, epsilon: float, falling: bool, width: float, pulls: int, seed: int
) -> View:
    # The best lies in the middle, so that being first is no help.
    chances = np.full(int(channels), max(best - gap, 0.0))
    chances[len(chances) // 2] = best
    pulls = int(pulls)
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
            "Regret of pure chance, exact": f"{chance_alone:.1f}",
            "Least growth (Lai & Robbins)": f"{slope:.2f} × ln t",
            "UCB1's bound (Auer et al.)": f"{bandits.ucb1_bound(chances, pulls):,.0f}"
            if width == 2
            else "only for a width of 2",
            **{
                f"{name}, on the best at last": share(float(played.best[-max(pulls // 20, 1) :].mean()))
                for name, played in plays.items()
            },
        },
        answer=f"After {pulls:,} messages {winner} has lost the least: {ends[winner][0]:.1f} ± {ends[winner][1]:.1f} more than "
        f"the best channel would, a mean of {RUNS} runs; choosing at random loses {chance_alone:.1f}.",
        source=bandits.play,
    )


def _lake_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Radio(list(MAPS), value="4 × 4", label="Map"),
        gr.Radio(list(ICE), value="slippery", label="Ice", info="Slippery: one step in three goes as meant."),
        gr.Slider(1000, 40_000, 30_000, step=1000, label="Moves to learn from"),
        gr.Slider(0, 1, 1, step=0.01, label="ε at first", info="Chance of a random move."),
        gr.Slider(0, 1, 0.1, step=0.01, label="ε at last"),
        gr.Slider(0.01, 1, 0.1, step=0.01, label="Learning rate"),
        gr.Checkbox(False, label="The rate falls with the visits instead"),
        gr.Slider(0.8, 1, 0.99, step=0.01, label="Discount a move"),
        gr.Slider(0, 1, 0, step=0.05, label="Optimism", info="What an untried move is thought to be worth."),
        gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, another walk."),
    ]


def _show_lake(
    name: str,
    ice: str,
    moves: int,
    epsilon: float,
    epsilon_end: float,
    rate: float,
    falls: bool,
    discount: float,
    optimism: float,
    seed: int,
) -> View:
    on, schedule = course(
        name, ice, moves, None if falls else rate, epsilon, epsilon_end, discount, optimism, seed
    )
    learning = learn(on, schedule, seed=int(seed))
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
            "Trips": f"{len(learning.trips):,}",
            "Goals reached while learning": f"{goals(learning):,}",
            "First goal": f"in trip {first:,}" if first else "none",
            "Worth of the start, learned": f"{last[on.start].max():.3f}",
            "Worth of the start, value iteration": f"{values[on.start]:.3f}",
            "Tiles where the policies agree": f"{agree} of {len(tiles)}",
            "Reaches the goal, as learned": share(chances[-1]),
            "Reaches it, best possible": share(best),
        },
        answer=f"After {schedule.moves:,} moves what it has learned reaches the goal in {share(chances[-1])} of trips of up to "
        f"{on.limit} moves; the best that any policy can do is {share(best)}.",
        source=q_learning.learn,
    )


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="exploration",
        title="Exploration",
        week=9,
        benches=[
            Bench(
                key="bandit",
                question="How much does it cost to find the best channel?",
                words="A probe has several radio channels; each lets a message through with a chance that it does not know. "
                "Whoever only repeats what went well may never find the best; whoever tries too much loses messages. The "
                "channels are simulated.",
                controls=_bandit_controls,
                show=_show_bandit,
                figures=2,
            ),
            Bench(
                key="frozen-lake",
                question="How often does it cross the frozen lake?",
                words="Q-learning knows nothing of the lake and learns from each move. Play the moves and watch the goal's worth "
                "seep back to the start; a dot is where several moves are as good. On the large map the goal is hard to "
                "find by chance: try optimism.",
                controls=_lake_controls,
                show=_show_lake,
                figures=2,
            ),
        ],
        endpoints=[lab_bandit, lab_frozen_lake],
    )
