"""A Plotly figure that is updated in place and can be animated, so it follows a slider without flickering.

Gradio's own plot (6.31) is rebuilt for each value and ignores a figure's frames.
"""

import base64
import hashlib
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
import numpy as np
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    import plotly.graph_objects as go

_FIGURE = Path(__file__).with_name("static") / "figure.js"
# The plotly.js file of the Python package, found without importing the package.
_PLOTLY = Path(find_spec("plotly").submodule_search_locations[0]) / "package_data" / "plotly.min.js"
# With this first line, Chromium compiles all of Plotly in a separate thread. Otherwise, it compiles one
# function after another while the page waits, which takes twice as long.
_EAGERLY = b"//# allFunctionsCalledOnLoad\n"
_VERSION = hashlib.sha256(_FIGURE.read_bytes()).hexdigest()[:16]
_FIGURE_ADDRESS = f"../scripts/figure.js?v={_VERSION}&plotly={version('plotly')}"
_PLOTLY_ADDRESS = f"../scripts/plotly.js?v={version('plotly')}"
# Plotly is large, so an experiment's page requests it at once, not when its first figure appears.
HEAD = f'''<link rel="preload" as="script" href="{_PLOTLY_ADDRESS}">
<script defer src="{_FIGURE_ADDRESS}"></script>'''
_TEMPLATE = """<div class="lab-plot"></div>
<div class="lab-player" hidden>
  <button type="button"></button><input type="range" min="0" step="1" aria-label="Moment"><output></output>
</div>
<button type="button" class="lab-save" hidden>Save image</button>"""
# Relative to the figure's extent; a screen is only a few thousand pixels wide.
_INVISIBLE = 1e-5


def plot(bench: str, *, last: bool) -> gr.HTML:
    """Return an empty container for a figure's JSON, on a page with `HEAD`.

    When the container first becomes visible, it fires the event `first` if the page already has the bench's first
    view, and `focus` otherwise. The container does not use `load`, because Gradio fires `load` for every figure
    in every tab when the page is opened. Below a bench's `last` figure, the visitor's prediction is shown next
    to the answer.
    """
    return gr.HTML(
        html_template=_TEMPLATE + '<div class="lab-prediction"></div>' * last,
        js_on_load=f"spaceHubFigure(element, props, watch, '{bench}', "
        f"{{first: () => trigger('first'), focus: () => trigger('focus')}})",
        elem_classes="lab-figure",
    )


def as_json(figure: "go.Figure") -> str:
    """Return a figure's JSON. Arrays are in single precision where the difference is invisible."""
    from plotly.io.json import to_json_plotly

    return to_json_plotly(_lighter(figure.to_plotly_json()))


def _lighter(part):
    if isinstance(part, list | tuple):
        return [_lighter(value) for value in part]
    if not isinstance(part, dict):
        return part
    # An array, as Plotly encodes it.
    if part.get("dtype") == "f8":
        values = np.frombuffer(base64.b64decode(part["bdata"]))
        single = values.astype(np.float32)
        known = np.isfinite(values)
        errors = np.abs(single[known] - values[known])
        if errors.max(initial=0) <= _INVISIBLE * np.ptp(values[known] if known.any() else [0]):
            return part | {"dtype": "f4", "bdata": base64.b64encode(single).decode()}
        return part
    return {key: _lighter(value) for key, value in part.items()}


def routes() -> list[Route]:
    """Return the routes of the two scripts."""
    return [
        Route("/lab/scripts/figure.js", lambda _: FileResponse(_FIGURE, media_type="text/javascript")),
        Route("/lab/scripts/plotly.js", _plotly),
    ]


def _plotly(_: Request) -> Response:
    return Response(_EAGERLY + _PLOTLY.read_bytes(), media_type="text/javascript")
