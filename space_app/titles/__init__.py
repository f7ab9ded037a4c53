"""The tab Titles."""

from space_app.titles.tab import TAB

__all__ = ["TAB"]
