"""The endpoints of WordPiece and TF-IDF, and what their benches share with them."""

from collections.abc import Callable, Sequence
from typing import TypedDict

from space_app.lab import published_titles
from space_app.lab.provenance import Source, source
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import tfidf
from spacehub.lab.tokens import UNKNOWN, Vocabulary, Word, fewest, tokenise
from spacehub.serving.titles import texts

# Characters of a text, pieces of one's own, and lines and characters of a corpus.
LONGEST, MOST_PIECES, MOST_LINES, LONGEST_CORPUS = 5_000, 5_000, 1_000, 200_000
# Made up for this.
CORPUS = (
    "The rocket left the pad at dawn",
    "The crew of the station saw the rocket pass",
    "A new moon of Saturn was found",
    "The moon hides the sun on Tuesday",
    "The telescope saw the light of a very old star",
    "A star and its planet in one picture",
    "The rover found ice below the dust of Mars",
    "Dust on Mars ended the work of the old rover",
    "The probe left the sun behind it",
    "A picture of the sun every ten minutes",
    "The station needs a new crew and a new pump",
    "The old satellite fell into the sea at dawn",
)


class CutWord(TypedDict):
    """A word as it was looked up, its pieces and their numbers, and the fewest that it can be put together from."""

    word: str
    pieces: list[str]
    numbers: list[int]
    fewest: int | None


class Pieces(TypedDict):
    """A text cut into pieces; `unknown` counts the words that the vocabulary cannot spell.

    `source` is none for pieces of one's own.
    """

    words: list[CutWord]
    pieces: int
    unknown: int
    vocabulary: int
    source: Source | None


class WeighedWord(TypedDict):
    """A word, how often the text has it, its inverse document frequency, its weight, and the share of squared weights."""

    word: str
    count: int
    idf: float
    weight: float
    share: float


class Weights(TypedDict):
    """A text's words that the corpus knows, in their order, those that it does not, and which corpus it was."""

    words: list[WeighedWord]
    unheard: list[str]
    known_words: int
    source: Source | None


def text_of(given: object) -> str:
    """Return a text that may be cut.

    Raises
    ------
    SpaceHubError
        When it is none, blank or too long.
    """
    text = texts.one(given)
    if len(text) > LONGEST:
        raise SpaceHubError(f"The text has {len(text):,} characters.", f"Shorten it to {LONGEST:,}.")
    return text


def own_vocabulary(given: object) -> Vocabulary:
    """Return the vocabulary of pieces that were typed, parted by white space.

    Raises
    ------
    SpaceHubError
        When there are none or too many.
    """
    pieces = list(dict.fromkeys(given.lower().split())) if isinstance(given, str) else []
    if not 1 <= len(pieces) <= MOST_PIECES:
        raise SpaceHubError(
            "These are no pieces.",
            f"Type 1 to {MOST_PIECES:,}, parted by spaces; ## before one that continues a word.",
        )
    return Vocabulary(pieces={piece: number for number, piece in enumerate(pieces)}, special=())


def vocabulary(watch: Watch, own: str = "", keep: float = 1) -> tuple[Status | None, Vocabulary]:
    """Return the first pieces of the published vocabulary or of one's own, as large a part as `keep`, and the status.

    Raises
    ------
    SpaceHubError
        When there is none, or `keep` is not from 0 to 1.
    """
    status = None if own else published_titles.ready(watch)
    whole = published_titles.vocabulary(status) if status else own_vocabulary(own)
    if not isinstance(keep, int | float) or not 0 < keep <= 1:
        raise SpaceHubError("The part that is kept is out of range.", "Choose more than 0, at most 1.")
    return status, whole if keep == 1 else whole.first(round(keep * len(whole.pieces)))


def cut_text(text: str, known: Vocabulary) -> list[Word]:
    """Cut a text into words and pieces.

    Raises
    ------
    SpaceHubError
        When nothing of it can be read.
    """
    found = tokenise(text, known)
    if not found:
        raise SpaceHubError("There is no word in the text.", "Write some letters, digits or signs.")
    return found


def unknown(found: Sequence[Word]) -> int:
    """Count the words that the vocabulary cannot spell."""
    return sum(word.pieces == [UNKNOWN] for word in found)


def corpus_of(given: object) -> list[str]:
    """Return the texts of a corpus, blank ones left out.

    Raises
    ------
    SpaceHubError
        When they are no texts, none, or too many.
    """
    listed = given.splitlines() if isinstance(given, str) else given
    if not isinstance(listed, list) or any(not isinstance(line, str) for line in listed):
        raise SpaceHubError("The corpus is no list of texts.", "Give each text as a line of its own.")
    lines = [line for line in listed if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES or sum(map(len, lines)) > LONGEST_CORPUS:
        raise SpaceHubError(
            f"The corpus has {len(lines):,} texts, or is too long.",
            f"Give 1 to {MOST_LINES:,}, {LONGEST_CORPUS:,} characters together.",
        )
    return lines


def weigh(text: str, idf: dict[str, float], *, sublinear: bool) -> dict[str, tfidf.Weight]:
    """Return the weights of a text's words.

    Raises
    ------
    SpaceHubError
        When the corpus knows none of them.
    """
    found = tfidf.weigh(text, idf, sublinear=sublinear)
    if not found:
        raise SpaceHubError(
            "The corpus knows no word of the title.", "Use a word that it has, of two letters or more."
        )
    return found


def endpoints(watch: Watch) -> list[Callable]:
    """Return the endpoints over the model that `watch` has pulled."""

    def lab_wordpiece(text: str, own_pieces: str = "", keep: float = 1) -> Pieces:
        """Cut a text into the pieces that the published BERT reads, or into pieces of one's own.

        Parameters
        ----------
        text : str
            At most 5,000 characters.
        own_pieces : str
            Pieces in place of BERT's, parted by spaces; ## before one that continues a word.
        keep : float
            Which part of the vocabulary is kept, from its beginning: 1 is all of it.
        """
        given = text_of(text)
        status, known = vocabulary(watch, own_pieces, keep)
        found = cut_text(given, known)
        return Pieces(
            words=[
                CutWord(
                    word=word.text,
                    pieces=word.pieces,
                    numbers=[known.pieces.get(piece, -1) for piece in word.pieces],
                    fewest=fewest(word.text, known.pieces),
                )
                for word in found
            ],
            pieces=sum(len(word.pieces) for word in found),
            unknown=unknown(found),
            vocabulary=len(known.pieces),
            source=source(status) if status else None,
        )

    def lab_tfidf(text: str, corpus: list[str] | None = None, sublinear: bool = False) -> Weights:
        """Weigh the words of a text by TF-IDF, against the published model's titles or a corpus of one's own.

        Parameters
        ----------
        text : str
            At most 5,000 characters.
        corpus : list of str, optional
            At most 1,000 texts in place of the titles that the published model learned from.
        sublinear : bool
            Whether n times the same word count 1 + ln n.
        """
        given = text_of(text)
        status = published_titles.ready(watch) if corpus is None else None
        idf = published_titles.rareness(status) if status else tfidf.learn(corpus_of(corpus))
        found = weigh(given, idf, sublinear=sublinear)
        return Weights(
            words=[WeighedWord(word=word, **vars(one), share=one.weight**2) for word, one in found.items()],
            unheard=[word for word in dict.fromkeys(tfidf.words(given)) if word not in idf],
            known_words=len(idf),
            source=source(status) if status else None,
        )

    return [lab_wordpiece, lab_tfidf]
