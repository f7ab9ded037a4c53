"""Define the table's columns and their meaning."""

from typing import TYPE_CHECKING

from spacehub.data.space_titles.communities import LABELS

if TYPE_CHECKING:
    from datasets import Features

COLUMNS = {
    "id": "ID of the post on Reddit. Use this ID to find the post or to request the removal of its title.",
    "title": "Title of the post. Characters are normalised, and user names are replaced by [user]; all other words are unchanged.",
    "label": "*space* if the community is about space, otherwise *other*. The label does not depend on the "
    "title itself.",
    "community": "Name of the community in which the title was posted, without the prefix r/",
    "created": "Date and time of the post, in UTC",
    "group": "`id` of the earliest post in the group. A group contains near-duplicates, cross-posts and posts with the "
    "same link.",
}


def features() -> "Features":
    """Return the types of the columns."""
    from datasets import ClassLabel, Features, Value

    types = dict.fromkeys(COLUMNS, Value("string"))
    return Features(types | {"label": ClassLabel(names=list(LABELS)), "created": Value("timestamp[s]")})
