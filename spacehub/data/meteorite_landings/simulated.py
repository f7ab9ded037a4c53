"""Generate the sample for machines without a source: invented meteorites, with the source's kinds of defects."""

import numpy as np
import pandas as pd

from spacehub.data.meteorite_landings.clean import LAST_YEAR, RAW_COLUMNS

ROWS = 3000
FELL_SHARE = 0.15
# Latitude, longitude and their spread in degrees: invented fields with many finds.
FIELDS = [(-72.0, 30.0, 0.5), (-84.0, 165.0, 1.0), (20.0, 55.0, 3.0), (28.0, -5.0, 4.0), (33.0, -102.0, 4.0)]
# Share of each class, and the factor on its masses.
CLASSES = {
    "L6": (0.3, 1.0),
    "H5": (0.3, 1.0),
    "LL5": (0.12, 1.0),
    "CM2": (0.06, 0.5),
    "EH3": (0.04, 0.8),
    "Eucrite-mmict": (0.05, 1.0),
    "Ureilite": (0.03, 0.7),
    "Iron, IIIAB": (0.07, 60.0),
    "Pallasite, PMG": (0.02, 40.0),
    "Lunar (anorth)": (0.01, 0.4),
}
# Median mass in g of meteorites seen to fall and of finds: after a fall, people search for the large
# pieces.
MEDIAN_FELL, MEDIAN_FOUND, SPREAD = 2000.0, 40.0, 2.0
# How many rows have each defect.
WITHOUT_MASS, WITHOUT_YEAR, WITHOUT_PLACE, AT_ZERO, NO_MASS, BLANKS = 12, 25, 400, 300, 4, 9


def raw(seed: int) -> pd.DataFrame:
    """Generate the source's columns as text, including defects."""
    rng = np.random.default_rng(seed)
    fell = rng.random(ROWS) < FELL_SHARE
    shares = [share for share, _ in CLASSES.values()]
    classes = rng.choice(list(CLASSES), ROWS, p=shares)
    heavier = np.array([CLASSES[name][1] for name in classes])
    median = np.where(fell, MEDIAN_FELL, MEDIAN_FOUND) * heavier
    mass = np.round(median * np.exp(rng.normal(0, SPREAD, ROWS)), 2).clip(0.01)
    year = np.where(fell, rng.integers(1800, LAST_YEAR, ROWS), LAST_YEAR - rng.gamma(2, 12, ROWS).astype(int))
    latitude, longitude = _places(rng, fell)
    table = pd.DataFrame(
        {
            "name": [f"Simulated {number}" for number in range(1, ROWS + 1)],
            "id": [str(number) for number in range(900_001, 900_001 + ROWS)],
            "nametype": "Valid",
            "recclass": classes,
            "mass (g)": [f"{value:g}" for value in mass],
            "fall": np.where(fell, "Fell", "Found"),
            "year": year.astype(str),
            "reclat": [f"{value:.6f}" for value in latitude],
            "reclong": [f"{value:.6f}" for value in longitude],
        }
    )
    _spoil(table, rng)
    table["GeoLocation"] = "(" + table["reclat"] + ", " + table["reclong"] + ")"
    table.loc[table["reclat"] == "", "GeoLocation"] = ""
    return table[list(RAW_COLUMNS)]


def _places(rng: np.random.Generator, fell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spread falls over the world, some close together, and finds over the fields, a third at one place per field."""
    field = np.array(FIELDS)[rng.integers(len(FIELDS), size=ROWS)]
    spread = field[:, 2] * (rng.random(ROWS) > 1 / 3)
    finds = field[:, :2] + rng.normal(size=(ROWS, 2)) * spread[:, None]
    town = rng.uniform((-45, -120), (60, 140), (12, 2))[rng.integers(12, size=ROWS)]
    near = town + rng.normal(size=(ROWS, 2)) * 1.5
    far = np.column_stack([rng.uniform(-50, 65, ROWS), rng.uniform(-170, 170, ROWS)])
    fallen = np.where((rng.random(ROWS) < 0.5)[:, None], near, far)
    latitude, longitude = np.where(fell[:, None], fallen, finds).round(4).T
    return latitude.clip(-89, 89), longitude


def _spoil(table: pd.DataFrame, rng: np.random.Generator) -> None:
    """Insert the defects, each into its own rows."""
    counts = [WITHOUT_MASS, WITHOUT_YEAR, WITHOUT_PLACE, AT_ZERO, NO_MASS, BLANKS, 1, 1]
    rows = np.split(rng.permutation(ROWS)[: sum(counts)], np.cumsum(counts)[:-1])
    no_mass, no_year, no_place, zero, massless, blanks, future, far_east = rows
    table.loc[no_mass, "mass (g)"] = ""
    table.loc[massless, "mass (g)"] = "0"
    table.loc[no_year, "year"] = ""
    table.loc[future, "year"] = "2101"
    table.loc[no_place, ["reclat", "reclong"]] = ""
    table.loc[zero, ["reclat", "reclong"]] = "0.000000"
    table.loc[far_east, "reclong"] = "354.473330"
    table.loc[blanks, "recclass"] += " "
