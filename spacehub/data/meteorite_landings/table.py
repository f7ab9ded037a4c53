"""Define the table's columns and their meaning."""

from typing import TYPE_CHECKING

from spacehub.data import columns
from spacehub.data.columns import Column

if TYPE_CHECKING:
    import datasets

# Possible defects of a row, in the order of the `flags` column.
FLAGS = {
    "mass_zero": "The mass in the source is 0",
    "year_in_future": "The year in the source is in the future",
    "year_one_early": "The year in the source is one year too early",
    "position_zero": "The position in the source is 0° N, 0° E",
    "latitude_zero": "The latitude in the source is 0°, which is wrong",
    "latitude_doubtful": "The latitude differs greatly from that of the other finds in the same area",
    "not_on_earth": "The meteorite was found on the Moon or on Mars",
}
# A position with one of these flags is not a trustworthy place on Earth.
MISPLACED = ("latitude_zero", "latitude_doubtful", "not_on_earth")


COLUMNS = [
    Column("id", "int32", "ID of the meteorite in the Meteoritical Society's database"),
    Column(
        "name",
        "string",
        "Name of the meteorite. In areas with many finds, the names of meteorites contain numbers.",
    ),
    Column(
        "name_type",
        "string",
        "Either Valid or Relict. A relict is a fossil meteorite, from which almost all of the original material has "
        "weathered away.",
    ),
    Column(
        "class",
        "string",
        "Class of the meteorite, as in the source but without extra whitespace. A ? or ~ marks an uncertain class.",
    ),
    Column("group", "string", "Group to which the class belongs"),
    Column("mass_g", "float64", "Total mass of all recovered pieces", "g", nullable=True),
    Column(
        "fall",
        "string",
        "Fell if somebody saw the meteorite fall, otherwise Found",
    ),
    Column(
        "year",
        "int32",
        "Year of the fall if somebody saw the meteorite fall, otherwise year of the find",
        nullable=True,
    ),
    Column("latitude", "float64", "Latitude (positive values are north of the equator)", "°", nullable=True),
    Column(
        "longitude",
        "float64",
        "Longitude from −180 to 180 (positive values are east of Greenwich)",
        "°",
        nullable=True,
    ),
    Column(
        "flags",
        "list",
        "Flags for the known defects of the row; an empty list if no defects are known",
    ),
]


def features() -> "datasets.Features":
    """Return the columns as typed `datasets` features."""
    return columns.features(COLUMNS)
