"""Counts for the figures of a set of meteorites: masses, years, decades and groups."""

from dataclasses import dataclass

import numpy as np

from spacehub.lab.meteorites import GROUPS, Meteorites

# Four bins per power of ten, from 10 mg to 100 t.
MASS_EDGES = np.logspace(-2, 8, 41)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Counts over a set of meteorites. In each pair, the first is for observed falls and the second for finds.

    `masses` has one row for falls, one row for finds, and a column for each bin of `MASS_EDGES`. `decades` are the
    first years of the decades, and `by_decade` their counts, (2, decades). `by_group` is (2, groups). `median_g` is
    NaN if no mass is known.
    """

    counts: tuple[int, int]
    placed: int
    without_mass: int
    without_year: int
    median_g: tuple[float, float]
    masses: np.ndarray
    decades: np.ndarray
    by_decade: np.ndarray
    by_group: np.ndarray


def summarise(meteorites: Meteorites) -> Summary:
    """Count `meteorites` for every figure at once."""
    kinds = [meteorites.fell, ~meteorites.fell]
    weighed, dated = np.isfinite(meteorites.mass_g), np.isfinite(meteorites.year)
    masses = [meteorites.mass_g[kind & weighed] for kind in kinds]
    decade = (meteorites.year[dated] // 10).astype(int)
    first, last = (decade.min(), decade.max()) if len(decade) else (0, -1)
    return Summary(
        counts=tuple(int(kind.sum()) for kind in kinds),
        placed=int(meteorites.placed.sum()),
        without_mass=int((~weighed).sum()),
        without_year=int((~dated).sum()),
        median_g=tuple(
            float(np.median(masses_of_kind)) if len(masses_of_kind) else np.nan for masses_of_kind in masses
        ),
        masses=np.stack([np.histogram(masses_of_kind, MASS_EDGES)[0] for masses_of_kind in masses]),
        decades=10 * np.arange(first, last + 1),
        by_decade=np.stack(
            [np.bincount(decade[kind[dated]] - first, minlength=last + 1 - first) for kind in kinds]
        ),
        by_group=np.stack([np.bincount(meteorites.group[kind], minlength=len(GROUPS)) for kind in kinds]),
    )


def completeness(meteorites: Meteorites) -> dict[str, int]:
    """Count the missing values, and the complete rows: those with a mass, a year and a trustworthy position."""
    lacks = {
        "no mass": ~np.isfinite(meteorites.mass_g),
        "no year": ~np.isfinite(meteorites.year),
        "no position": ~meteorites.placed,
        "position not on Earth or doubtful": meteorites.placed & meteorites.misplaced,
    }
    whole = ~np.any(list(lacks.values()), axis=0)
    return {name: int(rows.sum()) for name, rows in lacks.items()} | {"whole": int(whole.sum())}
