"""The tab Cards."""

from space_app.cards.tab import TAB

__all__ = ["TAB"]
