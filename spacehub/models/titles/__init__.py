"""The titles model: is a title about space."""

from spacehub.models.titles.proof import declared, prove

__all__ = ["declared", "prove"]
