"""Assign titles to splits by group, first by time and then by a hash.

A group with a post from `LATER` on is in ``later``, so nothing in the other splits was posted after that
day. For the other groups, the hash of the group's name decides, so the splits are the same on every
machine.
"""

import hashlib

import pandas as pd

SPLITS = ("train", "validation", "test", "later")
LATER = "2013-07-01"
TEST, VALIDATION = 0.12, 0.08
RULE = (
    "by group, so near-duplicates, cross-posts and posts with the same link are in the same split. If a "
    f"group has a post from {LATER} or later, the whole group is in the `later` split. Therefore, every "
    f"title in the other splits was posted before {LATER}. Each remaining group is assigned to a split by "
    f"the SHA-256 hash of its name: {100 * TEST:.0f} % to test, {100 * VALIDATION:.0f} % to validation and "
    "the rest to train."
)


def assign(posts: pd.DataFrame) -> pd.Series:
    """Return the split of each post of a table with ``group`` and ``created``."""
    newest = posts.groupby("group")["created"].transform("max")
    drawn = posts["group"].map(_share)
    splits = pd.Series("train", index=posts.index)
    splits[drawn < TEST + VALIDATION] = "validation"
    splits[drawn < TEST] = "test"
    splits[newest >= pd.Timestamp(LATER)] = "later"
    return splits


def _share(group: str) -> float:
    return int(hashlib.sha256(group.encode()).hexdigest()[:13], 16) / 16**13
