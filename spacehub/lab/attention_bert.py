"""A published BERT, loaded from its weights and run with the Lab's own attention, so you can inspect every head.

The layers follow Devlin et al. (2018). The attention block and the feed-forward block each add their input to their
output, and each sum is normalised to mean 0 and variance 1. The weights have the names used by the
transformers library.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.lab.attention import Projections, self_attention
from spacehub.serving import stated

FILES = ("config.json", "model.safetensors")
BEFORE, AFTER, ITSELF, FIRST, LAST = "the token before", "the token after", "itself", "[CLS]", "[SEP]"
LARGEST, MOST = 2**20, 64  # bytes of config.json; layers, and heads of a layer
TARGETS = (FIRST, LAST, BEFORE, AFTER, ITSELF)


@dataclass(frozen=True, kw_only=True)
class Look:
    """A BERT's results for a text: the heads' weights [layers, heads, n, n], and the logits of the classes."""

    weights: np.ndarray
    logits: np.ndarray


@dataclass(frozen=True, eq=False)
class Bert:
    """A text classifier: `weights` by name, and the contents of its ``config.json``."""

    weights: dict[str, np.ndarray]
    layers: int
    heads: int
    epsilon: float

    @classmethod
    def read(cls, folder: Path) -> "Bert":
        """Read `FILES` from a folder; code in them is not run.

        Raises
        ------
        SpaceHubError
            If files are missing, or do not belong to a BERT classifier.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            config = stated.read(folder / "config.json", largest=LARGEST)
            if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
                raise ValueError(config["model_type"])
            weights = load_file(folder / "model.safetensors")
            model = cls(
                weights,
                stated.whole(config["num_hidden_layers"], "num_hidden_layers", 1, MOST),
                stated.whole(config["num_attention_heads"], "num_attention_heads", 1, MOST),
                stated.number(config["layer_norm_eps"], "layer_norm_eps", 0, 1),
            )
            if not np.isfinite(model.look([0]).logits).all():
                raise ValueError("The outputs of the model must be finite numbers.")
        except (OSError, ValueError, KeyError, TypeError, IndexError, SafetensorError) as error:
            raise SpaceHubError(
                "The Lab can read only BERT models, but the weights of the published model have a different structure.",
                "Publish the model again with this version of SpaceHub.",
            ) from error
        return model

    def look(self, ids: list[int]) -> Look:
        """Run the model on the token ids of one text."""
        known, longest = (
            len(self.weights[f"bert.embeddings.{name}_embeddings.weight"]) for name in ("word", "position")
        )
        if len(ids) > longest:
            raise SpaceHubError(
                f"The text has {len(ids):,} tokens, but the limit is {longest:,}.", "Enter a shorter text."
            )
        if max(ids) >= known:
            raise SpaceHubError(
                "The text contains a token that the model does not know.",
                "Publish the model again, because its tokenizer and its weights do not match.",
            )
        kind = self.weights["bert.embeddings.token_type_embeddings.weight"][0]
        words = self.weights["bert.embeddings.word_embeddings.weight"][ids]
        x = words + kind + self.weights["bert.embeddings.position_embeddings.weight"][: len(ids)]
        x = self._normalise(x, "bert.embeddings.LayerNorm")
        heads = []
        for number in range(self.layers):
            x, weights = self._layer(x, f"bert.encoder.layer.{number}")
            heads.append(weights)
        pooled = np.tanh(self._linear(x[0], "bert.pooler.dense"))
        return Look(weights=np.stack(heads), logits=self._linear(pooled, "classifier"))

    def _layer(self, x: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
        projections = Projections(
            query=self._projection(f"{name}.attention.self.query"),
            key=self._projection(f"{name}.attention.self.key"),
            value=self._projection(f"{name}.attention.self.value"),
            output=self._projection(f"{name}.attention.output.dense"),
        )
        attended, weights = self_attention(x, projections, heads=self.heads)
        x = self._normalise(x + attended, f"{name}.attention.output.LayerNorm")
        between = gelu(self._linear(x, f"{name}.intermediate.dense"))
        x = self._normalise(x + self._linear(between, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return x, weights

    def _projection(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        return self.weights[f"{name}.weight"].T, self.weights[f"{name}.bias"]

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        weights, bias = self._projection(name)
        return x @ weights + bias

    def _normalise(self, x: np.ndarray, name: str) -> np.ndarray:
        """Scale each vector to mean 0 and variance 1, then by the learned weights (Ba, Kiros and Hinton 2016)."""
        away = x - x.mean(axis=-1, keepdims=True)
        scaled = away / np.sqrt((away**2).mean(axis=-1, keepdims=True) + self.epsilon)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def gelu(x: np.ndarray) -> np.ndarray:
    """Return x times the probability that a standard normal variable is below x (Hendrycks and Gimpel 2016)."""
    from scipy.special import erf

    return x * (1 + erf(x / np.sqrt(2, dtype=x.dtype))) / 2


def share(weights: np.ndarray, target: str) -> np.ndarray:
    """Return the fraction of attention that each head puts on a target of `TARGETS`, averaged over the queries.

    The shape goes from [..., n, n] to [...], as in Clark et al. (2019), "What does BERT look at?". The first token
    has no predecessor and the last token has no successor, so these queries are left out for these two targets.
    """
    n = weights.shape[-1]
    if target in (FIRST, LAST):
        return weights[..., 0 if target == FIRST else n - 1].mean(axis=-1)
    away = {BEFORE: -1, AFTER: 1, ITSELF: 0}[target]
    return np.diagonal(weights, away, axis1=-2, axis2=-1).mean(axis=-1)
