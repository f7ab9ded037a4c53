"""Generate the sample for machines without a source: titles from lists of words, including defects."""

import numpy as np
import pandas as pd

from spacehub.data.space_titles.communities import ALL, SPACE

TITLES_OF_A_COMMUNITY = 60
_SPACE = [
    "Saturn",
    "Moon",
    "rocket",
    "galaxy",
    "Mars",
    "comet",
    "station",
    "eclipse",
    "nebula",
    "orbit",
    "telescope",
    "astronaut",
]
_OTHER = [
    "match",
    "recipe",
    "car",
    "election",
    "novel",
    "song",
    "market",
    "game",
    "Rome",
    "molecule",
    "flight",
    "squat",
]
_SYLLABLES = ["ba", "ke", "li", "mo", "nu", "pra", "qui", "ro", "sta", "te", "ul", "vo", "wi", "xa", "zor"]
_INVENTED = 400  # words without a meaning, in titles of both kinds
# How many titles have each defect.
OVER_18, USERS, REPOSTED, MISPLACED = 12, 9, 30, 40
_EARLIEST, _LATEST = 1.30e9, 1.376e9  # seconds since 1970: March 2011 to August 2013


def raw(seed: int) -> pd.DataFrame:
    """Generate the source's columns as text; each community has one word of its own and shares the others."""
    rng = np.random.default_rng(seed)
    invented = ["".join(rng.choice(_SYLLABLES, 3)) for _ in range(_INVENTED)]
    rows = []
    for community in ALL:
        telling = [*(_SPACE if community in SPACE else _OTHER), f"meeting of {community}"]
        for _ in range(TITLES_OF_A_COMMUNITY):
            words = [*rng.choice(telling, 2), *rng.choice(invented, rng.integers(2, 9))]
            title = " ".join(rng.permutation(words)) + rng.choice(["", "?", " &amp; more", " [picture]"])
            rows.append({"community": community, "title": title})
    table = pd.DataFrame(rows)
    table["id"] = [f"simulated-{number:04}" for number in range(len(table))]
    table["created_utc"] = rng.uniform(_EARLIEST, _LATEST, len(table)).round().astype(str)
    table["over_18"], table["is_self"] = "False", "False"
    table["url"] = "http://example.org/" + table["id"]
    _spoil(table, rng)
    return table


def _spoil(table: pd.DataFrame, rng: np.random.Generator) -> None:
    """Insert the defects, each into its own rows."""
    counts = np.cumsum([OVER_18, USERS, REPOSTED, MISPLACED])
    adult, users, reposted, misplaced, _ = np.split(rng.permutation(len(table)), counts)
    table.loc[adult, "over_18"] = "True"
    table.loc[users, "title"] += " (thanks to /u/simulated_user)\n"
    others = rng.choice(len(table), len(reposted))
    table.loc[reposted, "title"] = (table.loc[others, "title"] + " (x-post from r/pics)").to_numpy()
    table.loc[misplaced, "community"] = rng.choice(ALL, len(misplaced))
