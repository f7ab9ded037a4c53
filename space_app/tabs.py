"""What a tab of the front page is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr

from space_app.watch import Served, Watch


@dataclass(frozen=True, kw_only=True)
class Part:
    """The parts of a tab that follow the Hub.

    Parameters
    ----------
    outputs : sequence of gr.components.Component
        What `status` fills.
    status : callable
        Returns a value for each of `outputs`.
    card_links : gr.HTML, optional
        Its event `click` names the card to open.
    card_choice : gr.Dropdown, optional
        What shows the card that it is set to.
    """

    outputs: Sequence[gr.components.Component] = ()
    status: Callable[[], tuple] = tuple
    card_links: gr.HTML | None = None
    card_choice: gr.Dropdown | None = None


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A tab of the front page.

    Parameters
    ----------
    key : str
        Its name in the address, as in ``/?tab=titles``.
    title : str
        What visitors click.
    build : callable
        Lays it out inside the open tab, from the watch and the tab itself.
    served : mapping of str to Served
        What it reads from the Hub, by the catalogue's key.
    css : sequence of Path
        Its style sheets.
    """

    key: str
    title: str
    build: Callable[[Watch, gr.Tab], Part]
    served: Mapping[str, Served] = field(default_factory=dict)
    css: Sequence[Path] = ()
