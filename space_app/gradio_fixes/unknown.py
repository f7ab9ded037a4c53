"""Calls of endpoints that a page does not have (gradio/route_utils.py).

Gradio answers them with status 500 and no text, and writes a traceback into the log. Here they get status 404 and
the address of the list of endpoints.

Upstream: no report found (November 2026).
"""

from fastapi import HTTPException
from gradio import route_utils
from gradio.blocks import BlockFunction, Blocks
from gradio.data_classes import PredictBody

_get_fn = route_utils.get_fn


def _known(blocks: Blocks, api_name: str | None, body: PredictBody) -> BlockFunction:
    """Return the function that a call names by its endpoint or its number."""
    try:
        return _get_fn(blocks, api_name, body)
    except (route_utils.FnIndexInferError, KeyError):
        named = f"function {body.fn_index}" if api_name is None else f"endpoint named {api_name[:80]!r}"
        text = f"This page has no {named}. For a list of its endpoints, open gradio_api/info on this page."
        raise HTTPException(404, text) from None


route_utils.get_fn = _known
