"""What an experiment of the Lab is, and how its sub-tab is laid out and kept moving.

To add one, write ``space_app/lab/NAME.py`` with

- for each of its benches a function `controls` that builds the sliders and boxes and returns them, and a
  function `show` that takes their values in that order and returns a `View`: figures, numbers, the answer
  to the bench's question, and the function of ``spacehub.lab`` whose source is shown;
- typed functions with a numpydoc docstring, one an API endpoint, in ``NAME_api.py`` when the file grows long;
- a function ``experiment(watch)`` that returns the `Experiment`; `watch` knows the Hub's newest commits;

and add that function to `EXPERIMENTS` in ``space_app/lab/tab.py``. Nothing is computed
before a visitor first opens the sub-tab; NumPy and Plotly are there already, because the tab Landing needs
them, but anything heavier is imported inside `show` and the endpoints. A `SpaceHubError` of
`show` is told in the answer's place, that of an endpoint as its error. Figures are made with
``space_app/lab/figures.py``, whose colours can be read in light and dark.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr

from space_app.endpoints import endpoint
from space_app.lab.plot import plot
from space_app.words import esc, mistake
from spacehub.errors import SpaceHubError

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, kw_only=True)
class View:
    """What a bench shows for one setting of its controls.

    Parameters
    ----------
    figures : sequence of go.Figure
        As many as the bench has.
    numbers : mapping of str to str
        A number with its unit, by what it is.
    answer : str
        A sentence that answers the bench's question with a number.
    source : callable
        The function behind it, whose source is shown.
    extra : str
        HTML under the numbers, such as a table; its texts are escaped already.
    """

    figures: Sequence["go.Figure"]
    numbers: Mapping[str, str]
    answer: str
    source: Callable
    extra: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A question, what can be turned, and what then moves.

    Parameters
    ----------
    key : str
        Names its parts on the page.
    question : str
        What the bench answers with a number.
    words : str
        One or two sentences on what is to be seen.
    controls : callable
        Builds the components that are turned, and returns them.
    show : callable
        From their values, in that order, to a `View`.
    figures : int
        How many figures it has.
    """

    key: str
    question: str
    words: str
    controls: Callable[[], Sequence[gr.components.Component]]
    show: Callable[..., View]
    figures: int = 1


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A sub-tab: its title, the course's week that it belongs to, its benches and its API endpoints."""

    key: str
    title: str
    week: int
    benches: Sequence[Bench]
    endpoints: Sequence[Callable] = field(default=())


def lay_out(experiment: Experiment) -> None:
    """Build an experiment's sub-tab inside the tabs that are open."""
    with gr.Tab(experiment.title, id=experiment.key, elem_id=f"lab-{experiment.key}"):
        for bench in experiment.benches:
            _bench(bench, experiment.week)
        for function in experiment.endpoints:
            endpoint(function)


def _bench(bench: Bench, week: int) -> None:
    with gr.Column(elem_id=f"bench-{bench.key}", elem_classes="bench"):
        gr.HTML(
            f'<p class="week">Week {week} of the course</p><h3>{esc(bench.question)}</h3><p>{esc(bench.words)}</p>',
        )
        with gr.Row(elem_classes="bench-row"):
            with gr.Column(scale=4, min_width=280):
                controls = list(bench.controls())
                numbers = gr.HTML(elem_classes="lab-aside")
            with gr.Column(scale=7, min_width=280):
                plots = [plot() for _ in range(bench.figures)]
                answer = gr.HTML()
        source = gr.HTML()
    outputs = [*plots, numbers, answer, source]

    def show(*values):
        try:
            view = bench.show(*values)
        except SpaceHubError as error:
            return *([None] * len(plots)), "", mistake(error), gr.skip()
        return (
            *(figure.to_json() for figure in view.figures),
            _numbers(view.numbers) + view.extra,
            f'<p class="lab-answer" aria-live="polite">{esc(view.answer)}</p>',
            _source(view.source),
        )

    # The plot asks as it first comes into sight. While one setting is drawn, the newest waits and the
    # ones between are dropped, so the figure follows the slider.
    moved = [plots[0].focus, *(_moves(control) for control in controls)]
    gr.on(
        moved,
        show,
        controls,
        outputs,
        api_name=f"lab_view_{bench.key.replace('-', '_')}",
        api_visibility="undocumented",
        show_progress="hidden",
        trigger_mode="always_last",
        concurrency_limit=None,
    )


def _moves(control: gr.components.Component) -> Callable:
    """Return the event that a visitor's turning of the control fires."""
    if isinstance(control, gr.Button):
        return control.click
    if isinstance(control, gr.Textbox | gr.Number):
        return control.submit
    if isinstance(control, gr.File):
        return control.change
    return control.input


def _numbers(numbers: Mapping[str, str]) -> str:
    rows = "".join(f"<tr><th>{esc(name)}</th><td>{esc(value)}</td></tr>" for name, value in numbers.items())
    return f'<table class="lab-numbers"><tbody>{rows}</tbody></table>'


def _source(function: Callable) -> str:
    """Fold up a function's own source under its name."""
    function = inspect.unwrap(function)
    root = Path(__file__).resolve().parents[2]
    path = Path(inspect.getsourcefile(function)).resolve()
    place = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return (
        f'<details class="lab-source"><summary>The source: <code>{esc(function.__name__)}</code> in '
        f"<code>{esc(place)}</code></summary><pre><code>{esc(inspect.getsource(function))}</code></pre></details>"
    )
