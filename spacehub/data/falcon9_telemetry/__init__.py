"""The dataset falcon9-telemetry: readings from the webcasts of 45 Falcon 9 launches, second by second, and events."""

from spacehub.data.falcon9_telemetry.build import FILES, SHARED, VERSION, add_files, build, simulate
from spacehub.data.falcon9_telemetry.figures import draw
from spacehub.data.falcon9_telemetry.table import features

__all__ = ["FILES", "SHARED", "VERSION", "add_files", "build", "draw", "features", "simulate"]
