"""The tab Landing."""

from space_app.landing.tab import TAB

__all__ = ["TAB"]
