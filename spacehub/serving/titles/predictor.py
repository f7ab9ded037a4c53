"""A published classifier of titles: chances that are calibrated, one by one or many at once, and what each word adds.

Texts are cut after as many tokens as in training. Nothing here can execute code that a file brings.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from spacehub.errors import SpaceHubError
from spacehub.serving.titles.linear import Linear

FILES = (
    "linear/model.json",
    "onnx/inputs.json",
    "onnx/model.onnx",
    "onnx/model_int8.onnx",
    "results.json",
    "tokenizer.json",
)
# The two cores of a small machine. One title takes milliseconds; more threads only wait for each other.
THREADS = 2
# Share of test titles on which the eight-bit model must say what the whole one says, to stand for it.
AGREEMENT = 0.99
# So many texts are cut into tokens and sorted by length together: few batches are then of mixed lengths.
TOGETHER = 4_096
# Tokens of a batch, fillers included: what an inner layer makes of them still lies in the processor's cache.
BATCH_TOKENS = 256
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of a text, from character `start` to `end`, and by how much the log odds of *space* fall without it."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the model says of a text: the chance of *space*, and what each word adds that it read, up to character `end`."""

    chance: float
    words: list[Word]
    end: int


@dataclass(frozen=True, kw_only=True)
class Bin:
    """What became of the `n` test titles that got about the chance `sure`: the share `right` was about space."""

    n: int
    sure: float
    right: float
    low: float
    high: float


class TitlesPredictor:
    """Answers from a published classifier.

    Parameters
    ----------
    folder : Path
        The model's files: `FILES`.
    threads : int
        How many work on a batch.

    Raises
    ------
    SpaceHubError
        When a file is missing or is not what it should be.
    """

    def __init__(self, folder: Path, *, threads: int = THREADS):
        try:
            told = json.loads((folder / "onnx" / "inputs.json").read_text("utf-8"))
            results = json.loads((folder / "results.json").read_text("utf-8"))
            self.labels = [str(name) for name in told["labels"]]
            self.threshold, self.length = float(told["threshold"]), int(told["length"])
            self.linear = Linear.read(folder / "linear" / "model.json")
            self.bins = [Bin(**found) for found in results["reliability"]["bins"]]
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(self.length)
            special = self._tokenizer.get_added_tokens_decoder()
            self._special = {place for place, token in special.items() if token.special}
            self._filler = next(
                (
                    place
                    for place in map(self._tokenizer.token_to_id, ("[PAD]", "<pad>"))
                    if place is not None
                ),
                0,
            )
            self._inputs = list(told["inputs"])
            self.int8_agrees = results["onnx"]["int8"]["share"] >= AGREEMENT
            name = "model_int8.onnx" if self.int8_agrees else "model.onnx"
            self._session = _open(folder / "onnx" / name, threads)
            self._check()
        except Exception as error:  # onnxruntime and tokenizers raise types of their own
            raise SpaceHubError(
                f"The published model cannot be read: {error}.",
                "Publish it again with this version of SpaceHub.",
            ) from error

    def label(self, chance: float) -> str:
        """Return what it says from a chance of *space*."""
        return self.labels[int(chance >= self.threshold)]

    def trust(self, chance: float) -> Bin:
        """Return what became of the test titles that got about as high a chance."""
        return min(self.bins, key=lambda found: abs(found.sure - chance))

    def chances(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Return the chance of *space* of each text, float [N]; NaN where there is nothing that it can read.

        `progress` is told how many are done, of how many.
        """
        found = np.full(len(texts), np.nan)
        done = 0
        for first in range(0, len(texts), TOGETHER):
            read = self._tokenizer.encode_batch_fast(list(texts[first : first + TOGETHER]))
            tokens = [one.ids for one in read]
            for rows in _batches(tokens):
                found[first + rows] = self._ask([tokens[row] for row in rows])
                done += len(rows)
                if progress:
                    progress(done, len(texts))
            found[[first + row for row, ids in enumerate(tokens) if self._special.issuperset(ids)]] = np.nan
        return found

    def read(self, text: str) -> Reading:
        """Tell what it says of a text, and by how much the log odds fall when a word is left out.

        All variants are asked in one batch (occlusion, Zeiler and Fergus 2014).

        Raises
        ------
        SpaceHubError
            When there is nothing in it that the model can read.
        """
        encoding = self._tokenizer.encode(text)
        ids = encoding.ids
        if self._special.issuperset(ids):
            raise SpaceHubError(
                "There is nothing in the text that the model can read.", "Write a title in words."
            )
        end = max(last for _, last in encoding.offsets)
        words, of_words = _words(text, encoding)
        variants = [
            [token for place, token in enumerate(ids) if place not in of_word] for of_word in of_words
        ]
        chances = self._ask([ids, *variants])
        odds = _log_odds(chances)
        return Reading(
            chance=float(chances[0]),
            words=[
                Word(start=start, end=end, weight=float(odds[0] - without))
                for (start, end), without in zip(words, odds[1:], strict=True)
            ],
            end=end,
        )

    def _ask(self, tokens: Sequence[list[int]]) -> np.ndarray:
        """Return the chance of *space* of texts cut into tokens, filled up to the longest."""
        lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
        mask = np.arange(lengths.max()) < lengths[:, np.newaxis]
        ids = np.full(mask.shape, self._filler)
        ids[mask] = np.concatenate(tokens)
        every = {
            "input_ids": ids,
            "attention_mask": mask.astype(np.int64),
            "token_type_ids": np.zeros_like(ids),
        }
        [logits] = self._session.run(["logits"], {name: every[name] for name in self._inputs})
        other, space = logits.astype(float).T
        return 1 / (1 + np.exp(other - space))

    def _check(self) -> None:
        """Ask it once: what cannot answer is not served."""
        if len(self.labels) != 2 or not self.bins or not np.isfinite(self._ask([[self._filler] * 3])).all():
            raise ValueError("its outputs are not those of its inputs.json")


def _batches(tokens: Sequence[list[int]]) -> Iterator[np.ndarray]:
    """Yield which texts to ask about together: such as are about as long, `BATCH_TOKENS` at most."""
    lengths = np.fromiter(map(len, tokens), np.int64, len(tokens))
    order = np.argsort(lengths, kind="stable")
    first = 0
    while first < len(order):
        last = first + 1
        while last < len(order) and (last + 1 - first) * lengths[order[last]] <= BATCH_TOKENS:
            last += 1
        yield order[first:last]
        first = last


def _words(text: str, encoding: Encoding) -> tuple[list[tuple[int, int]], list[set[int]]]:
    """Return where the words that were read stand in the text, and which tokens each is."""
    spans = [found.span() for found in _WORD.finditer(text)]
    starts = [start for start, _ in spans]
    of_words: dict[int, set[int]] = {}
    for place, ((start, end), special) in enumerate(
        zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
    ):
        if not special and end > start:
            of_words.setdefault(bisect_right(starts, start) - 1, set()).add(place)
    return [spans[word] for word in of_words], list(of_words.values())


def _log_odds(chances: np.ndarray) -> np.ndarray:
    clipped = np.clip(chances, 1e-7, 1 - 1e-7)
    return np.log(clipped / (1 - clipped))


def _open(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin between two titles only take the processor from other visitors.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
