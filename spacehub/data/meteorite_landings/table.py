"""Define the table's columns and their meaning."""

from typing import TYPE_CHECKING

from spacehub.data import columns
from spacehub.data.columns import Column

if TYPE_CHECKING:
    import datasets

# Possible defects of a row, in the order of the column `flags`.
FLAGS = {
    "mass_zero": "the source has a mass of 0",
    "year_in_future": "the source has a year that is yet to come",
    "year_one_early": "the source has the year before",
    "position_zero": "the source has 0° N, 0° E",
    "latitude_zero": "the latitude is lost, the source has 0°",
    "latitude_doubtful": "the latitude is far from that of its field",
    "not_on_earth": "lies on the Moon or on Mars",
}
# A position with one of these flags is not a trustworthy place on Earth.
MISPLACED = ("latitude_zero", "latitude_doubtful", "not_on_earth")

_FLAGS = ", ".join(f"{flag} ({meaning})" for flag, meaning in FLAGS.items())

COLUMNS = [
    Column("id", "int32", "number of the meteorite in the Meteoritical Society's database"),
    Column("name", "string", "name of the meteorite; a field of many numbers its finds"),
    Column(
        "name_type",
        "string",
        "Valid, or Relict: a fossil meteorite, of which weathering has left little but its place",
    ),
    Column(
        "class", "string", "class as the source has it, without stray blanks; ? and ~ are the source's doubt"
    ),
    Column("group", "string", "the larger group that the class belongs to"),
    Column("mass_g", "float64", "mass of all pieces that were recovered", "g", nullable=True),
    Column("fall", "string", "Fell: seen to fall, then found. Found: found without that"),
    Column("year", "int32", "year of the fall or, of one that was found, of the find", nullable=True),
    Column("latitude", "float64", "north is positive", "°", nullable=True),
    Column("longitude", "float64", "east is positive, -180 to 180", "°", nullable=True),
    Column("flags", "list", f"what is wrong with the row, none where it is empty: {_FLAGS}"),
]


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
