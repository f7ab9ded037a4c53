"""Count words.

Return a dictionary with the count of each word in a text. Words are separated by white space.
Ignore case: "Moon" and "moon" are the same word.
"""

from spacehub.course.checks import returns

START = """
def count_words(text):
    '''Return a dictionary from each word, in lower case, to its count.'''
"""
HINTS = (
    "`text.lower().split()` returns the words in lower case.",
    "`counts.get(word, 0)` returns 0 for a word that is not in the dictionary yet.",
)


def count_words(text):
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts


def wrong(text):
    return {word: text.count(word) for word in text.split()}


CHECKS = (
    returns("each word once", {"to": 1, "mars": 1}, "to mars"),
    returns("case does not matter", {"go": 3}, "Go go GO"),
    returns("a word inside another word does not count", {"a": 1, "star": 1}, "a star"),
    returns("line ends and double spaces", {"x": 2, "y": 1}, "x  y\nx"),
    returns("an empty text", {}, ""),
)
