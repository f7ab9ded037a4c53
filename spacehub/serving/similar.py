"""Find the real flights most similar to a given one, by a distance over its fields."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from spacehub.serving.fields import Field


def distances(row: Mapping[str, object], flights: pd.DataFrame, fields: Sequence[Field]) -> np.ndarray:
    """Return the distance of each flight from `row`, shape (N,).

    This is the Euclidean distance over the fields. Numbers differ by a number of standard deviations.
    Different categories differ by 1, and so do a known and an unknown value.
    """
    total = np.zeros(len(flights))
    for field in fields:
        theirs, ours = flights[field.name].to_numpy(), row[field.name]
        if field.is_number:
            spread = np.nanstd(theirs) or 1.0
            gap = (theirs - ours) / spread
            gap = np.where(np.isnan(gap), np.isnan(theirs) != np.isnan(ours), gap)
        else:
            gap = theirs != ours
        total += gap.astype(float) ** 2
    return np.sqrt(total)
