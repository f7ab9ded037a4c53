"""A Cancel button that is in sight only while its job runs; the browser shows and hides it by itself."""

from collections.abc import Sequence

import gradio as gr

_QUIET = {"fn": None, "inputs": None, "api_visibility": "private"}
_SHOW, _HIDE = (f"() => ({{__type__: 'update', visible: {shown}}})" for shown in ("true", "false"))


class Cancel:
    """The button, hidden at first.

    Parameters
    ----------
    elem_id : str
        Its name on the page.
    size : str
        Its size, as Gradio's.
    """

    def __init__(self, elem_id: str, *, size: str = "sm"):
        self._button = gr.Button("Cancel", size=size, visible=False, elem_id=elem_id)

    def show_on(self, starts: Sequence) -> None:
        """Show the button when a job starts; call it before you add the job itself to these triggers."""
        gr.on(list(starts), outputs=self._button, js=_SHOW, **_QUIET)

    def stop(self, jobs: Sequence[gr.events.Dependency]) -> None:
        """Cancel the jobs when it is clicked, and hide it when one ends, fails or is cancelled."""
        self._button.click(cancels=list(jobs), outputs=None, **_QUIET)
        self._button.click(outputs=self._button, js=_HIDE, **_QUIET)
        for job in jobs:
            job.then(outputs=self._button, js=_HIDE, **_QUIET)
