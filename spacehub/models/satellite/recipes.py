"""How networks are trained: every hyperparameter in one place."""

from dataclasses import asdict, dataclass, field
from typing import Literal

PresetName = Literal["quick", "full", "smoke"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to train a network from a start to its end."""

    architecture: str = "tf_efficientnet_lite0"
    """Any of timm's names, or ``two-convolutions``, the course's own."""
    weights: str = "imagenet"
    """``imagenet``, ``scratch``, or what to begin with: one of our models by its key, or a repository in timm's layout."""
    size: int = 96
    """Width and height of what the network sees, in pixels; pictures are resized to it (bicubic)."""
    epochs: int = 28
    batch: int = 32
    learning_rate: float = 2e-3
    """The highest, of AdamW; one cycle: up over `warmup` of all steps, then down to nothing along a cosine."""
    warmup: float = 0.15
    weight_decay: float = 0.05
    """Of weights with more than one dimension."""
    label_smoothing: float = 0.1
    mixup: float = 0.4
    """Both parameters of the beta distribution that half of the batches are mixed by; 0 for none."""
    light: float = 0.1
    """Standard deviation of the random factor on all channels, and of what is added to each one."""
    average: float = 0.995
    """Decay of the exponential moving average of the weights, which is what is published."""
    drop: float = 0.2
    frozen: int = 0
    """How many stages of a pretrained network, from its stem, keep their first weights; see `network.freeze`."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe and how thoroughly it is measured."""

    recipe: Recipe = field(default_factory=Recipe)
    folds: int = 0
    """How many of the five folds are trained and measured."""
    rivals: dict[str, Recipe] = field(default_factory=dict)
    """Other ways, by what they are called, trained and measured on the first fold."""
    pictures: int | None = None
    """Train on no more pictures than this, for a run that must be short on the whole of a large dataset."""


_FULL = Recipe()
PRESETS: dict[PresetName, Preset] = {
    "full": Preset(
        recipe=_FULL,
        folds=5,
        rivals={
            "the same network, from scratch": Recipe(weights="scratch"),
            "the same network, from ImageNet by way of UC Merced": Recipe(weights="satellite-uc-merced"),
            "the course's two convolutions": Recipe(
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
