"""Build an experiment's page: the navigation header, its benches, and its endpoints."""

import importlib

import gradio as gr

from space_app import theme
from space_app.blocks import Page
from space_app.endpoints import endpoint
from space_app.html import render
from space_app.lab.bench import definitions, lay_out
from space_app.lab.experiments import EXPERIMENTS, Listing
from space_app.parameters import MISSING
from space_app.watch import Watch
from spacehub.errors import SpaceHubError

# Only an address with control values is sent to the server; the figures wait until the values are set.
ADDRESSED = "if (window.spaceHubReady) trigger('focus')"
READY = "() => { window.spaceHubReady(); }"


def build(listing: Listing, watch: Watch) -> Page:
    """Lay out the page of an experiment."""
    module = importlib.import_module(listing.module)
    with Page(f"{listing.title} · SpaceHub") as page:
        gr.HTML(theme.HEADER)
        top = gr.HTML(header(listing), js_on_load=ADDRESSED)
        if hasattr(module, "lay_out"):
            module.lay_out(watch)
            return page
        experiment = module.EXPERIMENT
        controls = [(bench, lay_out(bench, watch)) for bench in experiment.benches]
        for bench in experiment.benches:
            if bench.endpoint:
                endpoint(bench.endpoint, watch, **bench.queue)
        for function in experiment.endpoints:
            endpoint(function, watch)
        _fill_from_address(top, controls)
    return page


def header(listing: Listing) -> str:
    """Return links to the index, to the previous and next experiments and to the course, as HTML."""
    place = EXPERIMENTS.index(listing)
    before = EXPERIMENTS[place - 1] if place else None
    after = EXPERIMENTS[place + 1] if place + 1 < len(EXPERIMENTS) else None
    return render("lab/header.html", listing=listing, before=before, after=after)


def _fill_from_address(top: gr.HTML, controls: list) -> None:
    """Set the controls named in the address, as in ``/lab/imaging/?edges.blur=2``."""
    places = [
        (f"{bench.key}.{name}", definitions(bench)[name], control)
        for bench, named in controls
        for name, control in named.items()
        if definitions(bench)[name].sharable
    ]

    def fill(request: gr.Request):
        given = request.query_params
        return [_value(parameter, given[key]) if key in given else gr.skip() for key, parameter, _ in places]

    quiet = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    filled = top.focus(fill, None, [control for _, _, control in places], **quiet)
    filled.then(None, None, None, js=READY, api_visibility="private")


def _value(parameter, text: str):
    """Return a control's value from an address. If the value is not allowed, leave the control unchanged."""
    try:
        value = parameter.read(text[:2000])
        return gr.skip() if value is MISSING else value
    except SpaceHubError:
        return gr.skip()
