"""The telemetry that the Lab reads from the Hub."""

from space_app.watch import Served
from spacehub.lab.telemetry.detectors import Panel
from spacehub.lab.telemetry.flights import EVENTS_FILE, TELEMETRY_FILE, read

KEY = "falcon9-telemetry"
SERVED = Served(files=[TELEMETRY_FILE, EVENTS_FILE], load=lambda folder: Panel(read(folder)))
