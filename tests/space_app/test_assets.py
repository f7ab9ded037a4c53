"""What browsers keep, and share between the pages: scripts, style sheets, fonts, pictures to try; lighter figures."""

import base64
import json
import re
import urllib.error
import urllib.request

import numpy as np
import plotly.graph_objects as go
import pytest
from gradio import routes

from space_app import assets
from space_app.lab.plot import as_json

LASTING = "public, max-age=31536000, immutable"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def get(app, path: str):
    """Ask without following; return status, headers and body."""
    try:
        with urllib.request.build_opener(Stay).open(app.address + path, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_gradio_still_names_its_scripts_next_to_the_page():
    source = (routes.templates.env.loader._loader.searchpath[0],)
    with open(f"{source[0]}/frontend/index.html", encoding="utf-8") as file:
        assert '"./assets/index-' in file.read(), "Change the template that space_app/assets.py rewrites."


@pytest.mark.parametrize(
    ("root", "front"),
    [
        ("http://127.0.0.1:7860", "./"),
        ("http://127.0.0.1:7860/lab/orbits", "../../"),
        ("https://example.org/space/lab/many-bodies", "../../"),
        ("https://example.org/lab/space", "./"),
        (None, "./"),
    ],
)
def test_the_front_page_as_seen_from_a_page(root, front):
    assert assets.to_front_page({"root": root}) == front


def test_an_experiments_page_takes_the_front_pages_scripts(app):
    pages = [get(app, path)[2].decode() for path in ("", "lab/orbits/")]
    front, lab = (re.findall(r'(?:src|href)="([./]*)assets/(index-[^"]+)"', page) for page in pages)
    assert [name for _, name in front] == [name for _, name in lab] != []
    assert {where for where, _ in front} == {"./"}
    assert {where for where, _ in lab} == {"../../"}
    status, headers, _ = get(app, f"assets/{front[0][1]}")
    assert (status, headers["Cache-Control"]) == (200, LASTING)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "lab/orbits/"])
def test_a_page_names_all_its_scripts_and_styles_at_once(app, chromium, path):
    # A visitor of their own: a browser that has the scripts already may not ask for them.
    context, requested = chromium.new_context(), []
    page = context.new_page()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(app.address + path)
    page.wait_for_selector(".bench, [data-key]")
    context.close()
    loaded = {address.rpartition("/")[2] for address in requested if "/assets/" in address}
    assert len(loaded) > 30
    assert loaded <= set(
        re.findall(r'<link crossorigin href="[./]*assets/([^"]+)"', get(app, path)[2].decode())
    )


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("lab/orbits/theme.css?v=1", "../../theme.css?v=1"),
        ("lab/orbits/static/fonts/IBMPlexSans/IBMPlexSans-Bold.woff2", "../../../../../static/fonts/IBMPlexSans/IBMPlexSans-Bold.woff2"),
    ],
)  # fmt: skip
def test_the_rest_is_redirected_to_the_front_pages(app, path, to):
    status, headers, _ = get(app, path)
    assert (status, headers["Location"], headers["Cache-Control"]) == (308, to, LASTING)
    there = to.rpartition("../")[2]
    status, headers, _ = get(app, there)
    assert (status, headers["Cache-Control"]) == (200, LASTING)


@pytest.mark.parametrize("path", ["", "lab/orbits/", "theme.css", "assets/none-12345678.js"])
def test_what_may_change_or_is_not_there_is_not_kept(app, path):
    assert get(app, path)[1]["Cache-Control"] != LASTING


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        # Single precision has 24 bits, about seven digits.
        (np.linspace(-1e7, 1e7, 500), "f4"),
        (np.array([0.1, np.nan, np.inf, 0.3]), "f4"),
        (np.array([np.nan]), "f4"),
        # Julian dates a tenth of a day apart would fall together.
        (2_460_000 + np.arange(10) / 10, "f8"),
        (np.arange(5), "i1"),
    ],
)
def test_arrays_are_sent_in_single_precision_where_nobody_can_see_it(values, kind):
    figure = go.Figure(go.Scatter(x=values, y=[1, 2]), frames=[go.Frame(data=[go.Scatter(y=values)])])
    sent = json.loads(as_json(figure))
    for part in sent["data"][0]["x"], sent["frames"][0]["data"][0]["y"]:
        assert part["dtype"] == kind
        np.testing.assert_allclose(
            np.frombuffer(base64.b64decode(part["bdata"]), kind), values, rtol=1e-6, atol=1e-6
        )
    assert sent["data"][0]["y"] == [1, 2]
