"""What raises a doubt about a picture, and what does not."""

import numpy as np
import pytest
from PIL import Image

from spacehub.serving.satellite import doubts, scene
from spacehub.serving.satellite.doubts import Known, statistics
from spacehub.serving.satellite.predictor import SatellitePredictor
from tests.colour_model import KNOWN, write_model

DRAW = np.random.default_rng(0)
FIELDS = np.stack(
    [
        np.asarray(Image.fromarray(DRAW.integers(60, 190, (9, 9, 3), np.uint8)).resize((64, 64)))
        for _ in range(60)
    ]
)


@pytest.fixture(scope="module")
def known() -> Known:
    """Of fields that are all of one class."""
    found = statistics(FIELDS[:40])
    stated = {
        "side": 64,
        "means": [found.mean(axis=0)],
        "precision": np.linalg.inv(np.cov(found.T) + 1e-4 * np.eye(10)),
    }
    far = Known.of(stated | {"threshold": 0, "grain": 3}).distances(found)
    return Known.of(stated | {"threshold": 1.5 * far.max(), "grain": 3})


def test_statistics_are_what_their_definition_says():
    values = FIELDS[:3].astype(float) / 255
    bright = values.mean(axis=3)
    colours = values - bright[..., np.newaxis]
    squares = [np.diff(bright, axis=axis) ** 2 for axis in (1, 2)]
    expected = [
        *values.std(axis=(1, 2)).T,
        np.sqrt(squares[0].mean(axis=(1, 2)) + squares[1].mean(axis=(1, 2))),
        bright.reshape(3, 16, 4, 16, 4).mean(axis=(2, 4)).std(axis=(1, 2)),
        np.sqrt((colours**2).mean(axis=(1, 2, 3))),
        np.sqrt((np.diff(colours, axis=2) ** 2).mean(axis=(1, 2, 3))),
    ]
    found = statistics(FIELDS[:3])
    assert found[:, :3] == pytest.approx(values.mean(axis=(1, 2)))
    assert np.exp(found[:, 3:].T) - 0.02 == pytest.approx(np.array(expected), abs=1e-7)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (FIELDS[41], []),
        (np.full((64, 64, 3), 130, np.uint8), ["blank"]),
        (np.zeros((64, 64, 3), np.uint8), ["blank"]),
        (np.repeat(FIELDS[41][..., :1], 3, axis=2), ["grey"]),
        (DRAW.integers(0, 256, (64, 64, 3), np.uint8), ["noise"]),
        (np.repeat(DRAW.integers(0, 256, (64, 64, 1), np.uint8), 3, axis=2), ["grey", "noise"]),
        (FIELDS[41] // 4 + np.array([0, 0, 190], np.uint8), ["unlike"]),
    ],
    ids=["known", "one colour", "black", "grey", "noise", "grey noise", "other colours"],
)
def test_each_reason_is_named(known, pixels, expected):
    assert known.doubts(statistics(pixels[np.newaxis])) == [expected]


def test_many_at_once_are_as_one_by_one(known):
    pixels = np.concatenate([FIELDS, 255 - FIELDS // 2])
    one_by_one = [known.doubts(statistics(one[np.newaxis]))[0] for one in pixels]
    assert known.doubts(statistics(pixels)) == one_by_one


@pytest.mark.parametrize(
    ("size", "doubted"),
    [((64, 64), False), ((33, 32), False), ((128, 500), False), ((31, 500), True), ((129, 129), True)],
)
def test_another_size_is_a_doubt(tmp_path_factory, size, doubted):
    predictor = SatellitePredictor(write_model(tmp_path_factory.mktemp("model") / "colours"))
    picture = Image.fromarray(FIELDS[0]).resize(size)
    assert (doubts.SIZE in predictor.classify(picture).doubts) == doubted


@pytest.mark.parametrize(("metres", "doubted"), [(10.0, True), (2.5, False), (0.3, True)])
def test_the_ground_counts_where_the_file_states_it(tmp_path, metres, doubted):
    predictor = SatellitePredictor(write_model(tmp_path / "colours"))
    picture = Image.fromarray(FIELDS[0]).resize((256, 256))
    picture.info["metres_a_pixel"] = metres
    seen = predictor.classify(picture)
    assert (doubts.SIZE in seen.doubts) == doubted
    assert seen.metres == 256 * metres


def test_the_share_of_a_scene_s_tiles_that_raise_a_doubt(tmp_path):
    predictor = SatellitePredictor(write_model(tmp_path / "colours"))
    noise = DRAW.integers(0, 256, (64, 64, 3), np.uint8)
    blank, black = np.full((64, 64, 3), 99, np.uint8), np.zeros((64, 64, 3), np.uint8)
    for tiles, share in (
        ([FIELDS[0], noise, noise, FIELDS[1]], 0.5),
        ([FIELDS[0], blank, black], 0),
        ([black], 0),
    ):
        picture = Image.fromarray(np.vstack([np.hstack(tiles)] * 2))
        cut = scene.grid(picture, metres=640, metres_a_pixel=10)
        assert scene.doubted(predictor, picture, cut) == share
    many = Image.fromarray(np.tile(noise, (30, 40, 1)))
    assert scene.doubted(predictor, many, scene.grid(many, metres=640, metres_a_pixel=10)) == 1


def test_what_states_no_covariance_is_refused():
    with pytest.raises(ValueError, match="not an inverse covariance matrix"):
        Known.of(KNOWN | {"precision": [[1.0]]})
