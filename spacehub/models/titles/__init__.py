"""The titles model: is a title about space."""

from spacehub.models.titles.reproduce import recompute

__all__ = ["recompute"]
