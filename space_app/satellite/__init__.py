"""The tab Satellite."""

from space_app.satellite.tab import TAB

__all__ = ["TAB"]
