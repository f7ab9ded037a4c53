"""Analyse BERT's vectors: a title is the mean of its last layer over its tokens, before and after fine-tuning."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

BATCH = 64
NEAREST = 10


@dataclass(frozen=True)
class Encoder:
    """A BERT without its classifier, and its tokenizer, which cuts texts after `length` tokens."""

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    length: int

    @classmethod
    def load(cls, name: str, *, revision: str | None = None, length: int) -> "Encoder":
        """Load an encoder, or a classifier without its last layer, from a folder or from the Hub at a commit."""
        from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, AutoTokenizer

        architectures = AutoConfig.from_pretrained(name, revision=revision).architectures or []
        if any(architecture.endswith("ForSequenceClassification") for architecture in architectures):
            # AutoModel would warn that it ignores the classifier's weights.
            model = AutoModelForSequenceClassification.from_pretrained(name, revision=revision).base_model
        else:
            model = AutoModel.from_pretrained(name, revision=revision)
        return cls(model.eval(), AutoTokenizer.from_pretrained(name, revision=revision), length)

    def titles(self, texts: np.ndarray) -> np.ndarray:
        """Return one vector per text, of length 1: (n, width)."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        vectors = np.empty((len(texts), self.model.config.hidden_size), np.float32)
        with torch.inference_mode():
            for at in range(0, len(order), BATCH):
                rows = order[at : at + BATCH]
                read = self.tokenizer(
                    list(texts[rows]),
                    truncation=True,
                    max_length=self.length,
                    padding=True,
                    return_tensors="pt",
                )
                seen = read["attention_mask"].unsqueeze(-1)
                state = self.model(**read).last_hidden_state
                vectors[rows] = ((state * seen).sum(1) / seen.sum(1)).numpy()
        return unit(vectors)

    def words(self) -> tuple[list[str], np.ndarray]:
        """Return the whole words among the WordPieces and their embedding vectors, of length 1."""
        vocabulary = self.tokenizer.get_vocab()
        known = sorted(word for word in vocabulary if word.isalpha() and len(word) > 2)
        table = self.model.get_input_embeddings().weight.detach().numpy()
        return known, unit(table[[vocabulary[word] for word in known]])


def unit(vectors: np.ndarray) -> np.ndarray:
    """Scale vectors (n, width) to length 1, so that a product of two is the cosine of the angle between them."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def nearest(vectors: np.ndarray, asked: np.ndarray, *, count: int) -> np.ndarray:
    """Return the indices of the `count` vectors most similar to each of `asked`, closest first: (m, count)."""
    return np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :count]


def alike(vectors: np.ndarray, names: np.ndarray) -> float:
    """Return the share of the `NEAREST` neighbours of each vector that have its name."""
    others = nearest(vectors, vectors, count=NEAREST + 1)
    hits = [np.mean(names[row[row != place][:NEAREST]] == names[place]) for place, row in enumerate(others)]
    return float(np.mean(hits))


def plane(vectors: np.ndarray, *, seed: int) -> np.ndarray:
    """Lay out vectors on a plane so that near ones stay near (t-SNE, van der Maaten and Hinton 2008): (n, 2).

    Only the neighbourhoods have a meaning; distances between far groups, sizes of groups and the axes do
    not.
    """
    from sklearn.manifold import TSNE

    perplexity = min(30.0, (len(vectors) - 1) / 3)
    return TSNE(perplexity=perplexity, init="pca", metric="cosine", random_state=seed).fit_transform(vectors)
