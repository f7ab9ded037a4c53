"""Interview: a least recently used cache.

For each lookup, return whether the cache contains the key. The cache holds at most `size` keys. If a key is not in
the cache, add it. If the cache is full, first remove the least recently used key. A lookup that finds its key
counts as a use of the key.
"""

from spacehub.course.checks import returns

START = """
def hits(keys, size):
    '''keys: the keys to look up, one after another. Return a list of True and False.'''
"""
HINTS = (
    "A dictionary keeps the order of insertion. To make a key the newest, pop it and insert it again.",
    "`next(iter(cache))` is the oldest key.",
)


def hits(keys, size):
    cache, out = {}, []
    for key in keys:
        out.append(key in cache)
        cache.pop(key, None)
        cache[key] = True
        if len(cache) > size:
            del cache[next(iter(cache))]
    return out


def wrong(keys, size):
    cache, out = [], []
    for key in keys:
        out.append(key in cache)
        if key not in cache:
            cache.append(key)
            if len(cache) > size:
                cache.pop(0)
    return out


CHECKS = (
    returns("found again", [False, True], ["a", "a"], 1),
    returns("the oldest key is removed", [False, False, False, False], ["a", "b", "c", "a"], 2),
    returns(
        "a lookup makes a key the newest", [False, False, True, False, True], ["a", "b", "a", "c", "a"], 2
    ),
    returns("a size of 1", [False, False, False], ["a", "b", "a"], 1),
)
