"""The Cards tab."""
