"""The tab Lab."""

from space_app.lab.tab import TAB

__all__ = ["TAB"]
