"""The first view of an experiment, served to a plain request that a page sends before Gradio has started.

Without it, a visitor waits first for Gradio, then for a place in its queue, and only then for the figure.
"""

import functools
import importlib
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from space_app.lab.bench import definitions, parts, reads_hub
from space_app.lab.experiments import EXPERIMENTS
from space_app.lab.frame import Bench
from space_app.parameters import MISSING
from space_app.watch import Watch
from spacehub.errors import SpaceHubError

_MODULES = {listing.key: listing.module for listing in EXPERIMENTS}


def route(watch: Watch) -> Route:
    """Return the route ``/lab/first/EXPERIMENT``: the first bench's values for its default settings, as JSON.

    The response is empty (status 204) if the page must use Gradio instead. This is the case if the experiment
    has no bench, the bench uses a queue, a setting has no default, or the view reports an error.
    """

    def first(request: Request) -> Response:
        key = request.path_params["experiment"]
        if key not in _MODULES:
            return Response(status_code=404)
        bench = _first_bench(key)
        if bench is None or bench.queue or any(one.default is MISSING for one in definitions(bench).values()):
            return Response(status_code=204)
        try:
            body = _computed(bench, watch) if reads_hub(bench) else _kept(key)
        except SpaceHubError:
            return Response(status_code=204)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-cache"})

    return Route("/lab/first/{experiment}", first)


def _first_bench(key: str) -> Bench | None:
    experiment = getattr(importlib.import_module(_MODULES[key]), "EXPERIMENT", None)
    return experiment.benches[0] if experiment else None


def _computed(bench: Bench, watch: Watch | None) -> bytes:
    given = {name: one.check(one.default) for name, one in definitions(bench).items()}
    view = bench.view(**given, **({"watch": watch} if reads_hub(bench) else {}))
    return json.dumps({"bench": bench.key, "values": parts(view)}).encode()


@functools.lru_cache(maxsize=len(_MODULES))
def _kept(key: str) -> bytes:
    """Return the cached view. A view that does not read from the Hub never changes."""
    return _computed(_first_bench(key), None)
