"""The experiments' pages, driven in Chromium as a visitor does."""

import json
import urllib.error
import urllib.request

import pytest

from space_app.lab.experiments import EXPERIMENTS
from tests.doses import SOAK
from tests.space_app.lab.pages import drawn
from tests.space_app.screens import PHONE_FIRST

pytestmark = pytest.mark.browser

# Those that need no dataset, or one that the tests' shared Hub holds; a small dose of them has one of each kind of figure.
SHOWN = ("orbits", "many-bodies", "bayes", "trees")
if SOAK:
    SHOWN += ("numerics", "chance", "regression", "networks", "exploration")
PLAYED = "before => document.querySelector('#bench-orbit .lab-player output').textContent !== before"


@PHONE_FIRST
@pytest.mark.timeout(600)
def test_figures_follow_a_slider_and_the_address_follows_too(app, open_page, screenshots, width, dark):
    page = open_page(app, f"lab/{SHOWN[0]}/", width=width, dark=dark)
    for key in SHOWN:
        page.goto(f"{app.address}lab/{key}/")
        bench = page.locator(".bench").first
        before = drawn(bench)
        slider = bench.locator("input[type=range]").first
        slider.scroll_into_view_if_needed()
        slider.press("ArrowRight")
        bench.locator(".lab-plot").first.and_(page.locator(f'[data-drawn="{before[0] + 1}"]')).wait_for()
        assert f"?{bench.get_attribute('id').removeprefix('bench-')}." in page.url
        assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
        assert bench.locator(".lab-numbers tr").count() > 3
        assert "    def " in "    " + bench.locator(".lab-source pre").text_content()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shade = "dark" if dark else "light"
        screenshots(page, f"lab-{key}-{width}-{shade}.png", full_page=True)


def test_the_first_figure_needs_no_queue(app, open_page):
    page, queued, requests = open_page(app, "lab/orbits/"), [], []
    page.on("request", lambda request: "/queue/join" in request.url and queued.append(request.post_data))
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    page.locator("#bench-orbit .lab-plot[data-drawn]").first.wait_for()
    assert "places the Molniya satellite" in page.locator("#bench-orbit .lab-answer").inner_text()
    assert any(address.endswith("/lab/first/orbits") for address in requests)
    # The next bench, if it is in sight, asks in the usual way.
    assert not any("Molniya" in data for data in queued)


def test_the_first_view_is_the_one_of_the_default_settings(app):
    with urllib.request.urlopen(f"{app.address}lab/first/orbits", timeout=30) as answer:
        first = json.load(answer)
    settings = ("Molniya", "leapfrog", 240, 4)
    assert first["bench"] == "orbit"
    assert first["values"] == list(app.lab("orbits").predict(*settings, api_name="/lab_view_orbit"))


def test_a_page_without_a_first_view_gets_none(app):
    with urllib.request.urlopen(f"{app.address}lab/first/checkpoints", timeout=30) as answer:
        assert (answer.status, answer.read()) == (204, b"")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{app.address}lab/first/nothing", timeout=30)


def test_a_shared_address_sets_the_controls(app, open_page):
    page = open_page(app, "lab/orbits/?orbit.steps_per_orbit=400&orbit.orbit=ISS&orbit.orbits=nonsense")
    page.locator(".lab-answer", has_text="with 400 steps per orbit places the ISS").wait_for()
    assert page.get_by_label("number input for Orbits").input_value() == "4"


def test_the_index_leads_to_every_page_and_the_pages_to_each_other(app, open_page):
    page = open_page(app, wait=False)
    page.get_by_role("tab", name="Lab").click()
    tiles = page.locator("[data-experiment]")
    tiles.first.wait_for()
    assert [tile.get_attribute("data-experiment") for tile in tiles.all()] == [one.key for one in EXPERIMENTS]
    for listing in EXPERIMENTS:
        picture = page.request.get(f"{app.address}lab/static/{listing.key}.webp")
        assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
    assert page.request.get(f"{app.address}lab/static/__main__.py").status == 404
    page.locator('[data-experiment="numerics"]').click()
    page.get_by_role("heading", name="Numerics").wait_for()
    page.get_by_role("link", name="Chance →").click()
    page.get_by_role("heading", name="Chance", exact=True).wait_for()
    page.get_by_role("link", name="All experiments").click()
    tiles.first.wait_for()
    assert page.url.endswith("?tab=lab")


def test_an_animation_plays_and_after_a_mistake_the_page_lives_on(app, open_page):
    page = open_page(app, "lab/orbits/")
    bench = page.locator("#bench-orbit")
    drawn(bench)
    bench.get_by_role("slider", name="Moment").first.press("ArrowRight")
    moment = bench.locator(".lab-player output").first
    before = moment.text_content()
    assert before not in ("", "0 s")
    bench.get_by_role("button", name="Play").first.press("Enter")
    page.wait_for_function(PLAYED, arg=before)
    steps, orbits = (bench.get_by_label(f"number input for {name}") for name in ("Steps per orbit", "Orbits"))
    steps.fill("4000")
    orbits.fill("20")
    bench.locator(".notice", has_text="The limit is 8,000 steps").wait_for()
    orbits.fill("1")
    bench.locator(".lab-answer", has_text="with 4000 steps per orbit").wait_for()
    assert drawn(bench)


def test_nothing_is_computed_before_it_is_in_sight(app, open_page):
    page = open_page(app, "lab/regression/", wait=False)
    drawn(page.locator(".bench").first)
    page.wait_for_timeout(300)
    assert page.locator(".bench").last.locator(".lab-plot[data-drawn]").count() == 0
