"""Scenes of known land: cut into tiles, named, and measured."""

import numpy as np
import pytest
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import scene
from spacehub.serving.satellite.predictor import SatellitePredictor
from tests.colour_model import CLASSES, land, write_model

METRES = 640.0
LAND = ("iif.", "isf.", "ssf.")


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    return SatellitePredictor(write_model(tmp_path_factory.mktemp("model") / "colours"))


def mapped(predictor, pixels, metres_a_pixel: float = 10.0) -> scene.LandUse:
    picture = Image.fromarray(pixels)
    cut = scene.grid(picture, metres=METRES, metres_a_pixel=metres_a_pixel)
    rows = list(scene.look(predictor, picture, cut))
    assert len(rows) == cut.rows
    return scene.LandUse.of(rows, cut, predictor.classes, metres_a_pixel)


def letters(found: scene.LandUse) -> tuple[str, ...]:
    names = [*(name[0].lower() for name in CLASSES), "."]
    return tuple("".join(names[k] for k in row) for row in found.labels)


@pytest.mark.parametrize("scale", [0.25, 0.5, 1, 1.3, 2, 3.7])
def test_every_tile_is_named_at_any_resolution(predictor, scale):
    picture = Image.fromarray(land(*LAND))
    size = round(picture.width * scale), round(picture.height * scale)
    pixels = np.asarray(picture.resize(size, Image.Resampling.NEAREST))
    found = mapped(predictor, pixels, 10.0 * picture.width / size[0])
    assert letters(found) == LAND
    areas = {area.name: area for area in found.areas}
    assert {name: area.tiles for name, area in areas.items()} == {"Industrial": 3, "Forest": 3, "SeaLake": 3}
    assert [area.share for area in found.areas] == pytest.approx([1 / 3] * 3, abs=0.01)
    assert sum(area.km2 for area in found.areas) == pytest.approx(9 * 0.64**2, rel=0.01)
    assert found.seen == pytest.approx(0.75, abs=0.01)


def test_the_last_tiles_count_for_what_is_left(predictor):
    pixels = land("ff", "ss")[:96, :80]
    found = mapped(predictor, pixels)
    assert found.grid.cover.tolist() == [[64 * 64, 16 * 64], [64 * 32, 16 * 32]]
    areas = {area.name: area for area in found.areas}
    # The lower tiles lie flush with the edge, and are half of either.
    assert areas["Forest"].share + areas["SeaLake"].share == pytest.approx(1)
    assert letters(found)[0] == "ff"
    assert sum(area.km2 for area in found.areas) == pytest.approx(80 * 96 * 100 / 1e6)


def test_a_tile_is_named_as_the_picture_would_be(predictor):
    pixels = np.random.default_rng(1).integers(0, 256, (128, 192, 3), np.uint8)
    picture = Image.fromarray(pixels)
    cut = scene.grid(picture, metres=METRES, metres_a_pixel=10.0)
    for row, chances in enumerate(scene.look(predictor, picture, cut)):
        for column in range(3):
            tile = pixels[64 * row : 64 * row + 64, 64 * column : 64 * column + 64]
            alone = predictor.classify(Image.fromarray(tile)).chances
            assert chances[column] == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize("mode", ["P", "L", "RGBA", "CMYK"])
def test_scenes_of_other_modes_are_seen(predictor, mode):
    picture = Image.fromarray(land("ff", "ss")).convert(mode)
    cut = scene.grid(picture, metres=METRES, metres_a_pixel=10.0)
    assert np.isfinite(np.stack(list(scene.look(predictor, picture, cut)))).all()


def test_nothing_but_black_is_nothing_seen(predictor):
    found = mapped(predictor, land("..", ".."))
    assert found.seen == 0
    assert {area.share for area in found.areas} == {0.0}


@pytest.mark.parametrize(
    ("size", "metres_a_pixel", "words"),
    [
        (
            (64, 64),
            5.0,
            "At 5 m per pixel, a tile of 640 m is 128 pixels wide, but the scene is 64 × 64",
        ),
        (
            (640, 640),
            50.0,
            "is 12.8 pixels wide, which is too small to classify. Send a scene with a resolution of 40 m per pixel",
        ),
        ((4000, 4000), 40.0, "The scene has 62,500 tiles of 640 m, but the limit is 30,000 tiles."),
    ],
)
def test_a_scene_that_does_not_fit_is_told(size, metres_a_pixel, words):
    with pytest.raises(SpaceHubError) as caught:
        scene.grid(Image.new("L", size), metres=METRES, metres_a_pixel=metres_a_pixel)
    assert words in str(caught.value)


@pytest.mark.parametrize("given", ["ten", "0", True, 0, -1, 0.01, 1e9, float("nan"), [10]], ids=str)
def test_a_resolution_that_is_none_is_told(given):
    with pytest.raises(SpaceHubError, match=r"The resolution .* is not valid\. Enter 0\.\d+ to"):
        scene.resolution(given)


def test_no_resolution_is_none():
    assert [scene.resolution(given) for given in (None, " ", 30, "0.3")] == [None, None, 30.0, 0.3]
