"""The real flights most like a given one, by a distance over its fields."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from spacehub.serving.fields import Field


def distances(row: Mapping[str, object], flights: pd.DataFrame, fields: Sequence[Field]) -> np.ndarray:
    """Return how far each flight is from `row`, shape (N,).

    The root of the sum of squares over the fields: a number's difference in standard deviations, 1
    for another category, and 1 where only one of the two is known.
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
