"""Exploration against regret by enumeration and known bounds, linear programming, and gymnasium's own lake."""

import functools
import math

import gymnasium
import numpy as np
import pytest
from scipy import optimize, special, stats

from spacehub.errors import SpaceHubError
from spacehub.lab.bandits import (
    STRATEGIES,
    Strategy,
    lai_robbins,
    play,
    relative_entropy,
    ucb1_bound,
)
from spacehub.lab.q_learning import Schedule, learn
from spacehub.lab.q_learning_lake import ICE, MAPS, greedy, lake, success, value_iteration

CHOICES = {
    "greedy": Strategy(name="ε-greedy", epsilon=0),
    "ε": Strategy(name="ε-greedy", epsilon=0.3),
    "ε falls": Strategy(name="ε-greedy", epsilon=0.9, falling=2),
    "chance": Strategy(name="ε-greedy", epsilon=1),
    "UCB1": Strategy(name="UCB1"),
    "narrow UCB": Strategy(name="UCB1", width=0.3),
    "Thompson": Strategy(name="Thompson"),
}


@functools.cache
def thompson(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Return the chance that a draw from the first arm's Beta is the larger (Evan Miller 2014, for whole numbers)."""
    (m, k), (n, j) = first, second
    a, b, c, d = 1 + j, 1 + n - j, 1 + k, 1 + m - k
    i = np.arange(c)
    beta = special.betaln
    return float(np.exp(beta(a + i, b + d) - np.log(d + i) - beta(1 + i, d) - beta(a, b)).sum())


def shares(strategy: Strategy, arms: tuple[tuple[int, int], ...], pull: int) -> np.ndarray:
    """Return the chance of each of two arms, (pulls, payments), to be chosen: the strategies again, from their papers."""
    if strategy.name == "Thompson":
        first = thompson(*arms)
        return np.array([first, 1 - first])
    if strategy.name == "UCB1":
        scores = [
            k / n + math.sqrt(strategy.width * math.log(pull - 1) / n) if n else math.inf for n, k in arms
        ]
    else:
        scores = [k / n if n else 1.0 for n, k in arms]
    best = np.array([math.isclose(score, max(scores)) for score in scores])
    epsilon = strategy.epsilon_at(pull) if strategy.name == "ε-greedy" else 0
    return epsilon / len(arms) + (1 - epsilon) * best / best.sum()


@functools.cache
def exact_regret(chances: tuple[float, float], strategy: Strategy, pulls: int) -> np.ndarray:
    """Return the mean regret by each pull: every way that it can go, with its chance."""
    ways, lost, regret = {((0, 0), (0, 0)): 1.0}, 0.0, []
    for pull in range(1, pulls + 1):
        following = {}
        for arms, likely in ways.items():
            for arm, share in enumerate(shares(strategy, arms, pull)):
                lost += likely * share * (max(chances) - chances[arm])
                for paid, chance in (1, chances[arm]), (0, 1 - chances[arm]):
                    n, k = arms[arm]
                    then = tuple((n + 1, k + paid) if other == arm else arms[other] for other in range(2))
                    following[then] = following.get(then, 0) + likely * share * chance
        ways = following
        regret.append(lost)
    return np.array(regret)


@pytest.mark.parametrize("chances", [(0.7, 0.3), (0.2, 0.9)], ids=str)
@pytest.mark.parametrize("name", CHOICES)
def test_regret_is_that_of_every_way_it_can_go(name, chances):
    played = play(chances, CHOICES[name], pulls=12, runs=1000, seed=4)
    exact = exact_regret(chances, CHOICES[name], 12)
    errors = np.maximum(played.error, 1e-12)
    assert np.abs((played.mean - exact) / errors).max() < 4
    # The strategies differ by more than the test allows.
    others = [exact_regret(chances, other, 12)[-1] for key, other in CHOICES.items() if key != name]
    assert sum(abs(played.mean[-1] - other) > 4 * errors[-1] for other in others) >= 3


def test_pure_chance_loses_the_mean_gap_each_time():
    played = play([0.8, 0.5, 0.1], CHOICES["chance"], pulls=400, runs=500, seed=1)
    assert played.mean[-1] == pytest.approx(400 * (0 + 0.3 + 0.7) / 3, abs=4 * played.error[-1])
    np.testing.assert_allclose(played.counts.mean(axis=0), 400 / 3, rtol=0.02)
    assert played.best[-100:].mean() == pytest.approx(1 / 3, abs=0.02)


def test_regret_is_what_the_counts_say():
    played = play([0.8, 0.5, 0.1], CHOICES["ε"], pulls=200, runs=50, seed=1)
    np.testing.assert_allclose(played.regret[:, -1], played.counts @ [0, 0.3, 0.7])
    assert (played.counts.sum(axis=1) == 200).all()


@pytest.mark.parametrize("chances", [(0.6, 0.5), (0.9, 0.8, 0.1), (0.05, 0.02, 0.02, 0.01)], ids=str)
def test_ucb1_keeps_its_bound(chances):
    played = play(chances, Strategy(name="UCB1"), pulls=1000, runs=100, seed=2)
    for pulls in 10, 100, 1000:
        assert played.mean[pulls - 1] < ucb1_bound(chances, pulls)
    # By hand for the first: 8 ln 10 / 0.1 + (1 + pi²/3) 0.1.
    assert ucb1_bound((0.6, 0.5), 10) == pytest.approx(184.6357, abs=1e-4)


def test_lai_and_robbins_slope_is_reached_by_thompson_and_missed_by_a_constant_epsilon():
    chances = (0.9, 0.6, 0.5)
    played = play(chances, Strategy(name="Thompson"), pulls=10_000, runs=150, seed=3)
    slope = (played.mean[-1] - played.mean[499]) / math.log(10_000 / 500)
    # Kaufmann, Korda & Munos 2012: Thompson's regret grows with the least slope there is.
    assert slope == pytest.approx(lai_robbins(chances), rel=0.35)
    constant = play(chances, CHOICES["ε"], pulls=3000, runs=100, seed=3)
    late = (constant.mean[-1] - constant.mean[1999]) / 1000
    assert late == pytest.approx(0.3 * (0.3 + 0.4) / 3, rel=0.1)


@pytest.mark.parametrize(("p", "q"), [(0.1, 0.7), (0.5, 0.5), (0, 0.3), (1, 0.3), (0.999, 0.001)])
def test_relative_entropy(p, q):
    assert relative_entropy(p, q) == pytest.approx(stats.entropy([p, 1 - p], [q, 1 - q]), abs=1e-15)


def test_what_is_certain_shows_at_once():
    assert relative_entropy(0.5, 1) == math.inf
    assert lai_robbins([1.0, 0.5]) == 0
    assert lai_robbins([0.4, 0.4]) == 0


@pytest.mark.parametrize("ice", ICE)
@pytest.mark.parametrize("name", MAPS)
def test_value_iteration_is_what_linear_programming_finds(name, ice):
    on, discount = lake(name, ice, seed=5), 0.97
    values, actions = value_iteration(on, discount=discount)
    # The least v with v(s) >= r + discount P v for each action (Puterman, Markov Decision Processes, 6.9).
    onward, rewards = on.tables
    bounds = np.concatenate([discount * onward[:, a] - np.eye(len(rewards)) for a in range(4)])
    found = optimize.linprog(
        np.ones(len(rewards)), A_ub=bounds, b_ub=-rewards.T.ravel(), bounds=(0, None), method="highs"
    )
    np.testing.assert_allclose(values, found.x, atol=1e-7)
    np.testing.assert_allclose(actions.max(axis=1), values, atol=1e-11)
    # Acting by it for long enough is worth what it says.
    best = value_iteration(on, discount=1, sweeps=on.limit)[0][on.start]
    assert 0 < success(on, greedy(actions), on.limit) <= best + 1e-12


def test_known_values_of_the_lake():
    # gymnasium 1.4, envs/__init__.py: "optimum = 0.74" and "optimum = 0.91" next to the two registrations.
    for name, known in ("4 × 4", 0.74), ("8 × 8", 0.91):
        on = lake(name)
        best = value_iteration(on, discount=1, sweeps=on.limit)[0][on.start]
        assert round(best, 2) == known
        assert (
            on.limit
            == gymnasium.spec("FrozenLake-v1" if name == "4 × 4" else "FrozenLake8x8-v1").max_episode_steps
        )
    # With all the time in the world: 14 of 17 trips.
    assert value_iteration(lake(), discount=1)[0][0] == pytest.approx(14 / 17, abs=1e-9)
    # The shortest way has 6 moves, so 5 are not enough.
    dry = lake(ice="not slippery")
    assert [value_iteration(dry, discount=1, sweeps=moves)[0][0] for moves in (5, 6)] == [0, 1]


def test_success_is_the_share_of_gymnasiums_trips():
    on, trips = lake(), 400
    policy = greedy(value_iteration(on, discount=0.99)[1])
    environment, reached = gymnasium.make("FrozenLake-v1"), 0.0
    tile, _ = environment.reset(seed=11)
    for _ in range(trips):
        over = cut = False
        while not (over or cut):
            tile, reward, over, cut, _ = environment.step(int(policy[tile].argmax()))
        reached += reward
        tile, _ = environment.reset()
    exact = success(on, policy, on.limit)
    assert reached / trips == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / trips))


@pytest.mark.parametrize("name", MAPS)
def test_without_luck_the_table_becomes_exact(name):
    on = lake(name, "not slippery", seed=5)
    learning = learn(on, Schedule(moves=60_000, rate=1, optimism=1, epsilon=0.2, epsilon_end=0), seed=0)
    values, actions = value_iteration(on, discount=0.99)
    assert learning.tables[-1][on.start].max() == pytest.approx(values[on.start], abs=1e-12)
    # Optimism only ever comes down to the truth.
    assert (learning.tables >= actions - 1e-12).all()
    assert (np.diff(learning.tables, axis=0) <= 1e-12).all()
    assert success(on, greedy(learning.tables[-1]), on.limit) == 1


def test_with_luck_it_comes_close_to_value_iteration():
    on = lake()
    _, actions = value_iteration(on, discount=0.9)
    schedule = Schedule(moves=300_000, epsilon=1, epsilon_end=1, discount=0.9)
    learning = learn(on, schedule, seed=1)
    apart = np.abs(learning.tables - actions).max(axis=(1, 2))
    assert apart[-1] < 0.05 < 0.3 < apart[0]


def test_optimism_finds_a_goal_that_chance_does_not():
    on = lake("8 × 8", "not slippery")
    first = {}
    for optimism in 0.0, 1.0:
        schedule = Schedule(moves=20_000, rate=1, epsilon=0, epsilon_end=0, optimism=optimism)
        trips = learn(on, schedule, seed=1).trips
        first[optimism] = next((trip for trip, (_, reached) in enumerate(trips) if reached), math.inf)
    assert 5 * first[1.0] < first[0.0]


def test_trips_end_at_goal_hole_or_limit():
    on = lake(ice="not slippery")
    learning = learn(on, Schedule(moves=5000, epsilon=0, epsilon_end=0, rate=1, optimism=1), seed=2)
    ends = [0, *(move for move, _ in learning.trips)]
    lengths = np.diff(ends)
    assert lengths.max() <= on.limit
    assert [length for length, (_, reached) in zip(lengths, learning.trips, strict=True) if reached][-1] == 6
    assert (learning.moves[0], learning.moves[-1], len(learning.tables)) == (0, 5000, len(learning.moves))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: play([0.5], Strategy(name="UCB1"), pulls=9, runs=9, seed=0), "2 to 20"),
        (lambda: play([0.5, 1.5], Strategy(name="UCB1"), pulls=9, runs=9, seed=0), "from 0 to 1"),
        (lambda: play([0.5, 0.1], Strategy(name="luck"), pulls=9, runs=9, seed=0), "Choose one of: ε-greedy"),
        (lambda: play([0.5, 0.1], Strategy(name="UCB1", width=-1), pulls=9, runs=9, seed=0), "from 0 to 100"),
        (
            lambda: play([0.5, 0.1], Strategy(name=STRATEGIES[0], epsilon=2), pulls=9, runs=9, seed=0),
            "ε .2. is out of range",
        ),
        (lambda: play([0.5, 0.1], Strategy(name="UCB1"), pulls=9, runs=1, seed=0), "2 to 1,000 runs"),
        (lambda: play([0.5, 0.1], Strategy(name="UCB1"), pulls=10_000, runs=1000, seed=0), "2,000,000 pulls"),
        (lambda: lake("9 × 9"), "Choose one of: 4 × 4"),
        (lambda: lake(ice="water"), "Choose one of: slippery"),
        (lambda: value_iteration(lake(), discount=1.1), "from 0 to 1"),
        (lambda: learn(lake(), Schedule(moves=0), seed=0), "from 1 to 1,000,000"),
        (lambda: learn(lake(), Schedule(moves=9, rate=0), seed=0), "above 0"),
        (lambda: learn(lake(), Schedule(moves=9, epsilon=-1), seed=0), "from 0 to 1"),
        (lambda: learn(lake(), Schedule(moves=9, optimism=3), seed=0), "because no reward is larger"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_a_sentence(attempt, words):
    with pytest.raises(SpaceHubError, match=words):
        attempt()
