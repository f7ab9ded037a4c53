"""WordPiece.

Split a word into pieces from a vocabulary. From the left, repeatedly take the longest piece that fits. In the vocabulary, pieces that
continue a word begin with "##". If no piece fits at some position, return `["[UNK]"]`.
"""

from spacehub.course.checks import returns

START = """
def wordpiece(word, vocabulary):
    '''vocabulary: a set of strings. Return a list of pieces.'''
"""
HINTS = (
    "Use two loops. The outer loop runs over the start of the piece. The inner loop runs over the end of the piece, from the longest piece to the shortest.",
    'If a piece does not begin at position 0, put "##" in front of it before you search the vocabulary.',
    'If no piece fits, return `["[UNK]"]` at once, and discard the earlier pieces.',
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
    returns("a piece that continues a word", ["lander", "##s"], "landers", _SOME),
    returns("the longest piece first", ["land"], "land", _SOME),
    returns("no piece fits", ["[UNK]"], "moon", _SOME),
    returns("no piece fits at the end", ["[UNK]"], "landx", _SOME),
)
