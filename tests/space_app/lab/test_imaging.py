"""The Lab's experiment Imaging, over a Hub that holds the pictures."""

import numpy as np
import pytest
from gradio_client import handle_file
from PIL import Image

from spacehub.lab import imaging, imaging_galaxies
from tests.space_app.lab.conftest import pixels_of

PAGE = "imaging"


def test_edges_are_those_of_the_lab(ask, pictures):
    answer = ask("edges", picture="lunar-surface", blur=2, low=2, high=5)
    found = imaging.edges(imaging.grey(pixels_of(pictures.find("lunar-surface"))), sigma=2, low=2, high=5)
    assert answer["edge_pixels"] == found.sum()
    assert (answer["height"], answer["width"]) == found.shape
    assert answer["source"]["dataset"] == "spacehub/space-images"


def test_galaxies_are_those_of_the_lab(ask, pictures):
    answer = ask("galaxies", threshold=6, least=4)
    count = imaging_galaxies.count(
        imaging.grey(pixels_of(pictures.find("hubble-deep-field"))), threshold=6, least=4
    )
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
    answer = ask("regions", file=handle_file(tmp_path / "disc.png"), level=0)
    assert 20 <= answer["level"] < 230  # Otsu's
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


BAD_PICTURES = {
    "text": "not a readable image",
    "tiny": "1 × 1 pixels, which is too small",
    "bomb": r"10,000 × 10,000 pixels|too many pixels",
    "cut": "not a readable image|damaged",
}


@pytest.fixture
def bad(tmp_path):
    """Write a picture that cannot be analysed, and return it as a client sends it."""

    def write(name: str):
        path = tmp_path / f"{name}.png"
        if name == "text":
            path.write_text("this is no image")
        elif name == "cut":
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
        else:
            Image.new("1", (1, 1) if name == "tiny" else (10_000, 10_000)).save(path)
        return handle_file(path)

    return write


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_picture_is_an_error_and_the_next_is_answered(ask, bad, name):
    with pytest.raises(Exception, match=BAD_PICTURES[name]):
        ask("edges", file=bad(name))
    assert ask("edges")["edge_pixels"]


@pytest.mark.parametrize("endpoint", ["regions", "corners", "blobs", "channels", "galaxies", "template"])
def test_every_endpoint_checks_its_file(ask, bad, endpoint):
    with pytest.raises(Exception, match=BAD_PICTURES["tiny"]):
        ask(endpoint, file=bad("tiny"))


def test_the_page_shows_the_error_where_the_answer_would_be(stocked, bad):
    for file, words in (bad("text"), "not a readable image"), (None, "Edges make up"):
        *_, answer, _ = stocked.lab(PAGE).predict("rocket", file, 1.4, 4, 10, api_name="/lab_view_edges")
        assert words in answer


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("edges", {"picture": "pluto"}, "picture .*'pluto'"),
        ("edges", {"low": 20, "high": 5}, "lower threshold \\(20\\) is above"),
        ("edges", {"blur": -1}, "blur .*-1"),
        ("regions", {"level": 255}, "level .*255"),
        ("regions", {"smallest": 0}, "smallest .*from 1"),
        ("corners", {"most": 10**9}, "most .*to 1,000"),
        ("blobs", {"smallest": 30, "largest": 3}, "not a valid range of radii"),
        ("blobs", {"largest": 200}, "largest .*to 60"),
        ("channels", {"space": "CMYK"}, "space .*'CMYK'"),
        ("galaxies", {"threshold": 0}, "threshold .*from 1 to 100"),
        ("galaxies", {"picture": "rocket", "least": 0}, "least .*from 1 to 1,000"),
        ("template", {"side": 4}, "side .*from 56 to 120"),
        ("template", {"scale": 9}, "scale .*from 0.7 to 1.4"),
        ("track", {"film": "Apollo 11"}, "film .*'Apollo 11'"),
        ("track", {"pilot": "nobody"}, "pilot .*'nobody'"),
        ("track", {"film": "the published replay"}, "No replay is published for Heuristic"),
        ("track", {"seed": -1}, "seed .*from 0"),
        ("track", {"method": "guess"}, "method .*'guess'"),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


@pytest.mark.browser
def test_the_shown_picture_is_saved_with_what_was_found(stocked, open_page, tmp_path):
    page = open_page(stocked, "lab/imaging/")
    bench = page.locator("#bench-corners")
    bench.locator(".lab-plot").scroll_into_view_if_needed()
    with page.expect_download() as saved:
        bench.get_by_role("button", name="Save image").click()
    saved.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(2**24)}
        assert picture.width == 2 * round(bench.locator(".lab-plot").bounding_box()["width"])
    assert (217, 154, 28) in colours  # the marks' amber
    # What a visitor predicts is kept in the browser and shown next to the answer.
    bench.get_by_label("What do you predict?").fill("about 100")
    bench.get_by_role("button", name="Keep").click()
    page.reload()
    bench.locator(".lab-plot").scroll_into_view_if_needed()
    bench.get_by_text("You predicted: about 100").wait_for()
