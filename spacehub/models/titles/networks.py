"""Two networks trained from scratch, short enough for a lesson: an LSTM and a small Transformer.

Both read words, not WordPieces: every word in at least two training titles has a number and a vector.
"""

import re
from collections import Counter
from collections.abc import Callable

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import Titles

WORD = re.compile(r"\w+|[^\w\s]")
PADDING, UNKNOWN = 0, 1
WIDTH, WORDS = 96, 48  # size of a word's vector; maximum number of words in a title (the rest is cut off)
BATCH, RATE = 64, 1e-3


class LSTM(nn.Module):
    """A bidirectional LSTM over a title (Hochreiter and Schmidhuber 1997), with max pooling over the words."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH, padding_idx=PADDING)
        self.reader = nn.LSTM(WIDTH, WIDTH, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.5)
        self.answer = nn.Linear(2 * WIDTH, 1)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Return the log odds (n,) of titles, numbers of words (n, length)."""
        read, _ = self.reader(self.drop(self.words(words)))
        read = read.masked_fill((words == PADDING).unsqueeze(-1), -1e4)
        return self.answer(self.drop(read.amax(1))).squeeze(1)


class Transformer(nn.Module):
    """A Transformer encoder with two layers (Vaswani et al. 2017) and mean pooling over the words."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH, padding_idx=PADDING)
        self.places = nn.Embedding(WORDS, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, 0.3, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.drop = nn.Dropout(0.5)
        self.answer = nn.Linear(WIDTH, 1)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Return the log odds (n,) of titles, numbers of words (n, length)."""
        padding = words == PADDING
        seen = self.drop(self.words(words)) + self.places(torch.arange(words.shape[1]))
        outputs = self.layers(seen, src_key_padding_mask=padding).masked_fill(padding.unsqueeze(-1), 0)
        return self.answer(self.drop(outputs.sum(1) / (~padding).sum(1, keepdim=True))).squeeze(1)


NETWORKS = {"lstm": LSTM, "transformer": Transformer}


def fit(
    name: str, titles: Titles, *, epochs: int, seed: int, report: Callable[[int, int], None]
) -> dict[str, np.ndarray]:
    """Train one of `NETWORKS`; return the log odds, by split, of its best epoch on the validation split."""
    known = vocabulary(titles.texts[titles.rows("train")])
    numbers = {
        split: encode(titles.texts[titles.rows(split)], known)
        for split in ("train", "validation", "test", "later")
    }
    labels = torch.from_numpy(titles.labels).float()
    goals, held_out = labels[titles.rows("train")], titles.labels[titles.rows("validation")]
    torch.manual_seed(seed)
    network = NETWORKS[name](len(known) + 2)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    best, best_odds = -1.0, {}
    for epoch in range(epochs):
        report(epoch, epochs)
        network.train()
        for rows in torch.randperm(len(goals)).split(BATCH):
            loss = functional.binary_cross_entropy_with_logits(
                network(_cut(numbers["train"][rows])), goals[rows]
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        odds = {split: _ask(network, numbers[split]) for split in ("validation", "test", "later")}
        reached = evaluation.average_precision(odds["validation"], held_out)
        if reached > best:
            best, best_odds = reached, odds
    report(epochs, epochs)
    return best_odds


def vocabulary(texts: np.ndarray) -> dict[str, int]:
    """Number the words that occur in at least two titles."""
    counts = Counter(word for text in texts for word in set(WORD.findall(text.lower())))
    return {word: place for place, word in enumerate(sorted(w for w, n in counts.items() if n > 1), start=2)}


def encode(texts: np.ndarray, known: dict[str, int]) -> torch.Tensor:
    """Return titles as numbers of words (n, WORDS), filled up with `PADDING`."""
    table = np.full((len(texts), WORDS), PADDING)
    for row, text in enumerate(texts):
        words = [known.get(word, UNKNOWN) for word in WORD.findall(text.lower())[:WORDS]] or [UNKNOWN]
        table[row, : len(words)] = words
    return torch.from_numpy(table)


def _cut(numbers: torch.Tensor) -> torch.Tensor:
    """Remove columns that are padding in every title of a batch."""
    return numbers[:, : int((numbers != PADDING).sum(1).max())]


def _ask(network: nn.Module, numbers: torch.Tensor) -> np.ndarray:
    network.eval()
    with torch.inference_mode():
        return torch.cat([network(_cut(part)) for part in numbers.split(256)]).numpy()
