"""The Hub's routes, by what they are about."""
