"""The Lab's meteorites on the page and through the API, over a Hub that holds the dataset."""

import json
import re

import numpy as np
import pytest

from spacehub.lab.meteorites import Filter, read
from spacehub.lab.meteorites_look import look
from tests.space_app.lab.pages import drawn
from tests.space_app.screens import PHONE_FIRST

PAGE = "meteorites"
FIGURES = 7


@pytest.fixture(scope="module")
def built(stocked):
    """The folder that the real command has published."""
    return stocked.built / "meteorite-landings"


@pytest.mark.parametrize(
    ("given", "wanted", "options"),
    [
        ({}, Filter(), {}),
        (
            {"year_from": 1900, "year_to": 1999, "groups": ["H", "L"], "radius_km": 300, "least_falls": 5},
            Filter(year_from=1900, year_to=1999, groups=("H", "L")),
            {"radius_km": 300, "least": 5},
        ),
        (
            {"mass_from_g": 100, "statistic": "mean", "relabellings": 199},
            Filter(mass_from_g=100),
            {"statistic": "mean", "permutations": 199},
        ),
        ({"fall": "Found", "mass_to_g": 10}, Filter(fall="Found", mass_to_g=10), {}),
    ],
)
def test_the_endpoint_answers_as_the_lab_does(ask, built, given, wanted, options):
    answer, found = ask("meteorites", **given), look(read(built / "meteorites.csv"), wanted, **options)
    assert (answer["fell"], answer["found"]) == found.summary.counts
    assert answer["placed"] == found.summary.placed
    np.testing.assert_array_equal(answer["masses"], found.summary.masses)
    np.testing.assert_array_equal(answer["by_decade"], found.summary.by_decade)
    assert [cluster["falls"] for cluster in answer["clusters"]] == [
        cluster.points for cluster in found.clusters
    ]
    assert answer["falls_in_no_cluster"] + sum(c["falls"] for c in answer["clusters"]) == len(found.falls)
    if found.test is None:
        assert answer["test"] is None
        assert answer["no_test"] == found.no_test
    else:
        assert answer["test"]["p_value"] == pytest.approx(found.test.p_value)
        assert answer["test"]["ratio"] == pytest.approx(10**found.test.difference)
    assert answer["source"]["dataset"] == "spacehub/meteorite-landings"
    assert len(answer["source"]["commit"]) == 40


def test_the_cleaning_report_is_that_of_the_dataset(ask, built):
    record = json.loads((built / "build.json").read_text())
    report = ask("meteorites_cleaning")
    assert report["traps"] == record["traps"]
    assert report["rows"] == record["rows"]
    assert report["lacking"]["no position"] == record["rows"] - record["placed"]
    assert report["source"]["simulated"] == record["simulated"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"year_from": 900, "year_to": 915},
            r"The list contains no meteorite from 900 to 915\. The meteorites closest in time",
        ),
        ({"year_from": 1950, "year_to": 1900}, "range of years ends before it starts"),
        ({"mass_from_g": 1e9}, "No meteorite matches all of these filters"),
        ({"fall": "Flew"}, "The parameter fall"),
        ({"groups": ["Cheese"]}, "The parameter groups"),
        ({"radius_km": 0}, "The parameter radius_km"),
        ({"statistic": "mode"}, "The parameter statistic"),
        ({"relabellings": 10**9}, "The parameter relabellings"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, given, words):
    with pytest.raises(Exception, match=words):
        ask("meteorites", **given)


@pytest.fixture
def opened(stocked, open_page, screenshots, ask):
    """Open the tab, see that all of it is there and fits the screen, and return the first bench."""

    def open_it(width: int, dark: bool):
        page = open_page(stocked, "lab/meteorites/", width=width, dark=dark)
        # Without a graphics card the map is drawn by the processor, which the tests keep busy.
        page.set_default_timeout(90_000)
        bench, cleaning = page.locator("#bench-meteorites"), page.locator("#bench-meteorites-cleaning")
        bench.locator(".lab-plot").first.wait_for(state="attached")
        assert len(drawn(bench)) == FIGURES
        assert drawn(cleaning)
        reply = cleaning.inner_text()
        for trap in ask("meteorites_cleaning")["traps"]:
            assert trap["handling"] in reply
            assert f"{trap['count']:,}" in reply
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shade = "dark" if dark else "light"
        screenshots(page, f"lab-meteorites-{width}-{shade}.png", full_page=True)
        return bench

    return open_it


def on_the_map(bench) -> int:
    """Count the points on the map, without the coastline."""
    return bench.page.evaluate(
        "() => document.querySelector('#bench-meteorites .lab-plot')._fullData"
        ".filter(trace => trace.mode === 'markers').reduce((sum, trace) => sum + trace.x.length, 0)"
    )


def drag(plot) -> None:
    """Move the map to the right, and wait until it has moved."""
    plot.scroll_into_view_if_needed()
    box, mouse = plot.bounding_box(), plot.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 120, y, steps=4)
    mouse.up()
    plot.page.wait_for_function(f"({WEST})() < -181")


WEST = "() => document.querySelector('#bench-meteorites .lab-plot')._fullLayout.xaxis.range[0]"


@pytest.mark.browser
@PHONE_FIRST
def test_a_filter_drives_every_figure_and_a_year_without_meteorites_is_a_sentence(opened, ask, width, dark):
    bench = opened(width, dark)
    page, plots = bench.page, bench.locator(".lab-plot")
    assert on_the_map(bench) == ask("meteorites")["placed"]
    drag(plots.first)
    before, west = drawn(bench), page.evaluate(WEST)
    bench.get_by_label("Found", exact=True).check()
    bench.locator(
        ".lab-answer",
        has_text="A permutation test needs at least two falls and two finds with a known mass. The selection has 0 falls",
    ).wait_for()
    for place, count in enumerate(before):
        plots.nth(place).and_(page.locator(f'[data-drawn="{count + 1}"]')).wait_for(state="attached")
    assert on_the_map(bench) == ask("meteorites", fall="Found")["placed"]
    assert page.evaluate(WEST) == west, "the map keeps its place"
    bench.get_by_label("number input for To year").fill("915")
    nothing_left = re.compile(
        "all of these filters|The list contains no meteorite"
    )  # the latter of a simulated list
    bench.locator(".notice", has_text=nothing_left).wait_for()
    bench.get_by_label("number input for From year").fill("900")
    bench.locator(".notice", has_text="The list contains no meteorite from 900 to 915").wait_for()
    assert bench.locator(".lab-plot .main-svg").count() == 0
    bench.get_by_label("number input for To year").fill("2000")
    bench.locator(".lab-answer", has_text="meteorites are left").wait_for()
    assert len(drawn(bench)) == FIGURES
