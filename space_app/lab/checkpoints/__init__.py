"""Checkpoints: the course's questions as a quiz. The better you know a question, the later you see it again."""

from space_app.lab.checkpoints.page import lay_out

__all__ = ["lay_out"]
