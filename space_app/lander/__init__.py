"""The tab Lander."""

from space_app.lander.tab import TAB

__all__ = ["TAB"]
