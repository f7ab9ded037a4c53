"""The satellite model: which land use a picture from above shows."""

from spacehub.models.satellite.reproduce import recompute

__all__ = ["recompute"]
