"""The Hub's routes, by subject."""
