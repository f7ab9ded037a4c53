"""WordPiece.

Split a word into tokens (WordPieces) from a vocabulary. From the left, repeatedly take the longest token that fits. In the vocabulary,
tokens that continue a word begin with "##". If no token fits at some position, return `["[UNK]"]`.
"""

from spacehub.course.checks import returns

START = """
def wordpiece(word, vocabulary):
    '''vocabulary: a set of strings. Return a list of tokens.'''
"""
HINTS = (
    "Use two loops. The outer loop runs over the start of the token. The inner loop runs over the end of the token, from the longest token to the shortest.",
    'If a token does not begin at position 0, put "##" in front of it before you search the vocabulary.',
    'If no token fits, return `["[UNK]"]` at once, and discard the earlier tokens.',
)


def wordpiece(word, vocabulary):
    pieces, begin = [], 0
    while begin < len(word):
        for end in range(len(word), begin, -1):
            piece = ("##" if begin else "") + word[begin:end]
            if piece in vocabulary:
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        begin = end
    return pieces


def wrong(word, vocabulary):
    pieces, begin = [], 0
    while begin < len(word):
        for end in range(len(word), begin, -1):
            if word[begin:end] in vocabulary or "##" + word[begin:end] in vocabulary:
                break
        else:
            return [*pieces, "[UNK]"]
        pieces.append(word[begin:end])
        begin = end
    return pieces


_SOME = {"land", "lander", "##er", "##s", "s", "la", "##nd"}
CHECKS = (
    returns("a whole word", ["lander"], "lander", _SOME),
    returns("a token that continues a word", ["lander", "##s"], "landers", _SOME),
    returns("the longest token first", ["land"], "land", _SOME),
    returns("no token fits", ["[UNK]"], "moon", _SOME),
    returns("no token fits at the end", ["[UNK]"], "landx", _SOME),
)
