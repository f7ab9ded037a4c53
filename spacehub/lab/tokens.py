"""WordPiece from scratch: split a text into words, and each word, from the left, into the longest matching tokens.

As in uncased BERT: Devlin et al. (2018), github.com/google-research/bert/blob/master/tokenization.py; the greedy
search is Schuster and Nakajima's (2012) in the form of Wu et al. (2016). For scripts newer than
Unicode 8, the library tokenizers may know less than Python does.
"""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from spacehub.errors import SpaceHubError
from spacehub.serving import stated

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
SPECIAL = ("[PAD]", UNKNOWN, START, END, "[MASK]")
CONTINUES = "##"
# Limits of what is read: bytes of the file, special tokens, and the largest id of a token.
LARGEST, MOST_SPECIAL, MOST_PIECES = 2**24, 1_000, 1_000_000
# A longer word is not searched for.
LONGEST_WORD = 100
# Each of these characters is a word of its own, by the ranges of the library tokenizers.
CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
PARTS = {
    "normalizer": {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    },
    "pre_tokenizer": {"type": "BertPreTokenizer"},
}
MODEL = {
    "type": "WordPiece",
    "unk_token": UNKNOWN,
    "continuing_subword_prefix": CONTINUES,
    "max_input_chars_per_word": LONGEST_WORD,
}


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Tokens with their ids; a token that starts with ``##`` continues a word. `special` tokens stay whole."""

    pieces: Mapping[str, int]
    special: Sequence[str] = SPECIAL

    @classmethod
    def read(cls, path: Path) -> "Vocabulary":
        """Read a ``tokenizer.json``.

        Raises
        ------
        SpaceHubError
            If the tokenizer does not tokenise like uncased BERT.
        """
        try:
            settings = stated.read(path, largest=LARGEST)
            model = settings["model"]
            alike = PARTS.items() <= settings.items() and MODEL.items() <= model.items()
            special = stated.listed(settings["added_tokens"], "added_tokens", MOST_SPECIAL)
            vocabulary = cls(
                pieces=dict(model["vocab"]),
                special=[stated.text(added["content"], "An added token") for added in special],
            )
            for piece, number in vocabulary.pieces.items():
                stated.whole(number, f"The id of {piece[:80]}", 0, MOST_PIECES)
            if not vocabulary.pieces.keys() >= {UNKNOWN, START, END}:
                raise ValueError(
                    f"The vocabulary must contain the special tokens {UNKNOWN}, {START} and {END}."
                )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SpaceHubError(
                "Cannot read the model's tokenizer.json.", "Publish the model again."
            ) from error
        if not alike:
            raise SpaceHubError(
                "The model's tokenizer is not an uncased WordPiece tokenizer.",
                "Publish a model with a different base model, such as sentence-transformers/all-MiniLM-L6-v2.",
            )
        return vocabulary

    @cached_property
    def special_pattern(self) -> re.Pattern:
        """The pattern that finds a special token written in a text."""
        return re.compile(f"({'|'.join(map(re.escape, self.special)) or '(?!)'})")

    def first(self, count: int) -> "Vocabulary":
        """Return a vocabulary with only the tokens whose ids are below `count`, and the special tokens."""
        kept = {piece: number for piece, number in self.pieces.items() if number < count}
        kept |= {token: self.pieces[token] for token in self.special if token in self.pieces}
        return Vocabulary(pieces=kept, special=self.special)


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word as it was looked up, in lower case without accents, and its tokens."""

    text: str
    pieces: list[str]


def tokenise(text: str, vocabulary: Vocabulary) -> list[Word]:
    """Split a text into words, and the words into tokens of a vocabulary."""
    words = []
    for part in vocabulary.special_pattern.split(text):
        if part in vocabulary.special:
            words.append(Word(text=part, pieces=[part]))
        else:
            words += [Word(text=word, pieces=cut(word, vocabulary.pieces)) for word in split(normalise(part))]
    return words


def cut(word: str, pieces: Container[str]) -> list[str]:
    """Split a word by repeatedly taking the longest token from the left; ``[UNK]`` if no token matches."""
    found, start = [], 0
    while start < len(word) <= LONGEST_WORD:
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else CONTINUES + word[start:end]
            if piece in pieces:
                break
        else:
            return [UNKNOWN]
        found.append(piece)
        start = end
    return found or [UNKNOWN]


def known(word: str, pieces: Container[str]) -> np.ndarray:
    """Return whether each substring of a word, from letter to letter, is a token there: bool [letters, letters]."""
    is_piece = np.zeros((len(word), len(word)), dtype=bool)
    for start in range(len(word)):
        for last in range(start, len(word)):
            stretch = word[start : last + 1]
            is_piece[start, last] = (stretch if start == 0 else CONTINUES + stretch) in pieces
    return is_piece


def fewest(word: str, pieces: Container[str]) -> int | None:
    """Return the smallest number of tokens that form a word, or None: the shortest path, letter by letter."""
    if len(word) > LONGEST_WORD:
        return None
    fits, least = known(word, pieces), [0.0]
    for end in range(len(word)):
        least.append(min((least[start] + 1 for start in np.flatnonzero(fits[:, end])), default=np.inf))
    return int(least[-1]) if np.isfinite(least[-1]) else None


def normalise(text: str) -> str:
    """Return a text without control characters, accents and capitals, with spaces around each Chinese character."""
    kept = []
    for sign in text:
        if sign.isspace() and (sign in "\t\n\r" or unicodedata.category(sign) != "Cc"):
            kept.append(" ")
        elif sign != "\ufffd" and unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs"):
            kept.append(f" {sign} " if _is_cjk(sign) else sign)
    parted = unicodedata.normalize("NFD", "".join(kept))
    # Character by character: in a whole word, the lower case of a Greek sigma depends on its position.
    return "".join(sign.lower() for sign in parted if unicodedata.category(sign) != "Mn")


def split(text: str) -> list[str]:
    """Split a text at white space and around each punctuation mark."""
    spaced = "".join(f" {sign} " if _is_punctuation(sign) else sign for sign in text)
    return spaced.split()


def _is_cjk(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in CJK)


def _is_punctuation(sign: str) -> bool:
    # Also ASCII symbols that are not punctuation elsewhere, such as $ and ^.
    return ("!" <= sign <= "~" and not sign.isalnum()) or unicodedata.category(sign).startswith("P")
