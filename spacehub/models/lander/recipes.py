"""Every hyperparameter of the agents in one typed place: each algorithm's recipe, and the work per preset."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

Algorithm = Literal["ppo", "dqn"]
PresetName = Literal["full", "quick", "smoke"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Common hyperparameters of PPO and DQN.

    Training is divided into `stints` of `stint_steps` environment steps. Between two stints, the agent is
    evaluated and saved. All landers then restart from seeds that depend only on the run and the stint.
    Therefore a killed run gives the same result after it is resumed.
    """

    stints: int
    stint_steps: int
    envs: int
    learning_rate: float
    """Initial learning rate; it decreases linearly to zero."""
    gamma: float
    layers: tuple[int, ...]
    reward_scale: float
    """Factor that training applies to all rewards. Without this factor, the value network must predict hundreds of points. The
    value network then dominates the clipped gradient, and the policy learns several times more slowly. The last layer of the published
    network undoes this factor."""
    ground_cost: float
    """Points that training subtracts for each step with an engine on and a leg on the ground. The lander counts as landed
    only after 25 steps without thrust, and no observation shows how many of these steps have passed."""
    off_pad_cost: float
    """Points that training subtracts when the lander comes to rest outside the flags. Gymnasium gives 100 points for coming
    to rest anywhere."""

    @property
    def steps(self) -> int:
        """All environment steps of a training run."""
        return self.stints * self.stint_steps


@dataclass(frozen=True, kw_only=True)
class Ppo(Recipe):
    """Proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347)."""

    rollout: int
    """Number of steps of each environment between two updates."""
    batch: int
    epochs: int
    gae_lambda: float
    entropy: float
    """Initial weight of the entropy bonus; it decreases linearly to zero."""


@dataclass(frozen=True, kw_only=True)
class Dqn(Recipe):
    """Deep Q-learning (Mnih et al. 2015, doi:10.1038/nature14236) with double targets and n-step returns."""

    buffer: int
    """Number of transitions in the replay buffer."""
    batch: int
    gradient_steps: int
    """Number of updates after each step of all environments."""
    target_share: float
    """How far the target network moves towards the online network after each step of all environments. The target
    network, an average over the last few hundred updates, is evaluated and published."""
    returns: int
    """Number of steps in the n-step return."""
    learning_starts: int
    exploration: tuple[float, float, float]
    """Initial and final share of random actions, and the share of training during which it decreases
    exponentially."""
    hold: int
    """Largest number of steps for which a random action is held."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """The amount of work: training runs with different seeds, and flights for selection and for the final count."""

    recipe: Recipe
    runs: int
    validation: int
    test: int


PPO = Ppo(
    stints=60,
    stint_steps=65_536,
    envs=32,
    rollout=256,
    batch=256,
    epochs=6,
    learning_rate=1e-3,
    gamma=0.999,
    gae_lambda=0.98,
    entropy=0.01,
    layers=(64, 64),
    reward_scale=0.02,
    ground_cost=0.0,
    off_pad_cost=0.0,
)
WIND = replace(
    PPO,
    stints=24,
    stint_steps=524_288,
    envs=128,
    rollout=128,
    batch=1_024,
    epochs=4,
    gamma=0.997,
    layers=(128, 128),
    ground_cost=0.3,
    off_pad_cost=150.0,
)
DQN = Dqn(
    stints=20,
    stint_steps=60_000,
    envs=32,
    buffer=300_000,
    batch=128,
    gradient_steps=4,
    target_share=0.01,
    returns=5,
    learning_starts=8_192,
    exploration=(0.5, 0.02, 0.7),
    hold=40,
    learning_rate=1e-3,
    gamma=0.99,
    layers=(128, 128),
    reward_scale=0.02,
    ground_cost=1.0,
    off_pad_cost=0.0,
)

PRESETS: dict[tuple[Algorithm, PresetName], Preset] = {
    ("ppo", "full"): Preset(recipe=PPO, runs=3, validation=200, test=1_000),
    ("ppo", "quick"): Preset(recipe=replace(PPO, stints=24), runs=1, validation=100, test=1_000),
    ("ppo", "smoke"): Preset(
        recipe=replace(PPO, stints=3, stint_steps=1_024, envs=4, rollout=128), runs=2, validation=2, test=10
    ),
    ("dqn", "full"): Preset(recipe=DQN, runs=3, validation=100, test=1_000),
    ("dqn", "quick"): Preset(recipe=replace(DQN, stints=8), runs=1, validation=100, test=1_000),
    ("dqn", "smoke"): Preset(
        recipe=replace(DQN, stints=3, stint_steps=512, buffer=2_000, learning_starts=256, layers=(32,)),
        runs=1,
        validation=2,
        test=10,
    ),
}
IN_WIND: dict[tuple[Algorithm, PresetName], Preset] = {
    ("ppo", "full"): Preset(recipe=WIND, runs=3, validation=200, test=1_000),
}


def preset_for(algorithm: Algorithm, name: PresetName, *, wind: bool) -> Preset:
    """Return the preset; in wind, the preset for wind if there is one.

    Raises
    ------
    KeyError
        If the algorithm has no such preset.
    """
    in_wind = IN_WIND.get((algorithm, name)) if wind else None
    return in_wind or PRESETS[algorithm, name]


def describe(recipe: Recipe) -> dict:
    """Return a recipe as JSON stores it."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(recipe).items()
    }
