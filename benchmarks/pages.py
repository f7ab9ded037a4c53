"""Measure how long visitors wait until a tab opens, until an experiment is shown, and until a slider has responded.

    python -m benchmarks.pages [--runs 7] [--json FILE]

Chromium opens each page once to fill its cache, and then `--runs` times. The baseline is the one-file demo. The app and
the demo use the Hub in HF_ENDPOINT or, by default, a Hub that serves the models published by `make demo`.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import rivals
from benchmarks.report import report, row
from spacehub.browser import chromium

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LAB = "lab/orbits/"


def opened(
    context: BrowserContext, address: str, ready: Callable[[Page], None], runs: int
) -> tuple[float, float]:
    """Return the median seconds until a page is ready, and the kB that the last visit transferred (warm cache)."""
    taken, weights = [], []
    for _ in range(runs + 1):
        page = context.new_page()
        session, weight = context.new_cdp_session(page), [0.0]
        session.send("Network.enable")

        def count(event: dict, weight: list = weight) -> None:
            weight[0] += event["encodedDataLength"]

        session.on("Network.loadingFinished", count)
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        ready(page)
        taken.append(time.perf_counter() - began)
        page.wait_for_timeout(1000)
        weights.append(weight[0] / 1000)
        page.close()
    return statistics.median(taken[1:]), weights[-1]


def tab_clicked(name: str) -> Callable[[Page], None]:
    """Return a function that clicks a tab, and waits until the tab is open."""

    def ready(page: Page) -> None:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_selector(f'[role="tab"][aria-selected="true"]:text-is("{name}")')

    return ready


def slider(context: BrowserContext, address: str, runs: int) -> float:
    """Return the median time from a key press on a slider until the figure has changed, in seconds."""
    page = context.new_page()
    page.goto(address)
    figure, handle = page.locator(".js-plotly-plot").first, page.locator("input[type=range]").first
    figure.wait_for()
    page.wait_for_timeout(2000)
    taken = []
    for _ in range(runs + 1):
        before = figure.inner_html()
        began = time.perf_counter()
        handle.press("ArrowRight")
        page.wait_for_function(
            "before => document.querySelector('.js-plotly-plot')?.innerHTML !== before",
            arg=before,
            polling=10,
        )
        taken.append(time.perf_counter() - began)
        page.wait_for_timeout(500)
    page.close()
    return statistics.median(taken[1:])


def main() -> None:
    """Open the pages of the app and the demo, and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="number of measurements per page")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    given = parser.parse_args()
    path = chromium()
    if path is None:
        print("Skipped: Chromium is not installed. To install it, run: apt install chromium")
        sys.exit(0)
    times = {}
    with (
        rivals.hub_with_models() as hub,
        tempfile.TemporaryDirectory() as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for name, start, tab in ("ours", rivals.ours, "Titles"), ("theirs", rivals.one_file, "Title"):
            Path(base, name).mkdir()
            app = start(Path(base, name), hub)
            with app.running():
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                times[name] = opened(context, app.address, tab_clicked(tab), given.runs)
                if name == "ours":
                    shown = lambda page: page.locator(".js-plotly-plot").first.wait_for()  # noqa: E731
                    lab, weight = opened(context, f"{app.address}/{LAB}", shown, given.runs)
                    moved = slider(context, f"{app.address}/{LAB}", given.runs)
                context.close()
    print(
        f"{LAB}: the figure appears after {lab:.2f} s ({weight:.0f} kB); a slider responds in {1000 * moved:.0f} ms"
    )
    (ours, our_weight), (theirs, their_weight) = times["ours"], times["theirs"]
    rows = [
        row("until a tab opens, warm cache", ours, theirs, "s", given.runs),
        row("over the wire, warm cache", our_weight, their_weight, "kB", given.runs),
    ]
    report(rows, given.json)


if __name__ == "__main__":
    main()
