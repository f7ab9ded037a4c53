"""The satellite model: which land use a picture from above shows."""

from spacehub.models.satellite.proof import declared, prove

__all__ = ["declared", "prove"]
