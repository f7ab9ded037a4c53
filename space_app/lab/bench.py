"""Lay out one question of an experiment: its controls, its figures and the events that update them."""

import functools
import inspect
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr

from space_app import parameters
from space_app.html import render
from space_app.lab.frame import Bench, View
from space_app.lab.plot import as_json, plot
from space_app.mistakes import mistake
from space_app.watch import Watch
from spacehub.errors import SpaceHubError


def definitions(bench: Bench) -> dict[str, parameters.Definition]:
    """Return the definitions of a `Bench`'s controls, keyed by name, in the order of its view's parameters."""
    of_view = parameters.of(bench.view)
    of_endpoint = parameters.of(bench.endpoint) if bench.endpoint else {}
    names = [name for name in inspect.signature(bench.view).parameters if name != "watch"]
    return {name: of_view.get(name) or of_endpoint[name] for name in names}


def lay_out(bench: Bench, watch: Watch) -> dict[str, gr.components.Component]:
    """Lay out a `Bench` on the page being built, and return its controls, keyed by name."""
    known = definitions(bench)
    with gr.Column(elem_id=f"bench-{bench.key}", elem_classes="bench"):
        gr.HTML(render("lab/bench.html", bench=bench))
        with gr.Row(elem_classes="bench-row"):
            with gr.Column(scale=4, min_width=280):
                controls = [parameter.control() for parameter in known.values()]
                numbers = gr.HTML(elem_classes="lab-aside")
            with gr.Column(scale=7, min_width=280):
                plots = [plot(bench.key, last=place == bench.figures - 1) for place in range(bench.figures)]
                answer = gr.HTML()
        source = gr.HTML()
    show = functools.partial(_view, bench, watch)
    shared = json.dumps([name if parameter.sharable else None for name, parameter in known.items()])
    bench_key, outputs = json.dumps(bench.key), [*plots, numbers, answer, source]
    # The page may already have the first view. Otherwise, the plot requests its figure when it first becomes
    # visible. While one setting is being drawn, only the newest request waits and those in between are
    # dropped, so the figure follows the slider.
    plots[0].first(
        None,
        controls,
        outputs,
        js=f"(...values) => spaceHubFirst({bench_key}, {shared}, values)",
        api_visibility="private",
        show_progress="hidden",
    )
    gr.on(
        [plots[0].focus, *(_moves(control) for control in controls)],
        functools.partial(_shown, show, len(plots)),
        controls,
        outputs,
        js=f"(...values) => spaceHubShare({bench_key}, {shared}, values)",
        api_name=f"lab_view_{bench.key.replace('-', '_')}",
        api_visibility="undocumented",
        show_progress="hidden",
        trigger_mode="always_last",
        **({"concurrency_limit": None} | dict(bench.queue)),
    )
    return dict(zip(known, controls, strict=True))


def _view(bench: Bench, watch: Watch, *values) -> View:
    """Validate the controls' values as in an API call, and return the resulting view."""
    known = definitions(bench)
    given = {
        name: parameter.check(parameter.kind.from_control(value))
        for (name, parameter), value in zip(known.items(), values, strict=True)
    }
    return bench.view(**given, **({"watch": watch} if reads_hub(bench) else {}))


def reads_hub(bench: Bench) -> bool:
    """Return whether the view of a `Bench` uses data from the Hub."""
    return "watch" in inspect.signature(bench.view).parameters


def _shown(show: Callable[..., View], plots: int, *values) -> Sequence:
    """Return the values of the page's components. If the input is invalid, the error replaces the answer."""
    try:
        view = show(*values)
    except SpaceHubError as error:
        return *([None] * plots), "", mistake(error), gr.skip()
    return parts(view)


def parts(view: View) -> Sequence[str]:
    """Return a view as the values of the page's components: figures, numbers, the answer and its source."""
    return (
        *(as_json(figure) for figure in view.figures),
        render("lab/numbers.html", numbers=view.numbers, extra="") + view.extra,
        render("lab/answer.html", answer=view.answer),
        _source(view.source),
    )


def _moves(control: gr.components.Component) -> Callable:
    """Return the event that fires when a visitor changes the control."""
    if isinstance(control, gr.Button):
        return control.click
    if isinstance(control, gr.Textbox):
        return control.submit
    if isinstance(control, gr.File):
        return control.change
    return control.input


def _source(function: Callable) -> str:
    """Show a function's source in a collapsed section with the function's name as its title."""
    function = inspect.unwrap(function)
    root = Path(__file__).resolve().parents[2]
    path = Path(inspect.getsourcefile(function)).resolve()
    place = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return render("lab/source.html", name=function.__name__, place=place, text=inspect.getsource(function))
