"""The challenge's rows: launches without columns that name them or reveal the answer, split into train, public and private."""

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from spacehub.errors import SpaceHubError

FEATURES = (
    "year",
    "launch_site",
    "orbit",
    "payload_mass_kg",
    "payload_count",
    "booster_flight",
    "block",
    "rideshare",
    "dragon",
)
TARGET = "came_back"
PUBLIC, PRIVATE = "public", "private"
TEST_SHARE = 0.4
MASS_STEP = 50  # kg
FEWEST = 8  # of each answer in a part


@dataclass(frozen=True, kw_only=True)
class Split:
    """The training rows with `TARGET`, the test rows, and the labels of the test rows: id, `TARGET`, part."""

    train: pd.DataFrame
    test: pd.DataFrame
    labels: pd.DataFrame


def draw(launches: bytes, seed: int) -> Split:
    """Split the launches of a CSV table at random, with the same share of each answer in every part.

    A launch's name, date and booster are left out, ids are random, and masses are rounded, so that a row does not
    reveal its launch.

    Raises
    ------
    SpaceHubError
        If the table lacks a column or has too few launches of either answer.
    """
    table = pd.read_csv(io.BytesIO(launches))
    wanted = {"date_utc", "landed", *FEATURES} - {"year"}
    if missing := sorted(wanted - set(table)):
        raise SpaceHubError(
            f"The table of launches has no column named {missing[0]!r}.", "Publish falcon9-landings again."
        )
    rows = table[[name for name in FEATURES if name != "year"]].copy()
    rows.insert(0, "year", pd.to_datetime(table["date_utc"]).dt.year)
    rows["payload_mass_kg"] = (rows["payload_mass_kg"] / MASS_STEP).round() * MASS_STEP
    rows[TARGET] = (table["landed"].astype(str) == "True").astype(int)
    rng = np.random.default_rng(seed)
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    rows.insert(0, "id", [f"R{number:04}" for number in rng.permutation(len(rows)) + 1])
    part = pd.Series("train", index=rows.index)
    for _, same in rows.groupby(TARGET):
        tested = round(len(same) * TEST_SHARE)
        if tested < 2 * FEWEST:
            raise SpaceHubError(
                f"One of the two outcomes occurs in only {len(same)} launches, which is too few.",
                "Use a larger dataset.",
            )
        part[same.index[: tested // 2]], part[same.index[tested // 2 : tested]] = PUBLIC, PRIVATE
    # Ids are random, so their order does not reveal a part or an answer.
    rows = rows.sort_values("id")
    tested = part[rows.index] != "train"
    labels = rows.loc[tested, ["id", TARGET]].assign(part=part[rows.index][tested])
    return Split(train=rows[~tested], test=rows.loc[tested, ["id", *FEATURES]], labels=labels)
