"""Serve Gradio's scripts, style sheets and fonts once for all pages, and let browsers keep them.

Each experiment is a separate Gradio app, which serves the same files under its own path. A browser would
fetch and compile them again for each experiment. Therefore the experiments' pages use the front page's
scripts, and requests for scripts and style sheets under an experiment's path are redirected. (Scripts
themselves are not redirected, because a redirected module counts as a different module when another
script imports it.) Gradio does not say how long browsers may keep files, so a browser would soon request
each of a hundred files again. The page lists all of these files, so a browser does not have to load one
script to find the next.
"""

import re
from urllib.parse import urlsplit

import jinja2
from gradio import routes
from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse

from space_app import preload
from space_app.lab import plot
from space_app.lab.experiments import EXPERIMENTS

# The cache header for an address that contains a hash or a commit.
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}
_SHARED = re.compile(r"/lab/[^/]+/(static/.+|theme\.css)")
_EXPERIMENT = re.compile(f"/lab/({'|'.join(one.key for one in EXPERIMENTS)})$")
# In the first group, a file's name contains its hash; in the second group, its query does. Fonts never
# change.
_UNCHANGING = re.compile(r"/assets/[^/]+-[\w-]{8,}\.(?:js|css)|/static/fonts/.+")
_VERSIONED = re.compile(r"/theme\.css|/lab/scripts/.+")


_EARLY = """{% for name in preloaded(config) %}
<link crossorigin href="{{ to_front_page(config) }}assets/{{ name }}" {% if name.endswith(".js") -%}
rel="modulepreload"{% else %}rel="preload" as="style"{% endif %}>
{%- endfor %}
{%- if to_front_page(config) != "./" %}
{{ experiments_head }}
{%- endif %}
<link rel="preload" as="style" href="./theme.css?v={{ config["theme_hash"] }}">
<script type="module" """


class _Template(jinja2.BaseLoader):
    """Load Gradio's page, make the address of its scripts variable, and let the page list all of them."""

    def __init__(self, loader: jinja2.BaseLoader):
        self._loader = loader

    def get_source(self, environment, template):
        source, *rest = self._loader.get_source(environment, template)
        source = source.replace('"./assets/', '"{{ to_front_page(config) }}assets/')
        return source.replace('<script type="module" ', _EARLY), *rest


def to_front_page(config: dict) -> str:
    """Return the relative address of the front page, seen from the page of Gradio's `config`."""
    return "../../" if _EXPERIMENT.search(urlsplit(config["root"] or "").path) else "./"


def preloaded(config: dict) -> list[str]:
    """Return the files that the components of Gradio's `config` need."""
    return preload.files(frozenset(component["type"] for component in config["components"]))


routes.templates.env.loader = _Template(routes.templates.env.loader)
routes.templates.env.globals |= {
    "to_front_page": to_front_page,
    "preloaded": preloaded,
    "experiments_head": Markup(plot.HEAD),
}


class Assets:
    """Redirect to the shared files and let browsers keep them (ASGI middleware)."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        """Serve a request."""
        path = scope.get("path", "")
        query = scope.get("query_string", b"").decode("ascii", "ignore")
        if shared := _SHARED.fullmatch(path):
            # Relative, because a proxy may serve the app under a path.
            address = "../" * (path.count("/") - 1) + shared[1] + (f"?{query}" if query else "")
            return await RedirectResponse(address, 308, LASTING)(scope, receive, send)
        if _UNCHANGING.fullmatch(path) or (_VERSIONED.fullmatch(path) and query.startswith("v=")):
            return await self._app(scope, receive, _lasting(send))
        return await self._app(scope, receive, send)


def _lasting(send):
    async def send_with_header(message):
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message).update(LASTING)
        await send(message)

    return send_with_header
