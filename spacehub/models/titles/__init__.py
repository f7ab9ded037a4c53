"""The titles model: is a title about space."""
