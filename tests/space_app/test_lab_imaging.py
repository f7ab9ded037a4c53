"""The Lab's Imaging on the page and through the API, over a Hub that holds the pictures."""

import numpy as np
import pytest
from gradio_client import handle_file
from PIL import Image

from spacehub.lab import imaging, imaging_galaxies
from spacehub.serving import space_pictures
from tests.space_app.screens import PHONE_FIRST
from tests.space_app.test_lab_page import drawn, open_tab

BENCHES = {
    "edges": 1,
    "regions": 2,
    "corners": 1,
    "blobs": 2,
    "channels": 2,
    "galaxies": 2,
    "template": 1,
    "track": 2,
}


@pytest.fixture(scope="module")
def built(own_hub):
    """The folder of pictures that the real command has published."""
    return own_hub.build("space-images")


@pytest.fixture(scope="module")
def pictures(built):
    return space_pictures.load(built)


def test_edges_are_those_of_the_lab(ask, pictures):
    answer = ask("edges", picture="lunar-surface", blur=2, low=2, high=5)
    found = imaging.edges(imaging.grey(pictures.read("lunar-surface")), sigma=2, low=2, high=5)
    assert answer["edge_pixels"] == found.sum()
    assert (answer["height"], answer["width"]) == found.shape
    assert answer["source"]["dataset"] == "spacehub/space-images"


def test_galaxies_are_those_of_the_lab(ask, pictures):
    answer = ask("galaxies", threshold=6, least=4)
    count = imaging_galaxies.count(imaging.grey(pictures.read("hubble-deep-field")), threshold=6, least=4)
    assert answer["count"] == len(count.found)
    assert answer["lower"] <= answer["count"] <= answer["upper"]
    assert f"{answer['count']:,}" in answer["sentence"]


def test_corners_and_blobs_are_listed(ask):
    corners = ask("corners", picture="rocket", most=40)["found"]
    assert len(corners) == 40
    assert ask("blobs", picture="lunar-surface", contrast=8)["found"]
    assert not ask("blobs", picture="lunar-surface", contrast=250)["found"]


def test_a_visitors_picture_is_looked_at_in_place_of_one(ask, tmp_path):
    y, x = np.mgrid[:200, :300]
    disc = np.where(np.hypot(x - 110, y - 90) < 60, 230, 20).astype(np.uint8)
    Image.fromarray(disc).save(tmp_path / "disc.png")
    answer = ask("regions", file=handle_file(tmp_path / "disc.png"))
    assert answer["source"] is None
    [region] = answer["regions"]
    assert region["diameter"] == pytest.approx(119, abs=1)
    assert region["middle"] == pytest.approx([110, 90], abs=0.1)


def test_lab_says_less_twice_than_rgb(ask):
    red, lab = (ask("channels", picture="rocket", space=space)["overlap"] for space in ("RGB", "Lab"))
    assert 0 <= lab < red <= 1


def test_a_template_is_found_again(ask):
    answer = ask("template", picture="lunar-surface", x=0.24, y=0.17, angle=40, scale=1.1)
    assert answer["error_pixels"] < 1.5
    assert answer["angle"] == pytest.approx(40, abs=3)


@pytest.mark.parametrize(("method", "most"), [("its pale hull alone", 2), ("all that moved", 12)])
def test_the_lander_is_found_in_a_film(ask, method, most):
    answer = ask("track", seed=5, method=method)
    assert answer["found"] > 0.95 * answer["whole"] > 20
    assert answer["median_error_pixels"] < most
    assert len(answer["track"]) == len(answer["truth"]) == answer["pictures"]


def test_the_published_replay_is_held_against_the_simulator(client):
    """Over the Hub that has a published lander."""
    answer = client.predict(film="the published replay", pilot="ppo", api_name="/lab_track")
    assert answer["found"] > 0.9 * answer["whole"]
    assert answer["median_error_pixels"] < 3


def bad_pictures(folder):
    (folder / "text.png").write_text("this is no picture")
    Image.new("RGB", (1, 1)).save(folder / "tiny.png")
    Image.new("1", (10_000, 10_000)).save(folder / "bomb.png")
    (folder / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text.png", "not a picture that can be read"),
        ("tiny.png", "1 × 1 pixels, too few"),
        ("bomb.png", r"10,000 × 10,000 pixels|too many pixels"),
        ("cut.png", "not a picture that can be read|damaged"),
    ],
)
@pytest.mark.parametrize("endpoint", ["edges", "blobs", "template"])
def test_a_bad_picture_is_a_sentence_and_the_next_is_answered(ask, tmp_path, name, words, endpoint):
    bad_pictures(tmp_path)
    with pytest.raises(Exception, match=words):
        ask(endpoint, file=handle_file(tmp_path / name))
    assert ask("edges")["edge_pixels"]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("edges", {"picture": "pluto"}, "There is no picture named 'pluto'"),
        ("edges", {"low": 20, "high": 5}, "lower threshold, 20, is above"),
        ("edges", {"blur": -1}, "blur is -1"),
        ("corners", {"most": 10**9}, "from 1 to 1000"),
        ("blobs", {"smallest": 30, "largest": 3}, "no range to look in"),
        ("channels", {"space": "CMYK"}, "no colour space 'CMYK'"),
        ("galaxies", {"threshold": 0}, "from 1 to 100"),
        ("galaxies", {"picture": "rocket", "least": 0}, "from 1 to 1000"),
        ("template", {"side": 4}, "from 56 to 120"),
        ("template", {"scale": 9}, "from 0.7 to 1.4"),
        ("track", {"film": "Apollo 11"}, "no film 'Apollo 11'"),
        ("track", {"pilot": "nobody"}, "no agent 'nobody'"),
        ("track", {"film": "the published replay"}, "Heuristic has published no replay"),
        ("track", {"seed": -1}, "[Ss]eed"),
        ("track", {"method": "guess"}, "no method 'guess'"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


def test_before_the_pictures_are_published_it_says_so(client):
    with pytest.raises(Exception, match="The Space images dataset is not published yet"):
        client.predict(api_name="/lab_edges")


@pytest.mark.browser
@PHONE_FIRST
def test_every_bench_draws_and_follows_a_slider(fed, open_page, screenshots, tmp_path, width, dark):
    page = open_page(fed, width=width, dark=dark)
    open_tab(page, "tabs", "Lab")
    open_tab(page, "lab", "Imaging")
    for key, figures in BENCHES.items():
        bench = page.locator(f"#bench-{key}")
        bench.locator(".lab-plot").first.wait_for(state="attached")
        assert len(drawn(bench)) == figures
        assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shade = "dark" if dark else "light"
    page.screenshot(path=screenshots / f"lab-imaging-{width}-{shade}.png", full_page=True)
    bench = page.locator("#bench-edges")
    before = bench.locator(".lab-answer").inner_text()
    bench.get_by_label("number input for Blur").fill("6")
    bench.locator(".lab-answer").filter(has_not_text=before).wait_for()
    bad_pictures(tmp_path)
    bench.locator("input[type=file]").set_input_files(tmp_path / "text.png")
    bench.locator(".notice", has_text="not a picture that can be read").wait_for()
    bench.get_by_label("Clear").or_(bench.get_by_label("Remove")).first.click()
    bench.locator(".lab-answer", has_text="of the picture is edge").wait_for()
