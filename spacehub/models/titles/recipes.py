"""How the classifiers of titles are trained: every hyperparameter in one place."""

from dataclasses import asdict, dataclass, field
from typing import Literal

from spacehub.models.titles.base import BASE

PresetName = Literal["quick", "full", "smoke"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One way to fine-tune an encoder."""

    base: str = BASE
    """A repository on the Hub that transformers loads as a classifier of sequences."""
    epochs: int = 4
    patience: int = 2
    """Stop after this many epochs without a better average precision on the validation split."""
    batch: int = 32
    length: int = 72
    """Titles are cut after this many tokens; 998 of 1,000 of the dataset's are no longer."""
    learning_rate: float = 1e-4
    """The highest, of AdamW, for the classifier; up over `warmup` of all steps, then down to nothing in a line."""
    layer_decay: float = 0.85
    """Each layer learns this much slower than the one above it."""
    warmup: float = 0.06
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    communities: float = 0.3
    """Weight of a second task, thrown away afterwards: which community a title is from."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe, and how much additional work is done."""

    recipe: Recipe = field(default_factory=Recipe)
    titles: int | None = None
    """Train on no more titles than this, for a run that must be short."""
    judged: int | None = None
    """Judge by no more titles of each other split than this."""
    epochs_from_scratch: int = 6
    """Of the networks that begin with nothing: the LSTM and the small Transformer."""


PRESETS: dict[PresetName, Preset] = {
    "full": Preset(),
    "quick": Preset(recipe=Recipe(epochs=1), titles=8000, epochs_from_scratch=2),
    "smoke": Preset(recipe=Recipe(epochs=2, batch=8), titles=48, judged=60, epochs_from_scratch=1),
}


def describe(recipe: Recipe) -> dict:
    """Return a recipe in the form of ``results.json``."""
    return asdict(recipe)
