"""The gold titles: test titles that were read for what they are about, blind to their label and to every model.

`DRAWN` titles of the test split, in proportion to their communities (largest remainders, ties by name). Of each community
the titles with the smallest sha256 of `SALT` and id are drawn, so the dataset alone decides which ones.
"""

import hashlib
from collections import Counter

from spacehub.models.titles.titles import Titles

DRAWN, SALT = 600, "gold titles"


def draw(titles: Titles) -> list[str]:
    """Return the ids of the gold titles, sorted."""
    rows = titles.rows("test")
    communities, ids = titles.communities[rows], titles.ids[rows].astype(str)
    drawn = []
    for name, count in shares(Counter(communities.tolist()), DRAWN).items():
        drawn += sorted(ids[communities == name].tolist(), key=_rank)[:count]
    return sorted(drawn)


def shares(sizes: dict[str, int], total: int) -> dict[str, int]:
    """Divide `total` in proportion to `sizes` by largest remainders; no share exceeds its size.

    >>> shares({"a": 5, "b": 3, "c": 2}, 4)
    {'a': 2, 'b': 1, 'c': 1}
    """
    everything = sum(sizes.values())
    total = min(total, everything)
    found = {name: size * total // everything for name, size in sizes.items()}
    order = sorted(sizes, key=lambda name: (-(sizes[name] * total % everything), name))
    for name in order[: total - sum(found.values())]:
        found[name] += 1
    return found


def _rank(one: str) -> str:
    return hashlib.sha256(f"{SALT} {one}".encode()).hexdigest()
