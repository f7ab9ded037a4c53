"""How the classifiers of titles are trained: every hyperparameter in one place."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from spacehub.models.titles.base import BASE

PresetName = Literal["quick", "full", "smoke"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to fine-tune an encoder."""

    base: str = BASE
    """A repository on the Hub that transformers can load for sequence classification."""
    epochs: int = 4
    patience: int = 2
    """Stop after this many epochs without a better average precision on the validation split."""
    batch: int = 32
    length: int = 72
    """Training titles are truncated to this many tokens; 998 of 1,000 titles in the dataset are not longer."""
    reads: int = 256
    """The published model reads this many tokens at once, which is enough for most posts (see docs/titles.md)."""
    learning_rate: float = 1e-4
    """Highest learning rate of AdamW, for the classifier. It rises during the share `warmup` of all steps, then decreases
    linearly to zero."""
    layer_decay: float = 0.85
    """Ratio of the learning rates of a layer and the layer above it."""
    warmup: float = 0.06
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    communities: float = 0.3
    """Weight of a second task, predicting the community of a title. Its head is discarded after training."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe, and how much additional work is done."""

    recipe: Recipe = field(default_factory=Recipe)
    titles: int | None = None
    """Maximum number of training titles, which keeps a run short."""
    judged: int | None = None
    """Maximum number of titles from each other split."""
    epochs_from_scratch: int = 6
    """Number of epochs for the networks that are trained from scratch: the LSTM and the small Transformer."""


PRESETS: dict[PresetName, Preset] = {
    "full": Preset(),
    "quick": Preset(recipe=Recipe(epochs=1), titles=8000, epochs_from_scratch=2),
    "smoke": Preset(recipe=Recipe(epochs=2, batch=8), titles=48, judged=24, epochs_from_scratch=1),
}


def describe(recipe: Recipe) -> dict:
    """Return a recipe in the form of ``results.json``."""
    return asdict(recipe)
