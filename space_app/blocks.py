"""Extend Gradio's page: fill in values that a caller left out, resolve type hints, send no telemetry."""

from space_app import gradio_fixes  # noqa: F401  # isort: skip

import gradio as gr

from space_app.monitoring import requests
from space_app.parameters import MISSING

SWEEP = (600, 3600)


class Page(gr.Blocks):
    """A Gradio app whose endpoints name a parameter that the caller left out.

    Parameters
    ----------
    title : str
        The browser's title.
    """

    def __init__(self, title: str):
        super().__init__(title=title, analytics_enabled=False, delete_cache=SWEEP)

    async def call_function(self, block_fn, *args, **kwargs):
        """Call an event's function as Gradio does, and record it."""
        public = block_fn.api_visibility == "public"
        route = f"/{block_fn.api_name}" if public else f"page {block_fn.name}"
        with requests.watched(route, public=public):
            return await super().call_function(block_fn, *args, **kwargs)

    def validate_inputs(self, block_fn, inputs):
        """Mark the values that a caller left out, so that the endpoint's own check reports them as missing."""
        if block_fn.api_visibility == "public":
            inputs.extend([MISSING] * (len(block_fn.inputs) - len(inputs)))
        super().validate_inputs(block_fn, inputs)
