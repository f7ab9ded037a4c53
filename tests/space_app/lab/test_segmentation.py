"""The Lab's experiment Segmentation, over a Hub that holds the pictures."""

import numpy as np
import pytest

from spacehub.lab import segmentation, segmentation_water
from spacehub.lab.segmentation_colour import LAB
from tests.space_app.lab.conftest import pixels_of

PAGE = "segmentation"


def test_regions_are_those_of_the_lab_and_of_scikit_learn(ask, pictures):
    answer = ask("segment", picture="rocket", regions=4, colour_space=LAB, seed=3)
    pixels = segmentation.look(pixels_of(pictures.find("rocket")), LAB, seed=3)
    labels, found = segmentation.segment(pixels, 4, seed=3)
    areas = segmentation.regions(pixels, labels)
    assert [area["share"] for area in answer["areas"]] == pytest.approx([area.share for area in areas])
    assert answer["inertia"] == pytest.approx(found.inertia)
    assert answer["inertia_of_scikit_learn"] == pytest.approx(answer["inertia"], rel=0.02)
    assert answer["agreement_with_scikit_learn"] > 0.9
    assert answer["areas"][0]["km2"] is None
    assert len(answer["inertias"]) == 8


def test_areas_are_known_where_the_ground_is(ask, scene):
    answer = ask("segment", picture=scene.name, regions=3)
    whole = scene.width * scene.height * (scene.metres_a_pixel / 1000) ** 2
    assert 0.3 * whole < sum(area["km2"] for area in answer["areas"]) < 1.01 * whole


def test_other_clusterings_are_compared(ask):
    answer = ask("segment_others", picture="rocket", regions=3, radius=5)
    assert answer["sample"] == 800
    assert answer["density_regions"] >= 1
    assert 0 <= answer["noise"] < 1
    assert -1 <= answer["density_and_k_means"] <= 1
    assert answer["bottom_up_and_k_means"] > 0.2


def test_the_water_by_bands_and_by_regions(ask, pictures, scene):
    answer = ask("water", regions=5, colour_space="chromaticity", seed=1)
    pixels = pixels_of(scene)
    mask = segmentation_water.by_bands(pixels[pixels.max(axis=2) > 0])
    water, clear = mask == segmentation_water.WATER, mask != segmentation_water.CLOUD
    assert answer["by_rule"] == pytest.approx(water.sum() / clear.sum(), abs=0.01)
    assert answer["agree"] >= answer["overlap"] > 0.5
    assert answer["rule"] == segmentation_water.RULE


def test_without_the_scene_there_is_no_water_to_find(ask, pictures):
    if "landsat-bahamas" in pictures.listed:
        pytest.skip("the Landsat scene is there")
    with pytest.raises(Exception, match="requires the Landsat scene"):
        ask("water")


@pytest.mark.parametrize("name", ["segment", "segment_others"])
def test_a_file_that_is_not_a_picture(ask, sent, name):
    with pytest.raises(Exception, match="The file is not a readable image"):
        ask(name, file=sent(b"This is not an image."))


@pytest.mark.parametrize("name", ["segment", "segment_others"])
def test_a_black_picture(ask, sent, name):
    with pytest.raises(Exception, match="completely black"):
        ask(name, file=sent(np.zeros((40, 40, 3), np.uint8)))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("segment", {"regions": 21}, "regions .*from 1 to 20"),
        ("segment", {"regions": 0}, "regions .*from 1 to 20"),
        ("segment", {"colour_space": "CMYK"}, "colour_space .*'CMYK'"),
        ("water", {"regions": 99}, "regions .*from 1 to 20"),
        ("segment_others", {"radius": 0}, "radius .*from 0.1 to 50"),
        ("segment_others", {"linkage": "rope"}, "linkage .*'rope'"),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)
