"""Define a tab of the front page."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from space_app.watch import Served, Watch

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Part:
    """The parts of a tab that follow the Hub.

    Parameters
    ----------
    outputs : sequence of gr.components.Component
        The components that `status` fills.
    status : callable
        Returns a value for each of `outputs`, and then, if there are `filled`, what these depend on.
    filled : sequence of gr.components.Component
        The components that `fill` fills.
    fill : callable
        Takes what the components depend on, and returns a value for each.
    card_links : gr.HTML, optional
        Its event `click` names the card to open.
    card_choice : gr.Dropdown, optional
        Shows the chosen card.
    """

    outputs: Sequence[gr.components.Component] = ()
    status: Callable[[], tuple] = tuple
    filled: Sequence[gr.components.Component] = ()
    fill: Callable[[Any], Sequence] = tuple
    card_links: gr.HTML | None = None
    card_choice: gr.Dropdown | None = None

    def update(self, before: tuple | None) -> tuple[list, tuple | None]:
        """Return the new values of `outputs` and `filled`, and their status; an unchanged value is skipped.

        After an unexpected error, all values are skipped and the old status stays. The next update then tries
        again, and the other tabs are not affected.
        """
        try:
            now = self.status()
            return self._changes(now, before), now
        except Exception:
            log.exception("a tab cannot be updated")
            return [gr.skip()] * (len(self.outputs) + len(self.filled)), before

    def _changes(self, now: tuple, before: tuple | None) -> list:
        before = before or (None,) * len(now)
        values = [new if new != was else gr.skip() for new, was in zip(now, before, strict=True)]
        if not self.filled:
            return values
        same = now[-1] == before[-1]
        return [*values[:-1], *([gr.skip()] * len(self.filled) if same else self.fill(now[-1]))]


# How much the answers of one model may differ between two machines: quantised models round differently on
# each processor.
FLOAT, QUANTISED = 1e-4, 0.02


@dataclass(frozen=True, kw_only=True)
class Question:
    """A request by which `spacehub deploy` compares an answer of the deployed app with one computed locally.

    Parameters
    ----------
    function : callable
        The endpoint; it computes the right answer when called with the watch.
    arguments : mapping of str to object
        The request's values; a `Path` is a file to upload.
    compare : sequence of str
        The fields of the answer that must agree.
    needs : str, optional
        The catalogue key of what must be published before the tab can answer.
    tolerance : float
        How much numbers may differ.
    page : str
        Path of the page that has the endpoint, "" for the front page.
    answer : callable, optional
        Computes the right answer from the watch, if calling `function` would start processes.
    """

    function: Callable
    arguments: Mapping[str, Any] = field(default_factory=dict)
    compare: Sequence[str]
    needs: str | None = None
    tolerance: float = FLOAT
    page: str = ""
    answer: Callable[[Watch], dict] | None = None


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab of the front page.

    Parameters
    ----------
    key : str
        Its name in the address, as in ``/?tab=titles``.
    title : str
        The text on the tab.
    build : callable
        Lays it out inside the open tab, from the watch and the tab itself.
    served : mapping of str to Served
        The entries that it reads from the Hub, by catalogue key.
    css : sequence of Path
        Its style sheets.
    question : Question, optional
        The request that checks a deployed app.
    """

    key: str
    title: str
    build: Callable[[Watch, gr.Tab], Part]
    served: Mapping[str, Served] = field(default_factory=dict)
    css: Sequence[Path] = ()
    question: Question | None = None
