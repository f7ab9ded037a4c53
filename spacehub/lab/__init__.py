"""The course's foundations, from scratch: NumPy in, NumPy or a small dataclass out."""
