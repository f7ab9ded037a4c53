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
            for name in sorted(
                communities.ALL, key=lambda each: (each not in communities.SPACE, each.lower())
            )
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
    of_other = int((named & (posts["label"] == "other")).sum())
    return [
        _trap(
            "over_18", "The post is marked as adult content (over 18)", "dropped", raw["over_18"] == "True"
        ),
        _trap(
            "user_names",
            "The title contains a user name (u/name, @name)",
            "The user name is replaced by [user]",
            plain != plain.map(clean.without_users),
        ),
        _trap(
            "characters",
            "The title contains HTML entities, line breaks, double spaces, or invisible or wrongly decoded characters",
            "normalised",
            titles != plain,
        ),
        _trap(
            "same_title",
            "The title differs from another title only in case, punctuation or a cross-posting note",
            "Both posts are kept in the same group",
            same["id"].transform("size") > 1,
        ),
        _trap(
            "same_link",
            "The post links to the same page as another post",
            "Both posts are kept in the same group",
            posts["id"].isin(linked.loc[linked.duplicated("link", keep=False), "id"]),
        ),
        _trap(
            "both_labels",
            "The group contains posts from communities with different labels",
            "Each post keeps the label of its community. This is a source of label noise",
            both,
        ),
        _trap(
            "names_community",
            "The title names a community (r/name), often the community of the original post",
            "The title is kept. The community name reveals the label, so the model card also states the scores "
            "without these titles",
            posts["title"].str.contains(r"(?i)\br/\w"),
        ),
        _trap(
            "names_space",
            f"The title names a community about space ({of_other} of these titles "
            f"{'is' if of_other == 1 else 'are'} labelled *other*)",
            "The title is kept, although a model can learn the name of the community instead of the subject of the title",
            named,
        ),
        _trap(
            "short",
            f"The title has at most {SHORT} words, for example *Soon.* in KerbalSpaceProgram",
            "The title is kept, although the label cannot be determined from the title alone",
            posts["title"].str.split().str.len() <= SHORT,
        ),
        _trap(
            "top_posts",
            "The post is one of the 1,000 most popular posts in its community up to 2013, so the dataset is "
            "not a random sample",
            "All titles are kept. Older communities have older titles",
            pd.Series(True, index=posts.index),
        ),
    ]


def _by_split(posts: pd.DataFrame) -> dict:
    return {name: int((posts["split"] == name).sum()) for name in split.SPLITS} | {"all": len(posts)}


def _trap(name: str, what: str, handling: str, rows: pd.Series) -> dict:
    return {"name": name, "what": what, "handling": handling, "count": int(rows.sum())}
