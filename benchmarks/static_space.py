"""Measure a static Space as visitors use it: the time from opening the page to the first answer, and the page size.

    python -m benchmarks.static_space [ADDRESS] [--runs 5]

``spacehub deploy NAMESPACE/SPACE --static`` prints ADDRESS. Without ADDRESS, the benchmark deploys the page on a copy of
the Hub that `make demo` has filled. Chromium opens the page in a new profile (with an empty cache), again in the same
profile, and a third time without a connection. The load of the machine affects the times. For comparison, the first
line therefore shows the time until the page's form is visible, which does not require a model.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from spacehub.browser import chromium
from spacehub.home import home

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
ANSWER = "#landing-answer .verdict"
RUNTIME = ("runtime/",)


def seconds(context: BrowserContext, address: str, selector: str = ANSWER) -> float:
    """Return the time from opening the address in a new tab until an element is visible, in seconds."""
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(selector)
    taken = time.perf_counter() - began
    page.close()
    return taken


def visits(make: Callable[[str], BrowserContext], address: str) -> dict[str, float]:
    """Measure the first visit, the second visit, and a visit without a connection."""
    with tempfile.TemporaryDirectory() as profile:
        context = make(profile)
        context.set_default_timeout(120_000)
        times = {"form seen, first visit": seconds(context, address, "#landing-form")}
        context.close()
        shutil.rmtree(profile)
        context = make(profile)
        context.set_default_timeout(120_000)
        times["first answer, first visit"] = seconds(context, address)
        _wait_until_kept(context.new_page(), address)
        times["first answer, second visit"] = seconds(context, address)
        context.set_offline(True)
        times["first answer, no connection"] = seconds(context, address)
        context.close()
    return times


def _wait_until_kept(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-offline]")
    page.close()


def sizes(address: str) -> dict[str, int]:
    """Return the size of the page's files in bytes, for ONNX Runtime, scripts and all other files."""
    with urllib.request.urlopen(f"{address}files.json") as answer:
        paths = list(json.load(answer)["files"])
    by_kind = {"runtime": 0, "script": 0, "others": 0}
    for path in paths:
        with urllib.request.urlopen(address + path) as answer:
            kind = (
                "runtime"
                if path.startswith(RUNTIME)
                else "script"
                if path.endswith((".js", ".json"))
                else "others"
            )
            by_kind[kind] += len(answer.read())
    return by_kind


def main() -> None:
    """Deploy the page if necessary, and measure it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address", nargs="?", help="address of the deployed page, with a slash at the end")
    parser.add_argument("--runs", type=int, default=5, help="number of measurements")
    options = parser.parse_args()
    browser = chromium()
    if browser is None:
        print("Skipped: Chromium is not installed. To install it, run: apt install chromium")
        return
    if options.address is None and not (home() / "hub").is_dir():
        print(
            "Skipped: nothing is published on this machine. Run `make demo`, or give the address of a page."
        )
        return
    with contextlib.nullcontext(options.address) if options.address else deployed() as address:
        measure(browser, address, options.runs)


@contextlib.contextmanager
def deployed() -> Iterator[str]:
    """Deploy the page on a copy of the Hub that `make demo` has filled; yield the page's address."""
    from huggingface_hub import HfApi

    from localhub import LocalHub
    from spacehub.static_deploy import deploy_static

    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(home() / "hub", Path(scratch) / "hub", ignore=shutil.ignore_patterns("lock"))
        with LocalHub(copy, run_spaces=True):
            deploy_static("spacehub/page")
            yield HfApi().space_info("spacehub/page").host


def measure(browser: str, address: str, count: int) -> None:
    """Visit the page `count` times, and print the medians and the sizes."""
    with sync_playwright() as playwright:

        def make(profile: str) -> BrowserContext:
            return playwright.chromium.launch_persistent_context(
                profile, executable_path=browser, args=ARGUMENTS
            )

        runs = [visits(make, address) for _ in range(count)]
    for name in runs[0]:
        taken = [run[name] for run in runs]
        print(
            f"{name:28} {statistics.median(taken):6.2f} s  ({min(taken):.2f} to {max(taken):.2f}, n = {len(taken)})"
        )
    for name, size in sizes(address).items():
        print(f"{name:28} {size / 1000:8.0f} kB")


if __name__ == "__main__":
    main()
