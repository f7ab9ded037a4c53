"""TF-IDF.

Return the weight of each word of a text: its count in the text times ``ln(N / df)``. N is the number of texts in a corpus, and df is the
number of these texts that contain the word. Leave out words that occur in no text of the corpus.
"""

import math

from spacehub.course.checks import returns

START = """
import math


def tf_idf(words, corpus):
    '''words: a list; corpus: a list of lists of words. Return a dictionary.'''
"""
HINTS = (
    "The document frequency df counts texts, not occurrences. To compute df, use `sum(word in text for text in corpus)`.",
    "Skip a word if its df is 0.",
)


def tf_idf(words, corpus):
    weights = {}
    for word in set(words):
        df = sum(word in text for text in corpus)
        if df:
            weights[word] = words.count(word) * math.log(len(corpus) / df)
    return weights


def wrong(words, corpus):
    together = [word for text in corpus for word in text]
    return {
        word: words.count(word) * math.log(len(corpus) / together.count(word))
        for word in words
        if word in together
    }


CHECKS = (
    returns(
        "a rare word has a larger weight",
        {"moon": math.log(2), "the": 0.0},
        ["the", "moon"],
        [["the", "moon"], ["the", "sun"]],
    ),
    returns("a count of two", {"moon": 2 * math.log(2)}, ["moon", "moon"], [["moon"], ["sun"]]),
    returns("df counts texts", {"moon": math.log(2)}, ["moon"], [["moon", "moon"], ["sun"]]),
    returns("an unknown word is left out", {}, ["mars"], [["moon"]]),
)
