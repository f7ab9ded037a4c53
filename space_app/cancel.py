"""A Cancel button that is visible only while its job runs; the browser itself shows and hides it."""

from collections.abc import Sequence

import gradio as gr

_QUIET = {"fn": None, "inputs": None, "api_visibility": "private"}
_SHOW, _HIDE = (f"() => ({{__type__: 'update', visible: {shown}}})" for shown in ("true", "false"))


class Cancel:
    """The button, hidden at first.

    Parameters
    ----------
    elem_id : str
        The button's id on the page.
    size : str
        The button's size, as in Gradio.
    """

    def __init__(self, elem_id: str, *, size: str = "sm"):
        self._button = gr.Button("Cancel", size=size, visible=False, elem_id=elem_id)

    def show_on(self, starts: Sequence) -> None:
        """Show the button when a job starts; call this before you add the job itself to these triggers."""
        gr.on(list(starts), outputs=self._button, js=_SHOW, **_QUIET)

    def stop(self, jobs: Sequence[gr.events.Dependency]) -> None:
        """Cancel the jobs on a click, and hide the button once a job has ended, failed or been cancelled.

        The button stays visible after the click, because the page ignores a new start until the server has
        cancelled the job.
        """
        self._button.click(cancels=list(jobs), outputs=None, **_QUIET)
        for job in jobs:
            job.then(outputs=self._button, js=_HIDE, **_QUIET)
