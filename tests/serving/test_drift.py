"""Drift of titles and pictures: how they are described and counted, and which published counts are refused."""

import json

import numpy as np
import pytest
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.drift import PART, Reference, count, index, published
from spacehub.serving.satellite import features as of_pictures
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.titles import features as of_titles
from spacehub.serving.titles.predictor import TitlesPredictor
from tests import colour_model, title_model
from tests.tampering import edit

DRAW = np.random.default_rng(0)
TITLES = [
    " ".join(DRAW.choice(["the", "Moon", "rocket", "of", "match"], DRAW.integers(2, 9))) for _ in range(400)
]
PICTURES = DRAW.integers(0, 200, (400, 1, 1, 3), np.uint8) + DRAW.integers(0, 50, (400, 64, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def titles(tmp_path_factory):
    folder = title_model.write_model(tmp_path_factory.mktemp("titles") / "model")
    described = map(TitlesPredictor(folder).features, TITLES[:200])
    part = {PART: count(of_titles.EDGES, described)}
    edit(folder / "results.json", lambda results: results.update(part))
    return TitlesPredictor(folder)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = colour_model.write_model(tmp_path_factory.mktemp("pictures") / "model")
    described = map(seen(SatellitePredictor(folder)), PICTURES[:200])
    part = {PART: count(of_pictures.EDGES, described)}
    edit(folder / "results.json", lambda results: results.update(part))
    return SatellitePredictor(folder)


def seen(predictor):
    return lambda pixels: predictor.classify(Image.fromarray(pixels)).features


def drift(references, stream) -> dict[str, float]:
    """Return the index of each number of a stream of described inputs."""
    described = list(stream)
    return {
        name: index(
            reference,
            np.bincount([reference.place(one[name]) for one in described], minlength=len(reference.shares)),
        )
        for name, reference in references.items()
        if name != "answer"
    }


def test_a_title_is_described(titles):
    assert titles.features("The Moon, 2 ROCKETs é") == pytest.approx(
        {
            "characters": 21,
            "words": 5,
            "tokens_per_word": 6 / 5,  # the comma is one
            "unknown_tokens": 3 / 6,
            "tokens_cut_off": 0,
            "upper_case": 8 / 21,
            "digits": 1 / 21,
            "non-ASCII": 1 / 21,
        }
    )
    long = titles.features("moon " * 99_999)
    assert (long["characters"], long["tokens_cut_off"]) == (1000, 200 - title_model.LENGTH + 2)
    assert np.isnan(titles.features("")["digits"])


def test_a_picture_is_described(pictures):
    left = np.zeros((64, 100, 3), np.uint8)
    left[:, :50, 0] = 255
    assert seen(pictures)(left) == pytest.approx(
        {
            "brightness": 1 / 6,
            "contrast": 0.5,
            "sharpness": np.sqrt(1 / 9 / 63),  # one step of a third in 63
            "red": 1,
            "green": 0,
            "blue": 0,
            "shorter_side": 64,
        }
    )
    assert np.isnan(seen(pictures)(np.zeros((64, 64, 3), np.uint8))["red"])


@pytest.mark.parametrize(
    ("shift", "moved"),
    [
        (str, set()),
        (str.upper, {"upper_case"}),
        (lambda title: title + " 2029", {"digits"}),
        (lambda title: "火星の月", {"characters", "unknown_tokens", "non-ASCII"}),
        (lambda title: title * 20, {"characters", "words", "tokens_cut_off"}),
    ],
    ids=["same", "capitals", "years", "Japanese", "long"],
)
def test_a_stream_of_other_titles_raises_the_index(titles, shift, moved):
    found = drift(titles.references(), (titles.features(shift(title)) for title in TITLES[200:]))
    assert set(found) == set(of_titles.EDGES)
    much = {name for name, value in found.items() if value > 0.25}
    assert moved <= much if moved else not much


@pytest.mark.parametrize(
    ("shift", "moved"),
    [
        (lambda pixels: pixels, set()),
        (lambda pixels: pixels // 4, {"brightness", "contrast", "sharpness"}),
        (lambda pixels: pixels // np.array([1, 1, 3], np.uint8), {"red", "blue"}),
        (lambda pixels: pixels.repeat(2, axis=0).repeat(2, axis=1), {"shorter_side"}),
    ],
    ids=["same", "dark", "without blue", "large"],
)
def test_a_stream_of_other_pictures_raises_the_index(pictures, shift, moved):
    found = drift(pictures.references(), map(seen(pictures), map(shift, PICTURES[200:])))
    assert set(found) == set(of_pictures.EDGES)
    much = {name for name, value in found.items() if value > 0.25}
    assert moved <= much if moved else not much


def test_counts_are_read_as_they_were_written():
    part = count({"words": (2, 5)}, [{"words": words} for words in (1, 2, 4, 5, 9, float("nan"))])
    assert part == {"words": {"edges": [2, 5], "counts": [1, 2, 2, 1]}}
    wanted = Reference.of_counts([2.0, 5.0], [1, 2, 2, 1])
    assert published({PART: json.loads(json.dumps(part))}, ["words", "digits"]) == {"words": wanted}
    assert wanted.shares == pytest.approx([1.5 / 8, 2.5 / 8, 2.5 / 8, 1.5 / 8])
    assert published({}, ["words"]) == {}


GOOD = {"edges": [1.0, 2.0], "counts": [3, 4, 5, 0]}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ([GOOD], "not an object"),
        ({"words": "<script>"}, "edges of words in drift of results.json is not a list"),
        ({"words": GOOD | {"edges": {"0": 1}}}, "is not a list of 1 to 64 entries"),
        (
            {"words": {"edges": list(range(10_000)), "counts": [1] * 10_002}},
            "is not a list of 1 to 64 entries",
        ),
        ({"words": GOOD | {"counts": [1, 2, 3]}}, "do not match the counts"),
        ({"words": GOOD | {"counts": [0, 0, 0, 0]}}, "All counts of words in"),
        ({"words": GOOD | {"edges": [2.0, 1.0]}}, "are not in ascending order"),
        ({"words": GOOD | {"edges": [1.0, 1.0]}}, "are not in ascending order"),
        ({"words": GOOD | {"edges": [1.0, float("nan")]}}, "An edge of words in drift .* is not a number"),
        ({"words": GOOD | {"edges": [1.0, 10**400]}}, "An edge of words in drift .* is not a number"),
        ({"words": GOOD | {"edges": [1.0, "2"]}}, "An edge of words in drift .* is not a number"),
        ({"words": GOOD | {"counts": [3, 4, -5, 0]}}, "is not a whole number from 0"),
        ({"words": GOOD | {"counts": [3, 4, 0.5, 0]}}, "is not a whole number from 0"),
        ({"words": GOOD | {"counts": [3, 4, True, 0]}}, "is not a whole number from 0"),
        ({"words": GOOD | {"counts": [3, 4, 10**400, 0]}}, "is not a whole number from 0"),
    ],
)
def test_counts_that_are_not_as_published_are_refused(stated, said, tmp_path):
    folder = title_model.write_model(tmp_path / "model")
    edit(folder / "results.json", lambda results: results.update({PART: stated}))
    with pytest.raises(SpaceHubError, match=said):
        TitlesPredictor(folder)
