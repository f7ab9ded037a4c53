"""The WordPiece experiment, which splits text into the tokens of a vocabulary."""

from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np
import plotly.graph_objects as go

from space_app.html import render
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source, provenance, source
from space_app.lab.tokens import figures, published
from space_app.parameters import Choice, Number, Text
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab.tokens import UNKNOWN, Vocabulary, Word, cut, fewest, known
from spacehub.serving.titles import texts
from spacehub.serving.words import cut as shorten

PUBLISHED, OWN = "the published BERT's", "the tokens below"
PIECES = "the space moon land launch heat ship ##s ##ed ##er ##ing ##shield ##plane ##ship re ##entry a s . ,"
MOST_PIECES, LONGEST_PIECES = 5_000, 50_000
# The letters of a longer word are too small in the figure.
LONGEST_DRAWN = 50
SIZES, MOST_LISTED = 14, 100

OwnPieces = Annotated[
    str,
    Text(
        LONGEST_PIECES,
        label="Your own tokens",
        help="Separate the tokens with spaces, and write ## before a token that continues a word.",
    ),
]


class CutWord(TypedDict):
    """A word as it was looked up, its tokens with their ids, and the smallest possible number of tokens."""

    word: str
    pieces: list[str]
    numbers: list[int]
    fewest: int | None


class Pieces(TypedDict):
    """A text split into tokens. `unknown` is the number of words that the vocabulary cannot spell.

    `source` is null for your own tokens.
    """

    words: list[CutWord]
    pieces: int
    unknown: int
    vocabulary: int
    source: Source | None


def lab_wordpiece(
    watch: Watch,
    text: Annotated[
        str, Text(published.LONGEST, label="Sentence", help="Press Enter to split the sentence into tokens.")
    ] = "The spaceplane's heatshield survived reentry, said the exogeologist",
    own_pieces: OwnPieces = "",
    keep: Annotated[
        float,
        Number(
            0.01,
            1,
            step=0.01,
            label="Share of the vocabulary kept",
            help="Only the beginning of the vocabulary is kept. In BERT's vocabulary, common words come before rare words.",
        ),
    ] = 1,
) -> Pieces:
    """Split text into the tokens (WordPieces) of the published BERT's vocabulary, or into your own tokens."""
    tokenised = _cut(watch, text, own_pieces, keep)
    return Pieces(
        words=[
            CutWord(
                word=word.text,
                pieces=word.pieces,
                numbers=[tokenised.kept.pieces.get(piece, -1) for piece in word.pieces],
                fewest=fewest(word.text, tokenised.kept.pieces),
            )
            for word in tokenised.words
        ],
        pieces=tokenised.pieces,
        unknown=tokenised.unknown,
        vocabulary=len(tokenised.kept.pieces),
        source=source(tokenised.status) if tokenised.status else None,
    )


def view(
    watch: Watch,
    text: str,
    vocabulary: Annotated[str, Choice([PUBLISHED, OWN], label="Vocabulary")] = PUBLISHED,
    keep: float = 1,
    own_pieces: OwnPieces = PIECES,
) -> View:
    """Show how the hardest word is split, and how many tokens the text needs with smaller vocabularies."""
    # A blank list of your own tokens is an error; it does not fall back to the published ones.
    tokenised = _cut(watch, text, (own_pieces or " ") if vocabulary == OWN else "", keep)
    words, pieces = tokenised.words, tokenised.kept.pieces
    hardest = max(words, key=lambda word: (len(word.pieces), word.pieces == [UNKNOWN]))
    drawn, least = hardest.text[:LONGEST_DRAWN], fewest(hardest.text, pieces)
    return View(
        figures=[figures.search(drawn, known(drawn, pieces), cut(drawn, pieces)), _sizes(tokenised)],
        numbers={
            "Tokens in the vocabulary": f"{len(pieces):,}",
            "Words in the text": f"{len(words):,}",
            "Words that are a single token": f"{sum(word.text in pieces for word in words):,}",
            "Words that become [UNK]": f"{tokenised.unknown:,}",
            "Total tokens": f"{tokenised.pieces:,}",
            "Tokens per word": f"{tokenised.pieces / len(words):.2f}",
            "Minimum number of tokens for the word shown in the figure": f"{least}" if least else "none fit",
        },
        answer=f"{_hardest(hardest, least)} The text has {_count(len(words), 'word')} "
        f"and {_count(tokenised.pieces, 'token')}.",
        source=cut,
        extra=render(
            "lab/pieces.html",
            words=[word.pieces for word in words[:MOST_LISTED]],
            more=f"{len(words) - MOST_LISTED:,}" if len(words) > MOST_LISTED else "",
        )
        + (provenance(tokenised.status, simulated=published.SIMULATED) if tokenised.status else ""),
    )


@dataclass(frozen=True, kw_only=True)
class _Cut:
    """A text split with `kept`, the first `count` tokens of a vocabulary.

    `status` is set if the vocabulary is the published model's.
    """

    status: Status | None
    whole: Vocabulary
    count: int
    kept: Vocabulary
    words: list[Word]

    @property
    def pieces(self) -> int:
        """The total number of tokens in the text."""
        return sum(len(word.pieces) for word in self.words)

    @property
    def unknown(self) -> int:
        """The number of words that the vocabulary cannot spell."""
        return sum(word.pieces == [UNKNOWN] for word in self.words)


def _cut(watch: Watch, text: str, own_pieces: str, keep: float) -> _Cut:
    """Split text with part of the published vocabulary, or with your own vocabulary if you supply one."""
    text = texts.one(text)
    status = None if own_pieces else published.ready(watch)
    whole = published.vocabulary(status) if status else _own_vocabulary(own_pieces)
    count = max(1, round(keep * len(whole.pieces)))
    kept = whole.first(count)
    return _Cut(status=status, whole=whole, count=count, kept=kept, words=published.cut_text(text, kept))


def _own_vocabulary(typed: str) -> Vocabulary:
    """Parse a vocabulary from the whitespace-separated tokens that the user entered."""
    pieces = list(dict.fromkeys(typed.lower().split()))
    if not 1 <= len(pieces) <= MOST_PIECES:
        raise SpaceHubError(
            f"The vocabulary has {len(pieces):,} tokens.",
            f"Type 1 to {MOST_PIECES:,} tokens, separated by spaces. Write ## before a token that continues "
            "a word.",
        )
    return Vocabulary(pieces={piece: number for number, piece in enumerate(pieces)}, special=())


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def _hardest(word: Word, least: int | None) -> str:
    """Return a sentence on how the hardest word was split."""
    if word.pieces == [UNKNOWN]:
        other = f", although {least} other tokens would spell it" if least else ""
        return f"WordPiece cannot split “{shorten(word.text)}”, so the word becomes the token [UNK]{other}."
    count = len(word.pieces)
    if count == 1:
        return "Every word is a single token."
    fewer = f"; {least} would be enough" if least < count else ""
    return f"“{shorten(word.text)}” is split into {count} tokens: {' '.join(word.pieces[:12])}{fewer}."


def _sizes(pieces_: _Cut) -> go.Figure:
    """Split the words with increasingly large parts of the vocabulary."""
    size = len(pieces_.whole.pieces)
    counts = np.unique(np.geomspace(max(1, size // 30), size, SIZES).astype(int))
    words = {word.text for word in pieces_.words}
    pieces, unknown = [], []
    for count in counts:
        part = pieces_.whole.first(count).pieces
        ways = {word: cut(word, part) for word in words}
        pieces.append(sum(len(ways[word.text]) for word in pieces_.words))
        unknown.append(sum(ways[word.text] == [UNKNOWN] for word in pieces_.words))
    return figures.sizes(counts, pieces, unknown, pieces_.count)


BENCH = Bench(
    key="wordpiece",
    question="How many tokens does WordPiece need for a word that it has never seen?",
    words="BERT reads tokens (WordPieces), which are words or parts of words. WordPiece starts at the left with "
    "the longest token that fits, then takes the longest token that fits the rest, and so on. Type a word that you have invented, or keep only part of the vocabulary.",
    endpoint=lab_wordpiece,
    view=view,
    figures=2,
)
