"""Read texts with a published network: the probability of many texts, or of one text also what each part adds.

The network reads a text at once, up to its limit in tokens. A longer text is read in passages (see `passages`).
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from tokenizers import Encoding

from spacehub.errors import SpaceHubError
from spacehub.serving import stated
from spacehub.serving.titles import features, passages, tokenizer_file
from spacehub.serving.titles.network import THREADS, Network

# How many texts are tokenised and sorted by length together, so that few batches have mixed lengths.
TOGETHER = 4_096
# A passage of a long text has at most this many words per token of the network's limit, so that few
# passages are cut.
WORDS_A_TOKEN = 0.62
# The contribution of each word is shown up to this many words, as in titles. Of a longer text, it is shown
# for at most this many sentences, since each contribution requires reading the text once more.
MOST_WORDS, MOST_SENTENCES = 64, 16
LENGTHS = (8, 4_096)  # tokens that a network may read at once
UNKNOWN = "[UNK]"  # as in WordPiece, the tokenizer of BERT
_WORD = re.compile(r"\S+")

PartKind = Literal["words", "sentences", "passages"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a text, from character `start` to `end`, and its contribution to the log odds of *space*.

    The weight of a word or sentence is how much the text's log odds fall without it. The weights of passages
    add up.
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The answer for a text: the probability of *space*, and the parts that were read, up to character `end`.

    The parts are words, sentences if there are more than `MOST_WORDS` words (neighbouring sentences are joined if
    there are more than `MOST_SENTENCES`), or passages if the text is too long to be read at once.
    """

    chance: float
    parts: list[Part]
    end: int
    kind: PartKind


class _Passage(NamedTuple):
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
        self.words_a_passage = max(passages.FEWEST, round(WORDS_A_TOKEN * self.length))
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
            joined = passages.together(odds[can], owners[can], count, self.prior)
            results[first : first + count] = _chance(joined)
        return results

    def features(self, text: str) -> dict[str, float]:
        """Return the numbers that describe the start of a text, as `features.describe`."""
        text = text[: features.LONGEST]
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        tokens = [token for part in (encoding, *encoding.overflowing) for token in part.ids]
        at_once = self.length - self._tokenizer.num_special_tokens_to_add(is_pair=False)
        return features.describe(text, tokens, unknown=self._unknown, at_once=at_once)

    def read(self, text: str) -> Reading:
        """Return the model's answer for a text, and each part's contribution to the log odds of *space*.

        Words and sentences are weighed by occlusion (Zeiler and Fergus 2014): how much the log odds fall without the
        word or sentence.

        Raises
        ------
        SpaceHubError
            If the model can read nothing in it.
        """
        encoding = self._tokenizer.encode(text)
        if encoding.overflowing:
            return self._read_passages(text)
        ids = encoding.ids
        if self._special.issuperset(ids):
            raise _unreadable()
        kind, spans = "words", [match.span() for match in _WORD.finditer(text)]
        if len(spans) > MOST_WORDS:
            kind, spans = "sentences", passages.sentences(text, most=MOST_SENTENCES)
        spans, tokens = _tokens_of(spans, encoding)
        odds = self._network.log_odds(
            [ids, *([token for place, token in enumerate(ids) if place not in part] for part in tokens)]
        )
        parts = [
            Part(start=start, end=end, weight=float(odds[0] - without))
            for (start, end), without in zip(spans, odds[1:], strict=True)
        ]
        end = max(last for _, last in encoding.offsets)
        return Reading(chance=float(_chance(odds[0])), parts=parts, end=end, kind=kind)

    def _read_passages(self, text: str) -> Reading:
        whole = self._passages(text)
        known = [passage for passage in whole if not self._special.issuperset(passage.ids)]
        if not known:
            raise _unreadable()
        weights = passages.parts(self._network.log_odds([passage.ids for passage in known]), self.prior)
        parts = [
            Part(start=passage.start, end=passage.end, weight=float(weight))
            for passage, weight in zip(known, weights, strict=True)
        ]
        chance = float(_chance(self.prior + weights.sum()))
        return Reading(chance=chance, parts=parts, end=whole[-1].end, kind="passages")

    def _cut(self, texts: Sequence[str], *, at_once: bool) -> tuple[list[list[int]], np.ndarray]:
        """Return the tokens of texts, or of the passages of long texts, and the text that each belongs to."""
        tokens: list[list[int]] = []
        owners: list[int] = []
        for row, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts))):
            parts = self._passages(texts[row]) if encoding.overflowing and not at_once else [encoding]
            tokens += [part.ids for part in parts]
            owners += [row] * len(parts)
        return tokens, np.array(owners, np.int64)

    def _passages(self, text: str) -> list[_Passage]:
        """Return the passages of a long text; a passage with too many tokens is split into windows of tokens."""
        plain, spans = passages.unquoted(text), passages.cut(text, words=self.words_a_passage)
        read = []
        for (begin, _), whole in zip(
            spans, self._tokenizer.encode_batch([plain[start:end] for start, end in spans]), strict=True
        ):
            for encoding in (whole, *whole.overflowing[: passages.MOST]):
                seen = [span for span in encoding.offsets if span[1]] or [(0, 0)]
                read.append(_Passage(encoding.ids, begin + seen[0][0], begin + seen[-1][1]))
        return read[: passages.MOST]


def _tokens_of(
    spans: list[tuple[int, int]], encoding: Encoding
) -> tuple[list[tuple[int, int]], list[set[int]]]:
    """Return the spans that were read, and the places of the tokens that belong to each.

    A token belongs to the last span that does not begin after the token.
    """
    starts = [start for start, _ in spans]
    tokens: dict[int, set[int]] = {}
    for place, ((start, end), special) in enumerate(
        zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
    ):
        if not special and end > start:
            tokens.setdefault(max(0, bisect_right(starts, start) - 1), set()).add(place)
    return [spans[span] for span in tokens], list(tokens.values())


def _chance(log_odds):
    return 1 / (1 + np.exp(-np.clip(log_odds, -50, 50)))


def _unreadable() -> SpaceHubError:
    return SpaceHubError(
        "The text contains nothing that the model can read.", "Enter a title that contains words."
    )
