"""Compute the numbers on the dataset's card: about the tables, and the source's defects."""

import pandas as pd

from spacehub.data.space_titles import clean, communities, groups, split
from spacehub.data.space_titles.table import COLUMNS

SHORT = 3  # words


def describe(posts: pd.DataFrame) -> dict:
    """Count the content: rows by split, label and community, lengths, dates, groups."""
    lengths, sizes = posts["title"].str.len(), posts["group"].value_counts()
    return {
        "rows": len(posts),
        "splits": {name: int((posts["split"] == name).sum()) for name in split.SPLITS},
        "labels": [
            {"name": name, **_by_split(posts[posts["label"] == name])}
            for name in reversed(communities.LABELS)
        ],
        "communities": [
            {
                "name": name,
                "label": communities.label(name),
                "near": name in communities.NEAR,
                **_by_split(posts[posts["community"] == name]),
            }
            for name in sorted(communities.ALL, key=lambda one: (one not in communities.SPACE, one.lower()))
        ],
        "rule": split.RULE,
        "later": split.LATER,
        "later_before": int((posts[posts["split"] == "later"]["created"] < pd.Timestamp(split.LATER)).sum()),
        "first_day": str(posts["created"].min().date()),
        "last_day": str(posts["created"].max().date()),
        "characters": {
            "shortest": int(lengths.min()),
            "median": float(lengths.median()),
            "longest": int(lengths.max()),
        },
        "groups": {
            "all": len(sizes),
            "of_several": int((sizes > 1).sum()),
            "titles_in_them": int(sizes[sizes > 1].sum()),
            "largest": int(sizes.max()),
            "alike": groups.ALIKE,
            "shingle": groups.SHINGLE,
        },
        "columns": [{"name": name, "meaning": meaning} for name, meaning in COLUMNS.items()],
    }


def describe_traps(raw: pd.DataFrame, posts: pd.DataFrame) -> list[dict]:
    """Report each known defect of the source, how it was handled, and how many titles it affected."""
    titles = raw.loc[raw["over_18"] != "True", "title"]
    plain = titles.map(clean.characters)
    keys = posts["title"].map(groups.key)
    same = posts.groupby(keys)
    linked = posts[posts["link"] != ""]
    both = posts.groupby("group")["label"].transform("nunique") > 1
    of_space = "|".join(communities.SPACE)
    named = posts["title"].str.contains(rf"(?i)\br/(?:{of_space})\b")
    return [
        _trap("over_18", "Marked as over 18", "dropped", raw["over_18"] == "True"),
        _trap(
            "user_names",
            "Names a user (u/name, @name)",
            "the name gives way to [user]",
            plain != plain.map(clean.without_users),
        ),
        _trap(
            "characters",
            "HTML entities, line ends, double blanks, invisible or wrongly decoded characters",
            "normalised",
            titles != plain,
        ),
        _trap(
            "same_title",
            "The same title as another, but for case, punctuation and a note of cross-posting",
            "kept, in one group",
            same["id"].transform("size") > 1,
        ),
        _trap(
            "same_link",
            "Links to the page that another one links to",
            "kept, in one group",
            posts["id"].isin(linked.loc[linked.duplicated("link", keep=False), "id"]),
        ),
        _trap(
            "both_labels",
            "Stands in a group that was posted in communities of both kinds",
            "kept, with the label of its community: it is label noise",
            both,
        ),
        _trap(
            "names_community",
            "Names a community (r/name), often one that it was cross-posted from",
            "kept: it gives the answer away, so scores without these are told too",
            posts["title"].str.contains(r"(?i)\br/\w"),
        ),
        _trap(
            "names_space",
            "Names a community about space; "
            f"{int((named & (posts['label'] == 'other')).sum()) or 'none'} of them labelled other",
            "kept: a model can learn the name instead of the subject",
            named,
        ),
        _trap(
            "short",
            f"Has no more than {SHORT} words, such as *Soon.* in KerbalSpaceProgram",
            "kept: nobody can tell from the title alone",
            posts["title"].str.split().str.len() <= SHORT,
        ),
        _trap(
            "top_posts",
            "Is one of the 1,000 most liked of its community up to 2013: no sample of all posts",
            "kept; the older a community, the older its titles",
            pd.Series(True, index=posts.index),
        ),
    ]


def _by_split(posts: pd.DataFrame) -> dict:
    return {name: int((posts["split"] == name).sum()) for name in split.SPLITS} | {"all": len(posts)}


def _trap(name: str, what: str, handling: str, rows: pd.Series) -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(rows.sum())}
