"""The Lab's experiment Convolution, over a Hub with a classifier whose filters are known."""

import numpy as np
import pytest
from PIL import Image
from scipy import signal

from tests.colour_model import STRENGTH, speckled

PAGE = "convolution"


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


@pytest.mark.parametrize("name", ["convolve_picture", "network_filters"])
def test_a_file_that_is_not_a_picture(ask, sent, name):
    with pytest.raises(Exception, match="The file is not a readable image"):
        ask(name, file=sent(b"This is not an image."))


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("convolve", {"rows": [[1, 2], [3]], "kernel": [[1]]}, "rows of the parameter rows differ in length"),
        ("convolve", {"rows": [[1]], "kernel": [[1, 1]]}, "A kernel of size 2 does not fit into 1 pixels"),
        ("convolve", {"rows": [[1]], "kernel": [["a"]]}, "kernel .*enter a number"),
        ("convolve", {"rows": [[1]], "kernel": [[1]], "padding": 99}, "padding .*from 0 to 11"),
        ("receptive_field", {"kernels": [3], "strides": []}, "strides .*1 to 100"),
        ("receptive_field", {"kernels": [3], "strides": [1, 1]}, "1 kernels and 2 strides"),
        ("receptive_field", {"kernels": [3] * 100, "strides": [1000] * 100}, "larger than 2.53 pixels"),
        ("convolve_picture", {"kernel_typed": "1 two"}, "a value that is not a number"),
        ("convolve_picture", {"kernel_name": "blurry"}, "kernel_name .*'blurry'"),
        ("convolve_picture", {"padding": 10**18}, "padding .*from 0 to 11"),
        ("convolve_picture", {"pool_by": "median"}, "pool_by .*'median'"),
        (
            "network_filters",
            {"convolution": 2},
            "no convolutional layer 2. Choose a whole number from 1 to 1",
        ),
    ],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)
