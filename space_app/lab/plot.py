"""A place for a Plotly figure, drawn in place, frames included: it moves with a slider instead of flickering.

Gradio's own plot (6.31) is rebuilt for each value and leaves a figure's frames out.
"""

from importlib.util import find_spec
from pathlib import Path

import gradio as gr

SCRIPT = Path(__file__).with_name("static") / "figure.js"
# The plotly.js that belongs to the Python package, found without importing it.
PLOTLY = Path(find_spec("plotly").submodule_search_locations[0]) / "package_data" / "plotly.min.js"


def plot() -> gr.HTML:
    """Return an empty place for a figure's JSON; its event `focus` fires when it first comes into sight.

    Not `load`: Gradio fires that of its own accord for every figure of every tab when the page is opened.
    """
    return gr.HTML(
        html_template='<div class="lab-plot"></div><button type="button" class="lab-save" hidden>Save picture</button>',
        head=f'<script src="gradio_api/file={SCRIPT}"></script>',
        js_on_load=f"spaceHubFigure(element, props, watch, () => trigger('focus'), 'gradio_api/file={PLOTLY}')",
        elem_classes="lab-figure",
    )


def serve_scripts() -> None:
    """Let the app serve the two scripts."""
    gr.set_static_paths([SCRIPT, PLOTLY])
