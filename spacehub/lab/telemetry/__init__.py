"""Telemetry of launches: the normal ascent, injected faults, and detectors that find them."""
