"""Measure the card's and the course's facts about language: tokenisation, tone, and what BERT's vectors hold."""

from pathlib import Path

import numpy as np

from spacehub.data.space_titles.communities import NEAR
from spacehub.models.titles import cutting, embeddings, language_figures, report, tone
from spacehub.models.titles.embeddings import Encoder
from spacehub.models.titles.titles import NAMES, Titles

SAMPLE = 1000  # how many test titles' vectors are analysed
SHOWN = 3  # neighbours of a sentence
ASKED = tuple(report.SENTENCES[place] for place in (0, 3, 4))
WORDS, SHOWN_WORDS = ("moon", "galaxy", "rocket", "mars", "orbit", "eclipse"), 6


def describe(folder: Path, titles: Titles, *, base: str, revision: str, length: int, seed: int) -> dict:
    """Measure the facts on an artefact folder, draw them into its ``figures``, and return them for ``results.json``.

    Parameters
    ----------
    folder : Path
        With the fine-tuned model in transformers' layout.
    titles : Titles
        The titles of its training and evaluation.
    base, revision : str
        The encoder that fine-tuning started from, on the Hub, at a commit.
    length : int
        Tokens after which a title is cut.
    seed : int
        The seed of the map.

    Returns
    -------
    dict
        ``cutting``, ``tone`` and ``embeddings``.
    """
    sample = titles.fewer(judged=SAMPLE)
    rows = sample.rows("test")
    encoders = {
        "before": Encoder.load(base, revision=revision, length=length),
        "after": Encoder.load(str(folder), length=length),
    }
    vectors = {name: one.titles(sample.texts[rows]) for name, one in encoders.items()}
    labels, communities = sample.labels[rows], sample.communities[rows]
    facts = {
        "cutting": cutting.describe(folder, titles),
        "tone": tone.describe(titles),
        "embeddings": {
            "n": len(rows),
            "nearest": embeddings.NEAREST,
            "alike": {
                name: {
                    "label": embeddings.alike(one, labels),
                    "community": embeddings.alike(one, communities),
                }
                for name, one in vectors.items()
            },
            "by_chance": {"label": _by_chance(labels), "community": _by_chance(communities)},
            "titles": neighbours(encoders, vectors, sample),
            "words": near_words(encoders["after"]),
        },
    }
    planes = {name: embeddings.plane(one, seed=seed) for name, one in vectors.items()}
    drawings = {
        "cutting": language_figures.cutting(facts["cutting"]),
        "tone": language_figures.tone(facts["tone"]),
        "neighbours": language_figures.neighbours(facts["embeddings"]),
        "map": language_figures.plane(planes, labels, communities, near=NEAR),
    }
    language_figures.write(drawings, folder / "figures")
    return facts


def neighbours(encoders: dict[str, Encoder], vectors: dict[str, np.ndarray], titles: Titles) -> list[dict]:
    """Return, for each sentence of `ASKED` and each encoder, the test titles closest to it.

    `vectors` (n, width), by encoder, belong to the test titles of `titles`.
    """
    rows, sentences = titles.rows("test"), [{"text": text} for text in ASKED]
    for name, encoder in encoders.items():
        sentence_vectors = encoder.titles(np.array(ASKED, dtype=object))
        for sentence, places in zip(
            sentences, embeddings.nearest(vectors[name], sentence_vectors, count=SHOWN), strict=True
        ):
            sentence[name] = [
                {
                    "title": titles.texts[row],
                    "community": titles.communities[row],
                    "label": NAMES[titles.labels[row]],
                }
                for row in rows[places]
            ]
    return sentences


def near_words(encoder: Encoder) -> list[dict]:
    """Return, for each of `WORDS` that is one WordPiece, the whole words with the closest vectors."""
    known, vectors = encoder.words()
    places = [known.index(word) for word in WORDS if word in known]
    near = embeddings.nearest(vectors, vectors[places], count=SHOWN_WORDS + 1)
    return [
        {"word": known[place], "near": [known[one] for one in row if one != place][:SHOWN_WORDS]}
        for place, row in zip(places, near, strict=True)
    ]


def _by_chance(names: np.ndarray) -> float:
    """Return how often two randomly drawn titles have the same name."""
    _, counts = np.unique(names, return_counts=True)
    return float(((counts / counts.sum()) ** 2).sum())
