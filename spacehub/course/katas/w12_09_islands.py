"""Interview: count the craters.

An image consists of zeros and ones. Return the number of connected groups of ones. Each pixel is connected to the pixels above, below, left
and right of it.
"""

from spacehub.course.checks import returns

START = """
def groups(picture):
    '''picture: a list of rows of 0 and 1. Return a whole number.'''
"""
HINTS = (
    "Loop over all pixels. At each 1 that you have not visited, add one to the count, and visit all pixels that are connected to it.",
    "Keep a list of the pixels that you still have to visit, because recursion fails on large groups.",
)


def groups(picture):
    seen, count = set(), 0
    for i, row in enumerate(picture):
        for j, value in enumerate(row):
            if not value or (i, j) in seen:
                continue
            count += 1
            todo = [(i, j)]
            seen.add((i, j))
            while todo:
                y, x = todo.pop()
                for a, b in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                    inside = 0 <= a < len(picture) and 0 <= b < len(picture[a])
                    if inside and picture[a][b] and (a, b) not in seen:
                        seen.add((a, b))
                        todo.append((a, b))
    return count


def wrong(picture):
    return sum(map(sum, picture))


CHECKS = (
    returns("two groups", 2, [[1, 1, 0], [0, 0, 0], [0, 1, 1]]),
    returns("corners do not connect", 2, [[1, 0], [0, 1]]),
    returns("a group with a bend", 1, [[1, 1, 1], [1, 0, 1]]),
    returns("no groups", 0, [[0, 0]]),
    returns("a large group", 1, [[1] * 150] * 150),
)
