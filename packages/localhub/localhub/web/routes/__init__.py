"""The embedded Hub's routes, by subject."""
