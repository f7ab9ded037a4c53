"""Group titles: near-duplicates and posts of the same link, found by MinHash and verified exactly.

Two posts are in one group if they link to the same page, or if their titles share at least `ALIKE` of their character
5-grams (Jaccard). Case, punctuation and notes such as "x-post from r/pics" are ignored.
Groups that share a post are merged. Candidates are titles that agree in one of `BANDS` bands of their
MinHash signature (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3); each
pair is then compared exactly.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd

ALIKE = 0.5
SHINGLE = 5  # characters
BANDS, ROWS = 40, 3  # finds 99.5 % of the pairs that share one half, and 78 % of the pairs that share a third
_CROSS_POST = re.compile(r"[\[({<]?\s*\b(?:cross|x)[\s/-]*post(?:ed)?\b[^\])}>]*(?:[\])}>]|$)", re.IGNORECASE)
_COMMUNITY = re.compile(r"/?\br/\w+", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\W_]+")


def group(posts: pd.DataFrame) -> pd.Series:
    """Return the group of each post: the ``id`` of the group's earliest post.

    Parameters
    ----------
    posts : DataFrame
        With ``id``, ``title``, ``created`` and ``link``.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.array([*_same_link(posts["link"]), *alike(posts["title"])], int).reshape(-1, 2)
    edges = coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(len(posts),) * 2)
    _, component = connected_components(edges, directed=False)
    order = posts.assign(component=component).sort_values(["created", "id"], kind="stable")
    first = order.groupby("component")["id"].first()
    return pd.Series(component, index=posts.index).map(first)


def key(title: str) -> str:
    """Return the form in which two titles are compared.

    >>> key("The Moon, tonight! (x-post from r/pics)")
    'the moon tonight'
    """
    bare = _COMMUNITY.sub(" ", _CROSS_POST.sub(" ", title))
    return _PUNCTUATION.sub(" ", bare).strip().casefold() or _PUNCTUATION.sub(" ", title).casefold() or title


def alike(titles: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the indices of near-duplicate titles, in pairs that connect all titles of each group."""
    places = defaultdict(list)
    for place, title in enumerate(titles):
        places[key(title)].append(place)
    for same in places.values():
        yield from ((same[0], other) for other in same[1:])
    firsts = [same[0] for same in places.values()]
    shingles = [_shingles(first) for first in places]
    for first, other in sorted(_candidates(shingles)):
        mine, theirs = shingles[first], shingles[other]
        both = len(mine & theirs)
        if both >= ALIKE * (len(mine) + len(theirs) - both):
            yield firsts[first], firsts[other]


def _same_link(links: Iterable[str]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for place, link in enumerate(links):
        if link and first.setdefault(link, place) != place:
            yield first[link], place


def _shingles(text: str) -> frozenset[int]:
    last = max(1, len(text) - SHINGLE + 1)
    return frozenset(zlib.crc32(text[at : at + SHINGLE].encode()) for at in range(last))


def _candidates(shingles: list[frozenset[int]]) -> set[tuple[int, int]]:
    """Return pairs of indices whose signatures agree in a band."""
    rng = np.random.default_rng(0)
    flat = np.concatenate([np.fromiter(shingle, np.uint64, len(shingle)) for shingle in shingles])
    begins = np.cumsum([0, *(len(shingle) for shingle in shingles[:-1])])
    pairs = set()
    for _ in range(BANDS):
        band = np.zeros(len(shingles), np.uint64)
        for _ in range(ROWS):
            factor, shift = rng.integers(1, 2**63, 2, dtype=np.uint64) | np.uint64(1)
            # Multiply-shift hashing: the upper half of a product modulo 2^64 (Dietzfelbinger et al. 1997).
            lowest = np.minimum.reduceat((flat * factor + shift) >> np.uint64(32), begins)
            band = band * factor + lowest
        order = np.argsort(band, kind="stable")
        ends = np.flatnonzero(np.diff(band[order], append=~band[order[-1]])) + 1
        starts = np.concatenate([[0], ends[:-1]])
        several = ends - starts > 1
        for start, end in zip(starts[several], ends[several], strict=True):
            pairs.update(combinations(order[start:end].tolist(), 2))
    return pairs
