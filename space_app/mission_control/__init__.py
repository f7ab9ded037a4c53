"""The tab Mission control."""

from space_app.mission_control.tab import TAB

__all__ = ["TAB"]
