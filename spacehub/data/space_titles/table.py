"""Define the table's columns and their meaning."""

from typing import TYPE_CHECKING

from spacehub.data.space_titles.communities import LABELS

if TYPE_CHECKING:
    from datasets import Features

COLUMNS = {
    "id": "Reddit's id of the post, with which it can be found and removed",
    "title": "the title: characters normalised, names of users taken out, no word rewritten",
    "label": "space when the community is about space, else other: what was posted there, not what somebody judged",
    "community": "the community that it was posted in, without r/",
    "created": "when it was posted, UTC",
    "group": "id of the earliest post of its group: near-duplicates, cross-posts and posts of one link",
}


def features() -> "Features":
    """Return the types of the columns."""
    from datasets import ClassLabel, Features, Value

    types = dict.fromkeys(COLUMNS, Value("string"))
    return Features(types | {"label": ClassLabel(names=list(LABELS)), "created": Value("timestamp[s]")})
