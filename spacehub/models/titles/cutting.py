"""Compare how text is tokenised before a model reads it: words, words with pairs of words, and BERT's WordPieces."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from spacehub.models.titles.titles import Titles
from spacehub.serving.titles.linear import TOKEN

# Written for this comparison. Its rarer words are not in any list of common words.
EXAMPLE = "A cubesat photographed Enceladus venting"
COMMON = 2  # titles in which a term must occur before a model can learn from it
_TOKEN = re.compile(TOKEN)

Cut = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case.

    >>> words("Mars, at last!")
    ['mars', 'at', 'last']
    """
    return _TOKEN.findall(text.lower())


def words_and_pairs(text: str) -> list[str]:
    """Return the words of a text and each pair of neighbours.

    >>> words_and_pairs("Mars at last")
    ['mars', 'at', 'last', 'mars at', 'at last']
    """
    singles = words(text)
    return [*singles, *map(" ".join, pairwise(singles))]


def word_pieces(folder: Path) -> Cut:
    """Return the tokenizer of the published BERT of `folder`, without the special tokens at both ends."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return lambda text: tokenizer.encode(text, add_special_tokens=False).tokens


def describe(folder: Path, titles: Titles) -> list[dict]:
    """Compare the three ways on the training and the test split.

    Returns
    -------
    list of dict
        For each way: its `name`; how many different `terms` the training titles have, and how many of
        them occur in at least `COMMON` of them; `tokens` per title, the quartiles, the mean and 99 %; the
        share of test tokens `unseen` in training, and `unlearnt`, seen in fewer than `COMMON` titles; and
        the tokenised `example`.
    """
    train, test = (titles.texts[titles.rows(split)] for split in ("train", "test"))
    ways = {"word": words, "words and pairs": words_and_pairs, "WordPiece": word_pieces(folder)}
    return [{"name": name, **_measure(cut, train, test)} for name, cut in ways.items()]


def _measure(cut: Cut, train: np.ndarray, test: np.ndarray) -> dict:
    seen = [cut(text) for text in train]
    titles_with = Counter(term for terms in seen for term in set(terms))
    test_terms = [term for text in test for term in cut(text)]
    lengths = np.array([len(terms) for terms in seen])
    low, middle, high, most = np.quantile(lengths, [0.25, 0.5, 0.75, 0.99])
    return {
        "terms": len(titles_with),
        "common": sum(count >= COMMON for count in titles_with.values()),
        "tokens": {"mean": lengths.mean(), "low": low, "median": middle, "high": high, "most": most},
        "unseen": sum(term not in titles_with for term in test_terms) / len(test_terms),
        "unlearnt": sum(titles_with[term] < COMMON for term in test_terms) / len(test_terms),
        "example": cut(EXAMPLE),
    }
