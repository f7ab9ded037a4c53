"""Telemetry of launches: what is normal in an ascent, faults put into it, and what notices them."""
