"""Checkpoints: the course's questions as a quiz, asked again later the better you know them."""

from space_app.lab.checkpoints.page import lay_out

__all__ = ["lay_out"]
