"""The Lab's PCA, Segmentation and Convolution on the page and through the API, over a Hub that holds what they look at."""

import inspect
import json

import gradio as gr
import numpy as np
import pytest
from gradio_client import handle_file
from PIL import Image
from scipy import signal
from space_app.lab.picture_choice import EUROSAT
from space_app.lab.segmentation_views import SCENE
from tests.space_app.test_lab_page import drawn, open_tab

from space_app.lab.tab import EXPERIMENTS
from space_app.watch import Watch
from spacehub.data.space_images.subjects import SUBJECTS
from spacehub.lab import segmentation, segmentation_water
from spacehub.lab.pca_pictures import LINES, PATCHES, analyse
from spacehub.lab.segmentation_colour import LAB
from spacehub.serving import space_pictures
from tests.colour_model import STRENGTH, write_dataset, write_model
from tests.space_app.screens import PHONE_FIRST

TABS = {"PCA": [3, 3], "Segmentation": [3, 2, 2], "Convolution": [1, 1, 2, 3]}


@pytest.fixture(scope="module")
def built(own_hub, tmp_path_factory):
    """The folder of pictures that the real command has published, beside a classifier whose filters are known."""
    folder = tmp_path_factory.mktemp("classifier")
    examples = write_dataset(folder / "dataset") / "examples"
    listed = [{"file": f"{name}-1.png", "label": name} for name in EUROSAT if name != "River"]
    for row in listed:
        Image.fromarray(speckled(64, 64)).save(examples / row["file"])
    (examples / "index.json").write_text(json.dumps({"split": "test", "examples": listed}))
    own_hub.push(folder / "dataset", "spacehub/eurosat-rgb", "dataset")
    own_hub.push(write_model(folder / "model"), "spacehub/eurosat-land-use")
    return own_hub.build("space-images")


@pytest.fixture(scope="module")
def pictures(built):
    return space_pictures.load(built)


@pytest.fixture
def scene(full, pictures):
    """What is told of the Landsat scene."""
    if not full:
        pytest.skip("the Landsat scene is in no sources folder")
    return pictures.find(SCENE)


def speckled(height: int, width: int) -> np.ndarray:
    draw = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    hills = 90 + 60 * np.stack([np.sin(x / 5), np.cos(y / 6), np.sin((x + y) / 7)], axis=-1)
    return (hills + draw.normal(0, 6, hills.shape)).clip(1, 255).astype(np.uint8)


@pytest.fixture
def sent(tmp_path):
    """Write a picture, or what is none, and return it as a client sends it."""

    def write(what: np.ndarray | bytes, name: str = "own.png"):
        if isinstance(what, bytes):
            (tmp_path / name).write_bytes(what)
        else:
            Image.fromarray(what).save(tmp_path / name)
        return handle_file(tmp_path / name)

    return write


def test_every_bench_opens_on_a_picture_that_every_machine_has():
    there = {subject.name for subject in SUBJECTS if subject.carried} | set(EUROSAT)
    first = []
    with gr.Blocks():
        for experiment in (make(Watch({})) for make in EXPERIMENTS):
            controls = [control for bench in experiment.benches for control in bench.controls()]
            first += [control.value for control in controls if getattr(control, "label", "") == "Picture"]
            asked = [inspect.signature(function).parameters for function in experiment.endpoints]
            first += [parameters["picture"].default for parameters in asked if "picture" in parameters]
    assert len(first) > 16
    assert set(first) <= there


def test_the_digits(ask):
    answer = ask("pca_digits", components=2)
    assert answer["variance_kept"] == pytest.approx(0.28509, abs=1e-5)
    assert 0.5 < answer["told_right"] < 0.7 < 0.98 < answer["told_right_by_all"]
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


def test_regions_are_those_of_the_lab_and_of_scikit_learn(ask, pictures):
    answer = ask("segment", picture="rocket", regions=4, colour_space=LAB, seed=3)
    pixels = segmentation.look(pictures.read("rocket"), LAB, seed=3)
    labels, found = segmentation.segment(pixels, 4, seed=3)
    areas = segmentation.regions(pixels, labels)
    assert [area["share"] for area in answer["areas"]] == pytest.approx([area.share for area in areas])
    assert answer["inertia"] == pytest.approx(found.inertia)
    assert answer["inertia_of_scikit_learn"] == pytest.approx(answer["inertia"], rel=0.02)
    assert answer["agreement_with_scikit_learn"] > 0.9
    assert answer["areas"][0]["km2"] is None
    assert len(answer["inertias"]) == 8


def test_areas_are_known_where_the_ground_is(ask, scene):
    answer = ask("segment", picture=SCENE, regions=3)
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
    pixels = pictures.read(scene.name)
    mask = segmentation_water.by_bands(pixels[pixels.max(axis=2) > 0])
    water, clear = mask == segmentation_water.WATER, mask != segmentation_water.CLOUD
    assert answer["by_rule"] == pytest.approx(water.sum() / clear.sum(), abs=0.01)
    assert answer["agree"] >= answer["overlap"] > 0.5
    assert answer["rule"] == segmentation_water.RULE
    with pytest.raises(Exception, match="99 regions are out of range"):
        ask("water", regions=99)


def test_without_the_scene_there_is_no_water_to_find(ask, full):
    if full:
        pytest.skip("the Landsat scene is there")
    with pytest.raises(Exception, match="published without the Landsat scene"):
        ask("water")


def test_a_table_is_convolved(ask):
    table, kernel = speckled(9, 12)[..., 0].astype(float), [[1, 2], [0, -1], [3, 0]]
    expected = signal.correlate2d(np.pad(table, 1), np.array(kernel), mode="valid")[::2, ::2]
    answer = ask("convolve", rows=table.tolist(), kernel=kernel, stride=2, padding=1)
    np.testing.assert_allclose(answer, expected)
    assert ask("receptive_field", kernels=[3, 2, 3], strides=[1, 2, 1]) == [3, 4, 8]


def test_a_picture_is_convolved(ask, sent):
    picture = speckled(40, 60)
    answer = ask(
        "convolve_picture", kernel_typed="0 0 0; 0 2 0; 0 0 0", file=sent(picture), pool_by="maximum"
    )
    grey = picture @ np.array([0.299, 0.587, 0.114])
    assert answer["largest"] == pytest.approx(2 * grey[1:-1, 1:-1].max())
    assert (answer["size"], answer["field"]) == ([19, 29], 4)
    assert answer["multiplications"] == 38 * 58 * 9
    with Image.open(answer["map"]) as drawn_map:
        assert drawn_map.size == (29, 19)


def test_the_filters_of_the_published_network(ask):
    answer = ask("network_filters", picture="Forest")
    np.testing.assert_allclose(np.array(answer["weights"])[..., 0, 0], STRENGTH * np.eye(3))
    assert answer["difference"] < 1e-5
    assert (answer["convolutions"], answer["maps"]) == (1, [3, 4, 4])
    assert answer["colour"] == pytest.approx([2 / 3] * 3)
    assert answer["source"]["dataset"] == "spacehub/eurosat-land-use"


TEXT, DOT = b"This is no picture.", np.full((1, 1, 3), 99, np.uint8)
LOOKING = ["pca_picture", "segment", "segment_others", "convolve_picture", "network_filters"]
# One colour all over has no components, and black is nothing seen; a kernel slides over either.
EMPTY = {"pca_picture": "All rows are alike", "segment": "black all over", "segment_others": "black all over"}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (TEXT, "The file is not a picture that can be read"),
        (DOT, "The picture is 1 × 1 pixels, too few"),
    ],
    ids=["text", "a dot"],
)
@pytest.mark.parametrize("name", LOOKING)
def test_a_file_that_is_no_picture_is_a_sentence(ask, sent, name, what, words):
    with pytest.raises(Exception, match=words):
        ask(name, file=sent(what))


@pytest.mark.parametrize("name", EMPTY)
def test_a_black_picture_is_a_sentence(ask, sent, name):
    with pytest.raises(Exception, match=EMPTY[name]):
        ask(name, file=sent(np.zeros((40, 40, 3), np.uint8)))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("pca_digits", {"components": 65}, "65 components cannot be kept of rows of 64 numbers"),
        ("pca_digits", {"components": 2.5}, "no whole number"),
        ("pca_picture", {"picture": "rocket", "components": 99_999}, "99,999 components cannot be kept"),
        ("pca_picture", {"picture": "pluto"}, "There is no picture named 'pluto'"),
        ("pca_picture", {"picture": "River"}, "The dataset holds no example of River. It has: AnnualCrop"),
        ("pca_picture", {"picture": "rocket", "cut_into": "rings"}, "no way 'rings' to cut"),
        ("segment", {"regions": 21}, "21 regions are out of range"),
        ("segment", {"regions": 0}, "0 regions are out of range"),
        ("segment", {"colour_space": "CMYK"}, "no colour space 'CMYK'"),
        ("segment_others", {"radius": 0}, "No cluster has a radius of 0"),
        ("segment_others", {"linkage": "rope"}, "no linkage 'rope'"),
        ("convolve", {"rows": [[1, 2], [3]], "kernel": [[1]]}, "The table is no table of numbers"),
        ("convolve", {"rows": [[1]], "kernel": [[1, 1]]}, "A kernel of 2 does not fit on 1 pixels"),
        ("convolve", {"rows": [[1]], "kernel": [["a"]]}, "The kernel is no table of numbers"),
        ("convolve", {"rows": [[1]], "kernel": [[1]], "padding": 99}, "A padding of 99 is out of range"),
        ("receptive_field", {"kernels": [3], "strides": []}, "These are no layers"),
        ("convolve_picture", {"kernel_typed": "1 two"}, "something that is no number"),
        ("convolve_picture", {"kernel_name": "blurry"}, "There is no kernel 'blurry'"),
        ("convolve_picture", {"pool_by": "median"}, "no pooling by 'median'"),
        (
            "network_filters",
            {"picture": "Forest", "convolution": 2},
            "no convolution number 2. Choose from 1 to 1",
        ),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


def test_a_bench_tells_of_a_bad_file_in_the_answer_s_place(caller, sent):
    answers = {
        words: caller.predict("rocket", file, 8, PATCHES, api_name="/lab_view_pca_picture")
        for words, file in (
            ("not a picture that can be read", sent(TEXT, "own.txt")),
            ("components leave", None),
        )
    }
    for words, (*_, answer, _) in answers.items():
        assert words in answer


@pytest.mark.browser
@PHONE_FIRST
def test_the_tabs_fit_the_screen_and_follow_a_slider(fed, full, open_page, screenshots, width, dark):
    page = open_page(fed, width=width, dark=dark)
    page.set_default_timeout(90_000)
    open_tab(page, "tabs", "Lab")
    for name, figures in TABS.items():
        open_tab(page, "lab", name)
        page.locator(".bench:visible").first.wait_for()
        benches = page.locator(".bench:visible").all()
        if name == "Segmentation" and not full:
            water, figures = benches.pop(), figures[:-1]
            water.scroll_into_view_if_needed()
            water.locator(".notice", has_text="without the Landsat scene").wait_for()
        assert [len(drawn(bench)) for bench in benches] == figures
        for bench in benches:
            assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shade = "dark" if dark else "light"
        page.screenshot(path=screenshots / f"lab-{name.lower()}-{width}-{shade}.png", full_page=True)
        before, answer = drawn(benches[-1]), benches[-1].locator(".lab-numbers").first.inner_text()
        slider = benches[0].locator("input[type=range]").first
        first = drawn(benches[0])
        slider.press("ArrowRight")
        # A figure that a slider leaves as it is, is not drawn again.
        again = page.locator(f'[data-drawn="{first[0] + 1}"]')
        benches[0].locator(".lab-plot").and_(again).first.wait_for()
        assert drawn(benches[-1]) == before
        assert benches[-1].locator(".lab-numbers").first.inner_text() == answer


@pytest.mark.browser
def test_a_dropped_text_file_is_a_sentence_and_a_picture_mends_it(fed, open_page, tmp_path):
    (tmp_path / "words.txt").write_bytes(TEXT)
    Image.fromarray(speckled(64, 48)).save(tmp_path / "own.png")
    page = open_page(fed)
    page.set_default_timeout(90_000)
    open_tab(page, "tabs", "Lab")
    open_tab(page, "lab", "PCA")
    bench = page.locator("#bench-pca-picture")
    drawn(bench)
    bench.locator("input[type=file]").set_input_files(tmp_path / "words.txt")
    bench.locator(".notice", has_text="The file is not a picture that can be read").wait_for()
    bench.get_by_label("Clear").first.click()
    bench.locator("input[type=file]").set_input_files(tmp_path / "own.png")
    bench.locator(".lab-numbers", has_text="48 × 64 pixels").wait_for()
    assert drawn(bench)
