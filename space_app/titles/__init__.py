"""The Titles tab."""
