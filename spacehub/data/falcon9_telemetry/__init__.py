"""The dataset falcon9-telemetry: what the webcasts of 45 Falcon 9 launches showed, a row a second, and the events."""

from spacehub.data.falcon9_telemetry.build import FILES, SHARED, VERSION, add_files, build, simulate
from spacehub.data.falcon9_telemetry.figures import draw
from spacehub.data.falcon9_telemetry.table import features

__all__ = ["FILES", "SHARED", "VERSION", "add_files", "build", "draw", "features", "simulate"]
