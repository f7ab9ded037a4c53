"""The Lab's experiment PCA, over a Hub that holds the pictures."""

import numpy as np
import pytest
from PIL import Image

from spacehub.lab.pca_pictures import LINES, PATCHES, analyse
from tests.colour_model import speckled

PAGE = "pca"


def test_the_digits(ask):
    answer = ask("pca_digits", components=2)
    assert answer["variance_kept"] == pytest.approx(0.28509, abs=1e-5)
    assert 0.5 < answer["accuracy"] < 0.7 < 0.98 < answer["accuracy_with_all"]
    assert np.shape(answer["scores"]) == (1797, 2)


@pytest.mark.parametrize("way", [LINES, PATCHES])
def test_a_picture_of_one_s_own_is_compressed(ask, sent, way):
    picture = speckled(48, 64)
    answer = ask("pca_picture", components=5, cut_into=way, file=sent(picture))
    expected = analyse(picture, way)
    assert answer["rmse_of_each"] == pytest.approx(expected.errors.tolist())
    assert answer["rmse"] == pytest.approx(expected.errors[5])
    assert (answer["numbers_kept"], answer["numbers_of_picture"]) == (expected.stored(5), picture.size)
    assert answer["source"] is None


def test_a_large_picture_is_scaled_down_and_its_dataset_named(ask):
    answer = ask("pca_picture", picture="lunar-surface", components=12)
    assert answer["most_components"] == 192
    assert answer["numbers_of_picture"] <= 256 * 256 * 3
    assert np.all(np.diff(answer["rmse_of_each"]) <= 0)
    assert answer["source"]["dataset"] == "spacehub/space-images"
    assert len(answer["source"]["commit"]) == 40


@pytest.mark.parametrize("name", ["pca_picture"])
def test_a_black_picture(ask, sent, name):
    with pytest.raises(Exception, match="All rows are identical"):
        ask(name, file=sent(np.zeros((40, 40, 3), np.uint8)))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("pca_digits", {"components": 65}, "components .*from 1 to 64"),
        ("pca_digits", {"components": 2.5}, "components .*whole number"),
        ("pca_picture", {"picture": "rocket", "components": 99_999}, "components .*from 1 to 256"),
        ("pca_picture", {"picture": "rocket", "components": 193}, "cannot have 193 principal components"),
        ("pca_picture", {"picture": "pluto"}, "picture .*'pluto'"),
        (
            "pca_picture",
            {"picture": "River"},
            "The dataset contains no example of River. Choose one of: AnnualCrop",
        ),
        ("pca_picture", {"picture": "rocket", "cut_into": "rings"}, "cut_into .*'rings'"),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


@pytest.mark.browser
def test_a_dropped_text_file_is_an_error_and_a_picture_fixes_it(stocked, open_page, tmp_path):
    (tmp_path / "words.txt").write_bytes(b"This is not an image.")
    Image.fromarray(speckled(64, 48)).save(tmp_path / "own.png")
    page = open_page(stocked, "lab/pca/")
    bench = page.locator("#bench-pca-picture")
    bench.scroll_into_view_if_needed()
    bench.locator("input[type=file]").set_input_files(tmp_path / "words.txt")
    bench.locator(".notice", has_text="The file is not a readable image").wait_for()
    bench.get_by_label("Clear").first.click()
    bench.locator("input[type=file]").set_input_files(tmp_path / "own.png")
    bench.locator(".lab-numbers", has_text="48 × 64 pixels").wait_for()
