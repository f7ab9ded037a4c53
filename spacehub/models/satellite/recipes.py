"""How networks are trained: every hyperparameter in one place."""

from dataclasses import asdict, dataclass, field
from typing import Literal

PresetName = Literal["quick", "full", "smoke"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to train a network from a start to its end."""

    architecture: str = "tf_efficientnet_lite0"
    """Name of a timm architecture, or ``two-convolutions``, the network from the course."""
    weights: str = "imagenet"
    """Initial weights: ``imagenet``, ``scratch``, the key of one of our models, or a repository in timm's layout."""
    size: int = 96
    """Width and height of the network's input in pixels; images are resized to it (bicubic)."""
    epochs: int = 28
    batch: int = 32
    learning_rate: float = 2e-3
    """Highest learning rate of AdamW. It rises during the share `warmup` of all steps, then decreases to zero along a cosine."""
    warmup: float = 0.15
    weight_decay: float = 0.05
    """Weight decay of parameters with more than one dimension."""
    label_smoothing: float = 0.1
    mixup: float = 0.4
    """Both parameters of the beta distribution for mixup, which is applied to half of the batches; 0 turns mixup off."""
    light: float = 0.1
    """Standard deviation of two random changes: the factor for all channels, and the offset of each channel."""
    average: float = 0.995
    """Decay of the exponential moving average of the weights. The average is published."""
    drop: float = 0.2
    frozen: int = 0
    """Number of stages of a pretrained network, counted from the stem, that are frozen; see `network.freeze`."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe, and how thoroughly it is evaluated."""

    recipe: Recipe = field(default_factory=Recipe)
    folds: int = 0
    """How many of the five folds to train and evaluate."""
    rivals: dict[str, Recipe] = field(default_factory=dict)
    """Other recipes to compare on the first fold, by name."""
    pictures: int | None = None
    """Maximum number of training images, which keeps runs on a large dataset short."""


_FULL = Recipe()
PRESETS: dict[PresetName, Preset] = {
    "full": Preset(
        recipe=_FULL,
        folds=5,
        rivals={
            "the same network, from scratch": Recipe(weights="scratch"),
            "the same network, pretrained on ImageNet and then UC Merced": Recipe(
                weights="satellite-uc-merced"
            ),
            "the network with two convolutions from the course": Recipe(
                architecture="two-convolutions", weights="scratch", size=64, epochs=40
            ),
        },
    ),
    "quick": Preset(recipe=Recipe(epochs=12, mixup=0.0, average=0.98, frozen=4), pictures=2500),
    "smoke": Preset(recipe=Recipe(size=64, epochs=2, average=0.8), pictures=96),
}


def describe(recipe: Recipe) -> dict:
    """Return a recipe in the form of ``results.json``."""
    return asdict(recipe)
