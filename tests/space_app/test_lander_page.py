"""The Lander tab, driven in Chromium as a visitor does."""

import csv
import re

import av
import pytest

from tests.space_app.screens import PHONE_FIRST, PHONE_SIZE

pytestmark = pytest.mark.browser

PLAYING = "(video => video && video.duration > 0 && video.currentTime > 0)(document.querySelector('#lander-video video'))"


def show_lander(page) -> None:
    page.get_by_role("tab", name="Lander").click()
    # The first flight begins by itself, once it is in sight.
    page.locator("#lander-video video").scroll_into_view_if_needed()
    page.wait_for_function(PLAYING)
    page.locator("#lander-charts .main-svg").first.wait_for()


@pytest.fixture(scope="module")
def front(app, open_shared):
    return open_shared(app)


@pytest.fixture(scope="module")
def lander(front):
    """The tab on a desktop, as the test before has left it."""
    show_lander(front)
    return front


def choose(page, place: str, name: str) -> None:
    page.locator(f"#{place} input").click()
    page.get_by_role("option", name=name, exact=True).click()
    page.get_by_role("option").first.wait_for(state="detached")


def fly(page) -> None:
    page.get_by_role("button", name="Fly", exact=True).click()


def test_the_headline_is_the_mean_reward_and_what_it_must_beat(front, client):
    model = next(entry for entry in client.predict(api_name="/mission_control") if entry["key"] == "lander")
    answer = front.locator('[data-key="lander"] .figure').inner_text()
    number = model["headline"]
    assert number["value"] < -10
    assert answer.startswith(f"{number['value']:.1f} Mean reward")
    assert f"in calm air, n = {number['n']}" in answer
    assert f"heuristic {number['baseline']['heuristic']:.1f}" in answer


@PHONE_FIRST
def test_two_agents_fly_and_the_video_plays(app, open_page, client, screenshots, width, dark):
    page = open_page(app, width=width, dark=dark)
    show_lander(page)
    assert page.locator(".ended h3").inner_text() == "PPO"
    choose(page, "lander-agent", "Heuristic")
    choose(page, "lander-beside", "Random")
    page.get_by_label("Seed", exact=True).fill("7")
    fly(page)
    page.locator(".ended h3", has_text="Random").wait_for()
    for place, key in enumerate(["heuristic", "random"]):
        answer = client.predict(key, 7, api_name="/fly_lander")
        article = page.locator(".ended").nth(place)
        assert answer["sentence"] in article.inner_text()
        assert f"{answer['total_reward']:.1f} points" in article.inner_text()
    page.wait_for_function(PLAYING)
    assert page.locator("#lander-video video").evaluate("video => video.playsInline")
    assert page.get_by_role("button", name="Cancel").count() == 0
    shape = page.evaluate(
        "(v => [v.videoWidth, v.videoHeight])(document.querySelector('#lander-video video'))"
    )
    assert shape == ([640, 1080] if width == 390 else [1280, 540])
    for panel in "altitude, m", "speed, m/s", "angle, °", "fuel used, points", "engine":
        assert page.locator("#lander-charts .annotation", has_text=panel).count() == 1
    page.get_by_role("button", name="Fly a hundred").click()
    page.locator("#lander-cancel").click()
    page.locator("#lander-cancel").wait_for(state="detached")
    assert page.locator(".many-flights").count() == 0
    page.get_by_role("button", name="Fly a hundred").click()
    page.locator("#lander-histogram .main-svg").first.wait_for()
    assert re.search(r"Heuristic\s+8\d %", page.locator(".many-flights").inner_text().replace("\xa0", " "))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshots(page, f"lander-{width}-{'dark' if dark else 'light'}.png", full_page=True)


def test_a_flight_is_taken_away(lander, tmp_path):
    page = lander
    for label, name in ("Video (MP4)", "flight.mp4"), ("Telemetry (CSV)", "flight.csv"):
        with page.expect_download() as download:
            page.get_by_text(label).click()
        assert download.value.suggested_filename.startswith("lander-42-ppo.")
        download.value.save_as(tmp_path / name)
    with av.open(str(tmp_path / "flight.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) > 30
    with open(tmp_path / "flight.csv", newline="") as file:
        assert float(list(csv.DictReader(file))[-1]["altitude_m"]) < 5


def test_a_seed_that_is_none_is_told_in_place_of_the_answer(lander):
    page = lander
    seed = page.get_by_label("Seed", exact=True)
    seed.fill("3.5")
    fly(page)
    page.locator("#lander-said .notice", has_text="The seed is '3.5', which is not a whole number").wait_for()
    page.get_by_role("button", name="New seed").click()
    page.wait_for_function("document.querySelector('#lander-seed input').value !== '3.5'")
    fly(page)
    page.locator(".ended").wait_for()
    seed.fill("42")


def test_one_flies_with_the_keyboard_alone(lander, screenshots):
    page = lander
    page.locator("#lander-take").focus()
    page.keyboard.press("Enter")
    page.locator(".message", has_text="to begin. The blue lander is PPO.").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.down("ArrowUp")
    page.wait_for_timeout(600)
    screenshots(page.locator("#lander-game"), "lander-game.png")
    page.keyboard.up("ArrowUp")
    page.locator(".score [data-who=you]").wait_for()
    page.locator(".score [data-who=rival]", has_text="PPO Crashed").wait_for()
    assert re.search(r"(You beat the agent|The agent has more points)", page.locator(".score").inner_text())
    page.keyboard.press("Enter")
    page.locator(".message", has_text="Press an arrow key").wait_for()
    page.keyboard.press("Escape")
    page.locator(".message", has_text="You gave up.").wait_for()


def test_one_flies_with_touch_buttons(lander):
    page = lander
    page.set_viewport_size(PHONE_SIZE)
    page.locator("#lander-take").click()
    page.locator(".message", has_text="Press an arrow key").wait_for()
    assert page.locator(".score [data-who=you]").count() == 0
    page.get_by_role("button", name="Main engine").hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()
    page.locator(".score [data-who=you]").wait_for()
    fuel = page.locator(".score [data-who=you]").inner_text().rsplit("fuel ", 1)[1].rstrip(".")
    assert 0 < float(fuel) < 30
