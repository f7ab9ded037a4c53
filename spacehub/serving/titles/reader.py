"""Read texts with a published network: the probability of many texts, or of one text also what each part adds.

A text that is longer than the network's training texts is read in `pieces`.
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding

from spacehub.errors import SpaceHubError
from spacehub.serving import stated
from spacehub.serving.titles import features, pieces, tokenizer_file
from spacehub.serving.titles.network import THREADS, Network

# How many texts are tokenised and sorted by length together, so that few batches have mixed lengths.
TOGETHER = 4_096
# A piece of a long text has at most this many words per token of the network's limit, so that few pieces
# are cut.
WORDS_A_TOKEN = 0.62
LENGTHS = (8, 4_096)  # tokens that a network may read at once
UNKNOWN = "[UNK]"  # as in WordPiece, the tokenizer of BERT
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a text, from character `start` to `end`, and its contribution to the log odds of *space*.

    A word's weight is how much the text's log odds fall without it; the weights of a long text's pieces
    add up.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The answer for a text: the probability of *space*, and the parts that were read, up to character `end`.

    The parts are words or, if the text is too long to be read at once, pieces (`in_pieces`).
    """

    chance: float
    parts: list[Part]
    end: int
    in_pieces: bool


class _Piece(NamedTuple):
    ids: list[int]
    start: int
    end: int


class Reader:
    """Run one ONNX file of a published model.

    Parameters
    ----------
    folder : Path
        The model's files, which include ``onnx/inputs.json`` and ``tokenizer.json``.
    name : str
        The file to run, in the ``onnx`` folder.
    threads : int
        How many batches run at once.

    Raises
    ------
    OSError, ValueError, KeyError, onnxruntime's exceptions
        If a file is missing or is not as expected.
    """

    def __init__(self, folder: Path, name: str, *, threads: int = THREADS):
        facts = json.loads((folder / "onnx" / "inputs.json").read_text("utf-8"))
        self.length = stated.whole(facts["length"], "length", *LENGTHS)
        prior = stated.number(facts["prior"], "prior", 1e-6, 1 - 1e-6)
        self.prior = math.log(prior / (1 - prior))
        self.words_a_piece = max(pieces.FEWEST, round(WORDS_A_TOKEN * self.length))
        self._tokenizer = tokenizer_file.read(folder / "tokenizer.json")
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.length)
        special = self._tokenizer.get_added_tokens_decoder()
        self._special = {place for place, token in special.items() if token.special}
        self._unknown = self._tokenizer.token_to_id(UNKNOWN)
        self._network = Network(folder / "onnx" / name, inputs=list(facts["inputs"]), threads=threads)

    def chances(
        self,
        texts: Sequence[str],
        *,
        at_once: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> np.ndarray:
        """Return each text's probability of *space*, float [N]; NaN if the model can read nothing in it.

        `progress` is called with the number done and the total. With `at_once` it answers like
        transformers' pipeline: the end of a long text is cut off, and an empty text also has a probability.
        """
        results = np.full(len(texts), np.nan)
        for first in range(0, len(texts), TOGETHER):
            tokens, owners = self._cut(texts[first : first + TOGETHER], at_once=at_once)
            count = min(TOGETHER, len(texts) - first)
            odds, done = np.empty(len(tokens)), 0
            for rows, values in self._network.batches(tokens):
                odds[rows] = values
                done += len(rows)
                if progress:
                    progress(first + count * done // len(tokens), len(texts))
            can = np.array([at_once or not self._special.issuperset(ids) for ids in tokens])
            joined = pieces.together(odds[can], owners[can], count, self.prior)
            results[first : first + count] = _chance(joined)
        return results

    def is_too_long(self, text: str) -> bool:
        """Return whether a text has more tokens than are read at once."""
        return bool(self._tokenizer.encode(text).overflowing)

    def features(self, text: str) -> dict[str, float]:
        """Return the numbers that describe the start of a text, as `features.describe`."""
        text = text[: features.LONGEST]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        tokens = [token for part in (encoding, *encoding.overflowing) for token in part.ids]
        at_once = self.length - self._tokenizer.num_special_tokens_to_add(is_pair=False)
        return features.describe(text, tokens, unknown=self._unknown, at_once=at_once)

    def read(self, text: str) -> Reading:
        """Return the model's answer for a text, and each part's contribution to the log odds of *space*.

        Words are weighed by occlusion (Zeiler and Fergus 2014): how much the log odds fall without the word.

        Raises
        ------
        SpaceHubError
            If the model can read nothing in it.
        """
        encoding = self._tokenizer.encode(text)
        if encoding.overflowing:
            return self._read_in_pieces(text)
        ids = encoding.ids
        if self._special.issuperset(ids):
            raise _unreadable()
        words, of_words = _words(text, encoding)
        odds = self._network.log_odds(
            [ids]
            + [[token for place, token in enumerate(ids) if place not in of_word] for of_word in of_words]
        )
        parts = [
            Part(start=start, end=end, weight=float(odds[0] - without))
            for (start, end), without in zip(words, odds[1:], strict=True)
        ]
        end = max(last for _, last in encoding.offsets)
        return Reading(chance=float(_chance(odds[0])), parts=parts, end=end, in_pieces=False)

    def _read_in_pieces(self, text: str) -> Reading:
        parts_of_text = self._pieces(text)
        known = [part for part in parts_of_text if not self._special.issuperset(part.ids)]
        if not known:
            raise _unreadable()
        weights = pieces.parts(self._network.log_odds([part.ids for part in known]), self.prior)
        parts = [
            Part(start=part.start, end=part.end, weight=float(weight))
            for part, weight in zip(known, weights, strict=True)
        ]
        chance = float(_chance(self.prior + weights.sum()))
        return Reading(chance=chance, parts=parts, end=parts_of_text[-1].end, in_pieces=True)

    def _cut(self, texts: Sequence[str], *, at_once: bool) -> tuple[list[list[int]], np.ndarray]:
        """Return the tokens of texts, or of the pieces of long texts, and the text that each belongs to."""
        tokens: list[list[int]] = []
        owners: list[int] = []
        for row, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts))):
            parts = self._pieces(texts[row]) if encoding.overflowing and not at_once else [encoding]
            tokens += [part.ids for part in parts]
            owners += [row] * len(parts)
        return tokens, np.array(owners, np.int64)

    def _pieces(self, text: str) -> list[_Piece]:
        """Return a long text's sentences; a sentence that is too long is split into windows of tokens."""
        plain, spans = pieces.unquoted(text), pieces.cut(text, words=self.words_a_piece)
        parts_of_text = []
        for (begin, _), whole in zip(
            spans, self._tokenizer.encode_batch([plain[start:end] for start, end in spans]), strict=True
        ):
            for encoding in (whole, *whole.overflowing[: pieces.MOST]):
                seen = [span for span in encoding.offsets if span[1]] or [(0, 0)]
                parts_of_text.append(_Piece(encoding.ids, begin + seen[0][0], begin + seen[-1][1]))
        return parts_of_text[: pieces.MOST]


def _words(text: str, encoding: Encoding) -> tuple[list[tuple[int, int]], list[set[int]]]:
    """Return the places of the words that were read, and the tokens of each."""
    spans = [match.span() for match in _WORD.finditer(text)]
    starts = [start for start, _ in spans]
    of_words: dict[int, set[int]] = {}
    for place, ((start, end), special) in enumerate(
        zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
    ):
        if not special and end > start:
            of_words.setdefault(bisect_right(starts, start) - 1, set()).add(place)
    return [spans[word] for word in of_words], list(of_words.values())


def _chance(log_odds):
    return 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))


def _unreadable() -> SpaceHubError:
    return SpaceHubError(
        "The text contains nothing that the model can read.", "Enter a title that contains words."
    )
