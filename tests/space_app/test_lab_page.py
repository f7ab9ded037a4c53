"""The Lab's sub-tabs, driven in Chromium as a visitor does."""

import pytest

from tests.space_app.screens import PHONE_FIRST

pytestmark = pytest.mark.browser

TABS = [
    "Orbits",
    "Many bodies",
    "Numerics",
    "Chance",
    "Bayes",
    "Regression",
    "Trees",
    "Neural nets",
    "Exploration",
]


def open_tab(page, tabs: str, name: str) -> None:
    page.locator(f"#{tabs}").get_by_role("tab", name=name, exact=True).click()


def drawn(bench) -> list[int]:
    """Wait for all figures of a bench, and tell how often each was drawn."""
    counts = []
    for plot in bench.locator(".lab-plot").all():
        plot.scroll_into_view_if_needed()
        plot.and_(plot.page.locator("[data-drawn]")).locator(".main-svg").first.wait_for()
        counts.append(int(plot.get_attribute("data-drawn")))
    return counts


@pytest.fixture
def lab(app, open_page):
    def open_it(**screen):
        page = open_page(app, **screen)
        open_tab(page, "tabs", "Lab")
        return page

    return open_it


@PHONE_FIRST
@pytest.mark.timeout(900)
def test_every_sub_tab_has_figures_that_follow_a_slider(lab, screenshots, width, dark):
    page = lab(width=width, dark=dark)
    for name in TABS:
        open_tab(page, "lab", name)
        benches = page.locator(".bench:visible")
        benches.first.wait_for()
        for bench in benches.all():
            assert drawn(bench)
        bench = benches.first
        before, numbers = drawn(bench), bench.locator(".lab-numbers").first.inner_text()
        slider = bench.locator("input[type=range]").first
        slider.scroll_into_view_if_needed()
        slider.press("ArrowRight")
        bench.locator(".lab-plot").first.and_(page.locator(f'[data-drawn="{before[0] + 1}"]')).wait_for()
        assert bench.locator(".lab-numbers").first.inner_text() != numbers
        assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
        assert bench.locator(".lab-numbers tr").count() > 3
        assert "    def " in "    " + bench.locator(".lab-source pre").text_content()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shade = "dark" if dark else "light"
        page.screenshot(
            path=screenshots / f"lab-{name.lower().replace(' ', '-')}-{width}-{shade}.png", full_page=True
        )


PLAYED = "before => document.querySelector('#bench-orbit .slider-label').textContent !== before"


def test_an_animation_plays_and_a_mistake_is_told_and_the_page_lives_on(lab):
    page = lab()
    bench = page.locator("#bench-orbit")
    drawn(bench)
    before = bench.locator(".slider-label").first.text_content()
    bench.get_by_text("▶").click()
    page.wait_for_function(PLAYED, arg=before)
    steps, orbits = (bench.get_by_label(f"number input for {name}") for name in ("Steps an orbit", "Orbits"))
    steps.fill("4000")
    orbits.fill("20")
    bench.locator(".notice", has_text="at most 8,000 steps").wait_for()
    bench.locator(".lab-plot .main-svg").first.wait_for(state="detached")
    orbits.fill("1")
    bench.locator(".lab-answer", has_text="with 4000 steps an orbit").wait_for()
    assert drawn(bench)


def test_nothing_is_computed_or_loaded_before_the_tab_is_opened(app, open_page):
    page = open_page(app, wait=False)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_selector("[data-key]")
    page.wait_for_timeout(500)
    assert not [url for url in asked if "plotly" in url.lower()]
    open_tab(page, "tabs", "Lab")
    drawn(page.locator("#bench-orbit"))
    assert [url for url in asked if url.endswith("plotly.min.js")]
    assert page.locator("#bench-signal .lab-plot[data-drawn]").count() == 0
