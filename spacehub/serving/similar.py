"""Find the real flights most similar to a given one, by a distance over its fields."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from spacehub.serving.fields import Field


class Distances:
    """Measure how far each of N flights is from another one.

    Parameters
    ----------
    flights : DataFrame
        The N flights.
    fields : sequence of Field
        The columns to compare.
    """

    def __init__(self, flights: pd.DataFrame, fields: Sequence[Field]):
        self._count = len(flights)
        self._columns = [(field, flights[field.name].to_numpy()) for field in fields]
        self._spreads = {
            field.name: np.nanstd(values) or 1.0 for field, values in self._columns if field.is_number
        }

    def __call__(self, row: Mapping[str, object]) -> np.ndarray:
        """Return the distance of each flight from `row`, shape (N,).

        This is the Euclidean distance over the fields. Numbers differ by a number of standard deviations.
        Different categories differ by 1, and so do a known and an unknown value.
        """
        total = np.zeros(self._count)
        for field, theirs in self._columns:
            ours = row[field.name]
            if field.is_number:
                gap = (theirs - ours) / self._spreads[field.name]
                gap = np.where(np.isnan(gap), np.isnan(theirs) != np.isnan(ours), gap)
            else:
                gap = theirs != ours
            total += gap.astype(float) ** 2
        return np.sqrt(total)
