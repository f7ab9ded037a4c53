"""What training leaves for doubts, and how often they are raised, on simulated pictures."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from spacehub.models.satellite import doubts
from spacehub.models.satellite.pictures import Pictures
from spacehub.serving.satellite.doubts import Known, statistics


@pytest.fixture(scope="module")
def shown() -> Pictures:
    """Patches of two colours, of which no two are the same."""
    draw = np.random.default_rng(0)
    labels = np.arange(240) % 2
    pixels = np.stack(
        [
            np.asarray(
                Image.fromarray(
                    draw.integers(40, 160, (7, 7, 3), np.uint8) + np.array([0, 60 * label, 0], np.uint8)
                ).resize((64, 64))
            )
            for label in labels
        ]
    )
    return Pictures(
        pixels=pixels.transpose(0, 3, 1, 2),
        labels=labels,
        folds=np.zeros(240, np.int8),
        splits=np.repeat(["train", "validation", "test"], 80),
        files=np.arange(240).astype(str),
        digests=np.arange(240).astype(str),
        sides=np.full(240, 64),
        names=["bare", "green"],
        metres_a_pixel=10.0,
        side=64,
        example="",
        id="spacehub/eurosat-rgb",
        commit="",
        config="simulated",
    )


def test_the_threshold_lets_through_as_many_validation_pictures_as_it_should(shown):
    known = Known.of(doubts.fit(shown))
    seen = statistics(shown.pixels[shown.rows("validation")].transpose(0, 2, 3, 1))
    unlike = sum("unlike" in found for found in known.doubts(seen))
    assert unlike == pytest.approx((1 - doubts.ACCEPTED) * len(seen), abs=1)


def test_what_is_no_such_picture_is_doubted_and_the_test_split_is_not(shown):
    listed = {row["name"]: row for row in doubts.rates(doubts.fit(shown), shown)}
    assert listed["test split"]["n"] == 80
    assert listed["test split"]["share"] < 0.15
    for name in "test split in greyscale", "noise", "one colour", "squares from 7 photographs":
        assert listed[name]["share"] > 0.9, name
    assert listed["one colour"]["kinds"]["blank"] == 200
    for row in listed.values():
        assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
        json.dumps(row, allow_nan=False)


def test_few_pictures_of_a_class_are_enough(shown):
    rows = np.r_[0:6, 80:84, 160:164]
    few = replace(shown, pixels=shown.pixels[rows], labels=shown.labels[rows], splits=shown.splits[rows])
    assert np.isfinite(Known.of(doubts.fit(few)).threshold)
