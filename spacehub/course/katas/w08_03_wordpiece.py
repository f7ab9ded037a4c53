"""WordPiece.

Split a word into pieces from a vocabulary. From the left, take the longest piece that fits, again and again. In the vocabulary, all pieces
except the first piece of a word begin with "##". If no piece fits at some position, return ["[UNK]"].
"""

from spacehub.course.checks import returns

START = """
def wordpiece(word, vocabulary):
    '''vocabulary: a set of strings. Return a list of pieces.'''
"""
HINTS = (
    "Use two loops: over the start of the piece, and over its end, beginning with the longest piece.",
    'Put "##" in front of a piece that does not begin at 0 before you look it up.',
    'If no piece fits, return ["[UNK]"] at once, whatever you found before.',
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
    returns("a piece that continues", ["lander", "##s"], "landers", _SOME),
    returns("the longest piece first", ["land"], "land", _SOME),
    returns("nothing fits", ["[UNK]"], "moon", _SOME),
    returns("nothing fits at the end", ["[UNK]"], "landx", _SOME),
)
