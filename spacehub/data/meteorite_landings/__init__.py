"""The dataset meteorite-landings: every named meteorite, cleaned and flagged, one row per meteorite."""

from spacehub.data.meteorite_landings.build import FILES, VERSION, add_files, build, simulate
from spacehub.data.meteorite_landings.figures import draw
from spacehub.data.meteorite_landings.table import features

__all__ = ["FILES", "VERSION", "add_files", "build", "draw", "features", "simulate"]
