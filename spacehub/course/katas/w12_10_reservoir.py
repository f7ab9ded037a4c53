"""Interview: a sample from a stream.

Draw k items at random from an iterable of unknown length, each with the same probability. Keep no more than k items in memory at any time
(reservoir sampling).
"""

from spacehub.course.checks import holds

START = """
def sample(items, k, rng):
    '''items: any iterable; rng: a random.Random. Return a list of k items (all if there are fewer).'''
"""
HINTS = (
    "Keep the first k items.",
    "For the n-th item (counted from 1), draw an index from 0 to n - 1. If the index is below k, the n-th item replaces the item at this index.",
)


def sample(items, k, rng):
    kept = []
    for seen, item in enumerate(items):
        if seen < k:
            kept.append(item)
        else:
            place = rng.randrange(seen + 1)
            if place < k:
                kept[place] = item
    return kept


def wrong(items, k, rng):
    kept = []
    for item in items:
        if len(kept) < k:
            kept.append(item)
        elif rng.random() < 0.5:
            kept[rng.randrange(k)] = item
    return kept


def _even(sample):
    import random

    rng, counts = random.Random(2), [0] * 10
    for _ in range(4000):
        for item in sample(iter(range(10)), 3, rng):
            counts[item] += 1
    return all(1050 < count < 1350 for count in counts)


def _small(sample):
    import random

    return sorted(sample(iter("ab"), 5, random.Random(1))) == ["a", "b"]


CHECKS = (
    holds(
        "each item is equally likely",
        _even,
        "If you draw 3 of 10 items 4,000 times, each item should be in about 1,200 samples.",
    ),
    holds("fewer than k items", _small, "With two items and k = 5, return both items."),
    holds(
        "k different items",
        lambda f: len(set(f(range(100), 5, __import__("random").Random(3)))) == 5,
        "The sample should have 5 different items.",
    ),
)
