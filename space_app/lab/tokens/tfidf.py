"""The TF-IDF experiment, which weights the words of a title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source, provenance, source
from space_app.lab.quantities import share
from space_app.lab.tokens import figures, published
from space_app.parameters import Choice, Flag, List, Text
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import tfidf as lab
from spacehub.serving.titles import texts
from spacehub.serving.words import cut as shorten

PUBLISHED, LINES = "the published model's titles", "the lines below"
MOST_LINES, LONGEST_LINE, LONGEST_CORPUS = 1_000, 5_000, 200_000
# Invented for this experiment.
CORPUS = (
    "The rocket left the pad at dawn",
    "The crew of the station saw the rocket pass",
    "A new moon of Saturn was found",
    "The moon hides the sun on Tuesday",
    "The telescope saw the light of a very old star",
    "A star and its planet in one image",
    "The rover found ice below the dust of Mars",
    "Dust on Mars ended the work of the old rover",
    "The probe flew close to the sun",
    "An image of the sun every ten minutes",
    "The station needs a new crew and a new pump",
    "The old satellite fell into the sea at dawn",
)


class WeighedWord(TypedDict):
    """A word with its count in the text, inverse document frequency, weight, and fraction of the squared weights."""

    word: str
    count: int
    idf: float
    weight: float
    share: float


class Weights(TypedDict):
    """The weighted words of the text (in order), the words that the corpus lacks, and which corpus was used."""

    words: list[WeighedWord]
    unheard: list[str]
    known_words: int
    source: Source | None


def lab_tfidf(
    watch: Watch,
    text: Annotated[
        str,
        Text(
            published.LONGEST, label="Title", help="Press Enter to compute the weights of the title's words."
        ),
    ] = ("The moon of Saturn and the moon of Mars in one image"),
    corpus: Annotated[
        list[str],
        List(
            Text(LONGEST_LINE, label="Text"),
            1,
            MOST_LINES,
            label="Corpus",
            help="The corpus may contain at most 200,000 characters in total. If you don't enter a "
            "corpus, the app uses the titles that the published model was trained on.",
        ),
    ]
    | None = None,
    sublinear: Annotated[bool, Flag(label="Count n occurrences of a word as 1 + ln n")] = False,
) -> Weights:
    """Weight the words of the text by TF-IDF, using the published model's training titles or your own corpus."""
    weighed = _weigh(watch, text, corpus, sublinear)
    return Weights(
        words=[
            WeighedWord(word=word, **vars(one), share=one.weight**2) for word, one in weighed.weights.items()
        ],
        unheard=weighed.unheard,
        known_words=len(weighed.idf),
        source=source(weighed.status) if weighed.status else None,
    )


def view(
    watch: Watch,
    text: str,
    against: Annotated[str, Choice([LINES, PUBLISHED], label="Corpus")] = LINES,
    sublinear: bool = False,
    lines: Annotated[
        str,
        Text(
            LONGEST_CORPUS,
            lines=6,
            label="Texts, one per line",
            help="These texts were invented for this experiment. Press Shift+Enter to apply a change.",
        ),
    ] = "\n".join(CORPUS),
) -> View:
    """Show the weight of each word and how rare it is."""
    weighed = _weigh(watch, text, lines.splitlines() if against == LINES else None, sublinear)
    weights, unheard, corpus = weighed.weights, weighed.unheard, weighed.corpus
    word, heaviest = max(weights.items(), key=lambda each: each[1].weight)
    lightest = min(weights, key=lambda name: weights[name].weight)
    numbers = {
        "Words in the corpus": f"{len(weighed.idf):,}",
        "Title words found in the corpus": f"{len(weights)} of {len(weights) + len(unheard)}",
        f"Texts with “{shorten(word, 20)}”": _holding(word, heaviest.idf, corpus),
        f"Weight of “{shorten(word, 20)}”": f"{heaviest.count} × {heaviest.idf:.2f} → {heaviest.weight:.3f}",
        "Word with the lowest weight": f"“{shorten(lightest, 20)}”, {share(weights[lightest].weight ** 2)}",
    }
    if corpus:
        numbers |= _nearest(weights, corpus, weighed.idf, sublinear)
    return View(
        figures=[figures.shares(weights), figures.rareness(weights)],
        numbers=numbers,
        answer=f"{len(weights)} word{'s' if len(weights) > 1 else ''} of the title "
        f"{'occur' if len(weights) > 1 else 'occurs'} in the corpus. "
        f"“{shorten(word)}” accounts for {share(heaviest.weight**2)} of "
        "the total squared weight.",
        source=lab.weigh,
        extra=provenance(weighed.status, simulated=published.SIMULATED) if weighed.status else "",
    )


@dataclass(frozen=True, kw_only=True)
class _Weighed:
    """The words of a text that occur in a corpus, with their weights.

    `status` is set for the published titles, which have no `corpus`.
    """

    status: Status | None
    corpus: Sequence[str]
    idf: Mapping[str, float]
    weights: Mapping[str, lab.Weight]
    unheard: list[str]


def _weigh(watch: Watch, text: str, corpus: Sequence[str] | None, sublinear: bool) -> _Weighed:
    """Weight the text's words using a corpus, or the published model's titles if the corpus is None."""
    text = texts.one(text)
    lines = [] if corpus is None else _lines(corpus)
    status = published.ready(watch) if corpus is None else None
    idf = published.rareness(status) if status else lab.learn(lines)
    weights = lab.weigh(text, idf, sublinear=sublinear)
    if not weights:
        raise SpaceHubError(
            "The corpus contains none of the title's words.",
            "Enter a word of two or more letters that occurs in the corpus.",
        )
    unheard = [word for word in dict.fromkeys(lab.words(text)) if word not in idf]
    return _Weighed(status=status, corpus=lines, idf=idf, weights=weights, unheard=unheard)


def _lines(corpus: Sequence[str]) -> list[str]:
    """Return a corpus without its blank texts."""
    lines = [line for line in corpus if line.strip()]
    if not 1 <= len(lines) <= MOST_LINES or sum(map(len, lines)) > LONGEST_CORPUS:
        raise SpaceHubError(
            f"The corpus ({len(lines):,} texts, {sum(map(len, lines)):,} characters) is empty or too large.",
            f"Enter 1 to {MOST_LINES:,} texts with at most {LONGEST_CORPUS:,} characters in total.",
        )
    return lines


def _holding(word: str, idf: float, corpus: Sequence[str]) -> str:
    """Return how many texts contain a word.

    For the published titles, only the inverse document frequency is known.
    """
    if corpus:
        return f"{sum(word in lab.words(line) for line in corpus):,} of {len(corpus):,}"
    return f"about 1 of {np.exp(idf - 1):,.0f}"


def _nearest(
    weights: Mapping[str, lab.Weight], corpus: Sequence[str], idf: Mapping[str, float], sublinear: bool
) -> dict[str, str]:
    """Return the corpus text that is most similar to the title."""
    nearest, cosine = max(
        ((line, lab.cosine(weights, lab.weigh(line, idf, sublinear=sublinear))) for line in corpus),
        key=lambda weighed: weighed[1],
    )
    return {"The most similar text": shorten(nearest, 60), "Cosine similarity": f"{cosine:.3f}"}


BENCH = Bench(
    key="tfidf",
    question="Which words of a title have the most weight in TF-IDF?",
    words="A word has a higher weight if it is frequent in the title and rare in the corpus. Change the title or the corpus.",
    endpoint=lab_tfidf,
    view=view,
    figures=2,
)
