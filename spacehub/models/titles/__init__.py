"""The titles model: classify a title as about space or not."""

from spacehub.models.titles.proof import declared, prove

__all__ = ["declared", "prove"]
