"""The satellite model: classify the land use that an aerial image shows."""

from spacehub.models.satellite.proof import declared, prove

__all__ = ["declared", "prove"]
