"""The Satellite tab and its endpoints over a real Hub, with a model whose answers you can verify by eye."""

import csv

import numpy as np
import pytest
import tifffile
from gradio_client import handle_file
from PIL import Image

from space_app.lab.shared.picture_choice import EUROSAT
from tests.colour_model import CLASSES, COLOURS, TEMPERATURE, land
from tests.space_app.screens import IN_SIGHT, PHONE_FIRST, PHONE_SIZE


@pytest.fixture
def picture(tmp_path):
    def saved(pixels, name: str = "picture.png"):
        Image.fromarray(pixels).save(tmp_path / name)
        return tmp_path / name

    return saved


def test_a_picture_is_classified(caller, picture):
    shown = land("f")
    shown[::8] = 0.9 * shown[::8]
    answer = caller.predict(handle_file(picture(shown)), api_name="/classify_picture")
    assert answer["doubts"] == []
    assert answer["label"] == answer["map_of"] == "Forest"
    assert list(answer["chances"]) == ["Forest", "Industrial", "SeaLake"]
    assert sum(answer["chances"].values()) == pytest.approx(1, abs=1e-6)
    assert answer["trust"]["sentence"].startswith("Of the 30 test images with a similar confidence")
    assert answer["model"] == "spacehub/eurosat-land-use"
    assert len(answer["commit"]) == 40
    with Image.open(answer["overlay"]) as overlay:
        assert (overlay.format, overlay.mode) == ("PNG", "RGB")


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (np.zeros((64, 64, 3), np.uint8), ["has only one colour"]),
        (np.zeros((64, 64, 4), np.uint8), ["has only one colour"]),
        (np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8), ["looks like noise"]),
        (land("fi", "fs"), []),
        (
            land("fis", "fsi", "sif"),
            ["The image has 192 × 192 pixels, but the model was trained on 64 × 64"],
        ),
        (
            np.repeat(land("fs")[:, 32:96].mean(2, keepdims=True).astype(np.uint8), 3, 2),
            ["The image is greyscale"],
        ),
    ],
    ids=["black", "transparent", "noise", "double", "large", "grey"],
)
def test_a_doubt_takes_the_place_of_trust(caller, picture, pixels, words):
    answer = caller.predict(handle_file(picture(pixels)), api_name="/classify_picture")
    assert (answer["trust"] is None) == bool(words)
    assert len(answer["doubts"]) == len(words)
    assert all(word in doubt for word, doubt in zip(words, answer["doubts"], strict=True))


def test_a_geotiff_is_read_and_told_as_what(caller, tmp_path):
    path = tmp_path / "sentinel.tif"
    values = np.random.default_rng(0).integers(200, 2_500, (64, 64, 13), np.uint16)
    tifffile.imwrite(path, values, photometric="minisblack", planarconfig="contig")
    answer = caller.predict(handle_file(path), api_name="/classify_picture")
    assert "13 bands with 16 bits each: bands 4, 3, 2 (as in Sentinel-2) as red" in answer["read_as"]


def test_a_scene_s_own_resolution_counts(caller, tmp_path):
    path = tmp_path / "scene.tif"
    keys = (1, 1, 0, 1, 1024, 0, 1, 1)
    tags = [(33550, "d", 3, (20.0, 20.0, 0.0), True), (34735, "H", 8, keys, True)]
    tifffile.imwrite(path, land(*SCENE), photometric="rgb", extratags=tags)
    answer = caller.predict(handle_file(path), None, api_name="/map_scene")
    assert (answer["metres_a_pixel"], answer["tile_px"], answer["doubts"]) == (20.0, 32.0, [])
    assert sum(area["km2"] for area in answer["areas"]) == pytest.approx(9 * 1.28**2)


def test_a_scene_unlike_the_training_pictures_is_doubted(caller, picture):
    noise = np.random.default_rng(0).integers(0, 256, (192, 256, 3), np.uint8)
    answer = caller.predict(handle_file(picture(noise)), None, api_name="/map_scene")
    [doubt] = answer["doubts"]
    assert doubt.startswith("100 % of the tiles are unlike the training images")


def test_the_map_is_that_of_the_class_asked_for(caller, picture):
    file = handle_file(picture(land("fs")[:, 32:96]))
    answer = caller.predict(file, "SeaLake", api_name="/classify_picture")
    values = np.array(answer["map"])
    assert answer["map_of"] == "SeaLake"
    assert (values[:, 2:] > 0).all()
    assert (values[:, :2] < 0).all()
    with Image.open(answer["overlay"]) as overlay:
        red, _, blue = np.asarray(overlay)[96, 10].astype(int) - COLOURS["Forest"]
        assert blue > red  # against it, on the left
        assert np.asarray(overlay)[96, -10, 0] > COLOURS["SeaLake"][0] + 40  # orange for it, on the right
    difference = np.log(answer["chances"]["SeaLake"] / answer["chances"]["Forest"])
    forest = np.array(caller.predict(file, "Forest", api_name="/classify_picture")["map"])
    assert (values - forest).mean() / TEMPERATURE == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize(
    ("data", "map_of", "words"),
    [
        (
            b"no image",
            None,
            "The file is not a readable image. Send a file in one of these formats: AVIF, BMP",
        ),
        (None, None, "The image is 1 × 1 pixels, which is too small to classify."),
        (land("f"), "Moon", "The class 'Moon' does not exist. Use one of: Industrial, Forest, SeaLake."),
    ],
    ids=str,
)
def test_bad_input_is_a_sentence(caller, tmp_path, data, map_of, words):
    path = tmp_path / "file.png"
    if isinstance(data, bytes):
        path.write_bytes(data)
    else:
        Image.fromarray(land("f")[:1, :1] if data is None else data).save(path)
    with pytest.raises(Exception, match=r"\.") as caught:
        caller.predict(handle_file(path), map_of, api_name="/classify_picture")
    assert words in str(caught.value)


SCENE = ("iif.", "isf.", "ssf.")


@pytest.mark.parametrize("metres_a_pixel", [None, 10.0])
def test_a_scene_is_mapped(caller, picture, metres_a_pixel):
    answer = caller.predict(handle_file(picture(land(*SCENE))), metres_a_pixel, api_name="/map_scene")
    letters = [*(name[0].lower() for name in answer["classes"]), "."]
    assert tuple("".join(letters[k] for k in row) for row in answer["tiles"]) == SCENE
    assert answer["seen"] == 0.75
    assert [area["share"] for area in answer["areas"]] == pytest.approx([1 / 3] * 3)
    km2 = [area["km2"] for area in answer["areas"]]
    assert km2 == ([None] * 3 if metres_a_pixel is None else pytest.approx([3 * 0.64**2] * 3))
    with open(answer["table"], newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["class"]: row["tiles"] for row in rows} == dict.fromkeys(CLASSES, "3")
    assert ("km2" in rows[0]) == (metres_a_pixel is not None)
    with Image.open(answer["map"]) as drawn:
        pixels = np.asarray(drawn)
    for row, letter in enumerate("iis"):
        place = pixels[64 * row + 32, 32].astype(int), pixels[64 * row + 32, 224]
        assert place[0].argmax() == "ifs".index(letter)
        assert place[1].max() == 0  # where nothing was seen nothing is drawn


@pytest.mark.parametrize(
    ("rows", "metres_a_pixel", "words"),
    [
        (SCENE, "ten", "The parameter metres_a_pixel (Resolution (m per pixel)) is 'ten'"),
        (SCENE, 100, "is 6.4 pixels wide, which is too small to classify."),
        (("f",), 1, "640 pixels wide, but the scene is 64 × 64 pixels."),
    ],
    ids=str,
)
def test_a_scene_that_does_not_fit_is_a_sentence(caller, picture, rows, metres_a_pixel, words):
    with pytest.raises(Exception, match=r"\.") as caught:
        caller.predict(handle_file(picture(land(*rows))), metres_a_pixel, api_name="/map_scene")
    assert words in str(caught.value)


def test_a_file_of_the_server_s_own_is_not_read(stocked, picture):
    path = str(picture(land("f")))
    for given in path, {"path": path}, None:
        for name in "classify_picture", "map_scene":
            assert "The parameter file" in stocked.call(name, given, None)


@pytest.fixture
def open_satellite(stocked, open_page):
    def opened(**options):
        page = open_page(stocked, **options)
        page.get_by_role("tab", name="Satellite").click()
        page.locator("[data-example]").first.wait_for()
        return page

    return opened


@pytest.mark.browser
@PHONE_FIRST
def test_an_example_is_classified_under_its_map(open_satellite, screenshots, width, dark):
    page = open_satellite(width=width, dark=dark)
    assert page.locator("[data-example]").count() == len(set(EUROSAT) - {"River"})
    page.locator("[data-example]").nth(1).click()
    page.locator(".satellite-verdict .chance b", has_text="Forest").wait_for()
    assert "forest, which is correct." in page.locator(".known").inner_text()
    assert page.locator(".class", has_text="true class").inner_text().startswith("forest")
    assert page.locator(".film:visible").get_attribute("data-film") == "0"
    page.get_by_role("radio").nth(1).check()
    assert page.locator(".film:visible").get_attribute("data-film") == "1"
    assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshots(page, f"satellite-{width}-{'dark' if dark else 'light'}.png", full_page=True)


@pytest.mark.browser
def test_on_a_phone_the_answer_to_an_upload_scrolls_into_view(open_satellite, picture, tmp_path):
    page = open_satellite(width=PHONE_SIZE["width"])
    page.set_viewport_size(PHONE_SIZE)
    drop = page.locator("#satellite-picture input[type=file]")
    drop.set_input_files(picture(land("s")))
    page.locator(".satellite-verdict .chance b", has_text="Sea lake").wait_for()
    page.wait_for_function(IN_SIGHT, arg=".satellite-picture")
    assert page.locator(".known").count() == 0
    page.locator("#satellite-picture").get_by_label("Clear").click()
    (tmp_path / "text.png").write_bytes(b"no image")
    drop.set_input_files(tmp_path / "text.png")
    page.locator("#satellite-answer .notice", has_text="not a readable image").wait_for()
    page.wait_for_function(IN_SIGHT, arg="#satellite-answer .notice")
    page.get_by_role("button", name="Try a mosaic of test images").click()
    page.locator(".areas tbody tr").nth(len(CLASSES) - 1).wait_for()
    page.wait_for_function(IN_SIGHT, arg=".satellite-scene")


@pytest.mark.browser
def test_cancel_is_in_sight_only_while_a_scene_is_mapped(stocked, caller, open_satellite, picture):
    # So that the worker is there.
    caller.predict(handle_file(picture(land(*SCENE))), None, api_name="/map_scene")
    page = open_satellite()
    cancel, start = page.locator("#scene-cancel"), page.get_by_role("button", name="Map scene")
    assert cancel.count() == 0
    page.locator("#scene-file input[type=file]").set_input_files(picture(land(*SCENE)))
    page.locator("#scene-file").get_by_label("Clear").wait_for()
    with stocked.stopped_workers():
        with page.expect_response("**/queue/join*"):  # before that the page has no job to cancel
            start.click()
        cancel.click()
        cancel.wait_for(state="detached")
    assert page.locator(".areas").count() == 0
    page.get_by_label("Resolution").fill("none")
    start.click()
    page.locator("#scene-answer .notice").wait_for()
    cancel.wait_for(state="detached")
    page.get_by_role("button", name="Try a mosaic of test images").click()
    page.locator(".areas").wait_for()
    cancel.wait_for(state="detached")


@pytest.mark.browser
@PHONE_FIRST
def test_a_scene_becomes_a_map_to_take_away(open_satellite, picture, screenshots, tmp_path, width, dark):
    page = open_satellite(width=width, dark=dark)
    page.get_by_role("button", name="Map scene").click()
    page.locator("#scene-answer .notice", has_text="The file is missing.").wait_for()
    page.locator("#scene-file input[type=file]").set_input_files(picture(land(*SCENE)))
    page.locator("#scene-file").get_by_label("Clear").wait_for()
    page.get_by_role("button", name="Map scene").click()
    table = page.locator(".areas")
    table.wait_for()
    assert table.locator("tbody tr").count() == 3
    assert "km²" not in table.inner_text()
    page.get_by_label("Resolution").fill("10")
    page.get_by_role("button", name="Map scene").click()
    table.get_by_text("km²").wait_for()
    shown = page.locator(".scene .tiles")
    assert shown.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [4, 3]
    page.get_by_label("Hide the map").check()
    assert not shown.is_visible()
    page.get_by_label("Hide the map").uncheck()
    for label in "Map (PNG)", "Areas (CSV)":
        with page.expect_download() as download:
            page.get_by_text(label).click()
        download.value.save_as(tmp_path / label)
    with Image.open(tmp_path / "Map (PNG)") as drawn:
        assert drawn.width > 256
    assert (tmp_path / "Areas (CSV)").read_text().startswith("class,tiles,percent,km2")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    screenshots(page, f"scene-{width}-{'dark' if dark else 'light'}.png", full_page=True)
