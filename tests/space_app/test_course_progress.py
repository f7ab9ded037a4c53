"""Progress in the browser: predictions are kept and shown next to results, weeks are summed up, and a file moves all of it."""

import contextlib
import json
import threading
from datetime import date

import pytest
import uvicorn
from starlette.applications import Starlette

from space_app.course import day, routes
from space_app.headers import Headers
from spacehub.course import kata, progress
from tests.processes import free_port

SAID = "<img src=x onerror=alert(1)> 1e-9"


@pytest.fixture(scope="module")
def address():
    """The course's pages, served by themselves: the app takes seconds to start."""
    port = free_port()
    site = Headers(Starlette(routes=routes.routes()))
    server = uvicorn.Server(uvicorn.Config(site, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/course"
    server.should_exit = True
    thread.join()


@pytest.fixture
def visitor(chromium):
    """Return a function that opens a page for a new visitor; at the end the console must be clean."""
    with contextlib.ExitStack() as stack:
        complaints = []

        def new():
            context = chromium.new_context(viewport={"width": 390, "height": 800}, accept_downloads=True)
            stack.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: "favicon" in str(line.location) or line.type != "error" or complaints.append(line.text))  # fmt: skip
            return page

        yield new
    assert complaints == []


def weeks_row(page, number):
    row = page.locator("#summary tbody tr").nth(number - 1)
    return [cell.strip() for cell in row.inner_text().split("\t")]


def merge(page, content):
    file = content if isinstance(content, str) else json.dumps(content)
    page.set_input_files("#load", {"name": "p.json", "mimeType": "application/json", "buffer": file.encode()})
    page.wait_for_function("document.getElementById('said').textContent")
    said = page.locator("#said").inner_text()
    page.evaluate("document.getElementById('said').textContent = ''")
    return said


@pytest.mark.browser
def test_a_prediction_a_day_and_a_kata_are_kept_summed_up_and_moved(address, visitor, tmp_path):
    first = day.days()[1][2]
    assert first["ask"]
    page = visitor()
    page.goto(f"{address}/days")
    row = page.locator("#week-1 ~ table tbody tr").nth(2)
    assert first["result"] not in row.inner_text()
    row.get_by_label(first["ask"]).fill(SAID)
    row.get_by_role("button", name="Keep").click()
    assert f"You predicted: {SAID}" in row.inner_text()
    assert f"). Result: {first['result']} Predict again" in " ".join(row.inner_text().split())
    page.get_by_label("Day 1.3 is done").check()
    page.reload()
    assert f"You predicted: {SAID}" in row.inner_text()
    assert page.get_by_label("Day 1.3 is done").is_checked()
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.goto(f"{address}/progress")
    asked = sum(bool(one["ask"]) for one in day.days()[1])
    katas = sum(number.startswith("1.") for number in kata.numbers())
    assert weeks_row(page, 1) == ["1", "1 of 7", f"0 of {katas}", "0 of 25", f"1 of {asked}"]
    page.locator("#week-1 summary").click()
    assert f"You predicted: {SAID}. Result: {first['result']}" in page.locator("#week-1").inner_text()
    page.locator("#week-1").get_by_label("1.2").check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "progress.json"
    saved.value.save_as(path)
    found = progress.read(path)
    assert (list(found.days), list(found.katas)) == (["1.3"], ["1.2"])
    assert found.predictions["1.3"] == {"said": SAID, "at": f"{date.today()}", "ask": first["ask"], "result": first["result"]}  # fmt: skip

    other = visitor()
    other.goto(f"{address}/progress")
    assert weeks_row(other, 1)[1] == "0 of 7"
    assert merge(other, path.read_text(encoding="utf-8")) == "Merged p.json."
    assert weeks_row(other, 1) == weeks_row(page, 1)
    other.get_by_role("button", name="Delete my progress").click()
    other.get_by_role("button", name="Delete it").click()
    assert weeks_row(other, 1)[1] == "0 of 7"


@pytest.mark.browser
def test_a_file_that_is_not_progress_changes_nothing(address, visitor):
    whole = {"format": "spacehub-progress", "version": 1}
    page = visitor()
    page.goto(f"{address}/progress")
    for content, problem in (
        ("[", "not valid JSON"),
        ([], "does not contain progress"),
        (whole | {"version": 2}, "version 2"),
        (whole | {"other": {}}, "unknown section: other"),
        (whole | {"days": {"1.1": "2026-01-01", "13.1": "2026-01-01"}}, "days, 13.1"),
        (whole | {"days": {"1.1": "yesterday"}}, "days, 1.1"),
        (
            '{"format": "spacehub-progress", "version": 1, "days": {"__proto__": "2026-01-01"}}',
            "days, __proto__",
        ),
        (whole | {"predictions": {"1.1": {"said": "x" * 201, "at": "2026-01-01"}}}, "predictions, 1.1"),
        (whole | {"days": {"1.1": "2026-01-01"}, "questions": {"a": {"box": 9, "due": 0}}}, "questions, a"),
        ("x" * 300_000, "300,000 bytes"),
    ):
        said = merge(page, content)
        assert problem in said
        assert "Nothing was changed." in said
    assert weeks_row(page, 1)[1] == "0 of 7"


@pytest.mark.browser
def test_a_kata_s_command_is_copied_or_selected(address, visitor):
    page = visitor()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/days")
    page.get_by_role("link", name="3.2 A gradient step").click()
    page.wait_for_url("**/course/katas#32-a-gradient-step")
    assert page.locator("details.week[open] > summary").all_text_contents() == ["Week 3Regression (8 katas)"]
    assert page.locator("details.week").count() == 12
    command = page.locator("pre", has_text="spacehub kata 3.2 > kata-3.2.py")
    button = command.locator("xpath=preceding-sibling::button[1]")
    button.click()
    button.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "spacehub kata 3.2 > kata-3.2.py"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    button.click()
    button.get_by_text("Selected: press Ctrl+C").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == "spacehub kata 3.2 > kata-3.2.py"
