"""The titles model: is a title about space."""

from spacehub.models.titles.reproduce import prove

__all__ = ["prove"]
