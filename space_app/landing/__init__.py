"""The Landing tab."""
