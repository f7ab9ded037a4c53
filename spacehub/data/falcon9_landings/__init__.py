"""The dataset falcon9-landings: two sources of launch facts merged into one table, one row per launch."""

from spacehub.data.falcon9_landings.build import FILES, VERSION, add_files, build, simulate
from spacehub.data.falcon9_landings.figures import draw
from spacehub.data.falcon9_landings.table import features

__all__ = ["FILES", "VERSION", "add_files", "build", "draw", "features", "simulate"]
