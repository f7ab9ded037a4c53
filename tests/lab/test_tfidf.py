"""TF-IDF against scikit-learn."""

import math

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from spacehub.errors import SpaceHubError
from spacehub.lab import tfidf

CORPUS = [
    "The Moon tonight",
    "A moon of Saturn, and another moon of Saturn",
    "the the the rocket",
    "Crème brûlée: a recipe (in 5 steps, 2024)",
    "",
    "宇宙 火星 moon",
    "don't don't panic_now",
]


@pytest.mark.parametrize("sublinear", [False, True])
@pytest.mark.parametrize("text", [*CORPUS, "moon moon the rocket of unheard words", "nothing known"])
def test_weights_are_scikit_learn_s(text, sublinear):
    theirs = TfidfVectorizer(sublinear_tf=sublinear).fit(CORPUS)
    idf = tfidf.learn(CORPUS)
    assert idf == pytest.approx(dict(zip(theirs.get_feature_names_out(), theirs.idf_, strict=True)))
    row = theirs.transform([text])
    expected = {theirs.get_feature_names_out()[column]: row[0, column] for column in row.indices}
    found = tfidf.weigh(text, idf, sublinear=sublinear)
    assert {word: one.weight for word, one in found.items()} == pytest.approx(expected)
    assert all(one.count == text.lower().count(word) for word, one in found.items() if word == "moon")


def test_the_cosine_is_scikit_learn_s():
    idf, vectors = tfidf.learn(CORPUS), TfidfVectorizer().fit_transform(CORPUS)
    weights = [tfidf.weigh(text, idf) for text in CORPUS]
    ours = [[tfidf.cosine(one, other) for other in weights] for one in weights]
    np.testing.assert_allclose(ours, cosine_similarity(vectors), atol=1e-12)


def test_a_word_of_every_text_counts_least():
    idf = tfidf.learn(["the moon", "the sun", "the sea"])
    assert idf == pytest.approx({"the": 1, **dict.fromkeys(["moon", "sun", "sea"], 1 + math.log(2))})


@pytest.mark.parametrize("corpus", [[], ["", "a b !"]])
def test_a_corpus_without_words_is_a_sentence(corpus):
    with pytest.raises(SpaceHubError, match="corpus contains no words"):
        tfidf.learn(corpus)
