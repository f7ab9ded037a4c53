"""What the fine-tuned network holds of a title before it answers: a vector, whose neighbours and map can be looked at."""

import numpy as np
import torch
from transformers import PreTrainedModel

from spacehub.models.titles.titles import Titles

SHOWN, NEIGHBOURS = 900, 3
BATCH = 64


def vectors(model: PreTrainedModel, tokenizer, texts: np.ndarray, *, length: int) -> np.ndarray:
    """Return the mean of the last layer over the tokens of each text, of length 1: (n, hidden)."""
    order = np.argsort([len(text) for text in texts], kind="stable")
    found = np.empty((len(texts), model.config.hidden_size), np.float32)
    with torch.inference_mode():
        for at in range(0, len(order), BATCH):
            rows = order[at : at + BATCH]
            tokens = tokenizer(
                list(texts[rows]), truncation=True, max_length=length, padding=True, return_tensors="pt"
            )
            last = model(**tokens, output_hidden_states=True).hidden_states[-1]
            seen = tokens["attention_mask"].unsqueeze(-1)
            found[rows] = ((last * seen).sum(1) / seen.sum(1)).numpy()
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def some(titles: Titles) -> np.ndarray:
    """Return where `SHOWN` test titles stand, spread over the split."""
    rows = titles.rows("test")
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(SHOWN, len(rows))).astype(int))]


def plane(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two principal components of points (n, d), (n, 2), and the shares of variance that they hold."""
    centred = points - points.mean(axis=0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    return left[:, :2] * sizes[:2], sizes[:2] ** 2 / (sizes**2).sum()


def neighbours(asked: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return, for each vector asked about, where its `NEIGHBOURS` nearest points stand, by cosine: (n, NEIGHBOURS)."""
    return np.argsort(-(asked @ points.T), axis=1, kind="stable")[:, :NEIGHBOURS]
