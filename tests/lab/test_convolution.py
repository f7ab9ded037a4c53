"""Kernels slid over pictures against SciPy, and a network's first layer against ONNX Runtime and the onnx package."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from scipy import ndimage, signal

from spacehub.errors import SpaceHubError
from spacehub.lab.convolution import MAX, MEAN, Layer, output_size, pool, receptive_field, slide
from spacehub.lab.convolution_kernels import KERNELS, kernel, parse
from spacehub.lab.convolution_network import Network, by_hand, character
from spacehub.lab.convolution_onnx import convolutions, with_outputs
from tests.colour_model import write_model


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_slid_over_a_picture_is_scipy_s_correlation(name):
    picture, one = noise(1, 23, 31), kernel(name)
    expected = signal.correlate2d(picture[0], one, mode="valid")
    np.testing.assert_allclose(slide(picture, one[None, None])[0], expected, atol=1e-12)
    turned = signal.convolve2d(picture[0], one[::-1, ::-1], mode="valid")
    np.testing.assert_allclose(expected, turned, atol=1e-12)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 4])
@pytest.mark.parametrize("shape", [(3, 3), (5, 2), (1, 4)])
def test_stride_and_padding_are_those_of_scipy(shape, padding, stride):
    picture, one = noise(1, 17, 20), noise(*shape, seed=1)
    whole = signal.correlate2d(np.pad(picture[0], padding), one, mode="valid")
    ours = slide(picture, one[None, None], stride=stride, padding=padding)[0]
    np.testing.assert_allclose(ours, whole[::stride, ::stride], atol=1e-12)
    assert ours.shape == tuple(
        output_size(size, side, stride=stride, padding=padding)
        for size, side in zip(picture[0].shape, shape, strict=True)
    )


def test_padding_by_half_the_kernel_keeps_the_size_as_in_ndimage():
    picture, one = noise(1, 20, 20), noise(5, 5, seed=1)
    expected = ndimage.correlate(picture[0], one, mode="constant")
    np.testing.assert_allclose(slide(picture, one[None, None], padding=2)[0], expected, atol=1e-12)


def test_channels_are_added_up_for_each_filter():
    pictures, kernels = noise(3, 12, 12), noise(4, 3, 3, 3, seed=1)
    expected = [
        sum(signal.correlate2d(pictures[c], one[c], mode="valid") for c in range(3)) for one in kernels
    ]
    np.testing.assert_allclose(slide(pictures, kernels), expected, atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pooling_is_scipy_s_filter_at_every_block(size):
    maps = noise(2, 12, 15)
    place = size // 2
    for how, scipy_s in ((MAX, ndimage.maximum_filter), (MEAN, ndimage.uniform_filter)):
        everywhere = np.stack([scipy_s(one, size) for one in maps])
        blocks = everywhere[:, place::size, place::size][:, : 12 // size, : 15 // size]
        np.testing.assert_allclose(pool(maps, size, how), blocks, atol=1e-12)


@pytest.mark.parametrize(
    "layers",
    [
        [Layer(kernel=3)],
        [Layer(kernel=3), Layer(kernel=3)],
        [Layer(kernel=3, stride=2), Layer(kernel=3), Layer(kernel=2, stride=2), Layer(kernel=5)],
        [Layer(kernel=1, stride=3), Layer(kernel=4)],
    ],
)
def test_the_receptive_field_is_where_a_change_is_felt(layers):
    """One number after all layers, and every pixel in turn: from the first to the last that moves it is its receptive field."""
    size = 61

    def last(picture: np.ndarray) -> float:
        for layer in layers:
            picture = slide(picture, np.ones((1, 1, layer.kernel, layer.kernel)), stride=layer.stride)
        return picture[0, 0, 0]

    felt = [place for place in range(size) if last(one_pixel(size, place))]
    assert felt[0] == 0
    assert receptive_field(layers)[-1] == felt[-1] + 1


def one_pixel(size: int, place: int) -> np.ndarray:
    picture = np.zeros((1, size, size))
    picture[0, place, 0] = 1
    return picture


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 0 -1; 2 0 -2; 1 0 -1", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("0.5, 1e2\n-3,4", [[0.5, 100], [-3, 4]]),
        (" 7 ;", [[7]]),
    ],
)
def test_a_typed_kernel(text, expected):
    np.testing.assert_array_equal(kernel("identity", text), expected)


@pytest.fixture
def network_file(tmp_path):
    """A small network of convolutions with all that is read: padding before, strides, pooling, groups, no bias."""
    weights = {
        "w1": noise(4, 3, 3, 3).astype("f4"),
        "b1": noise(4, seed=1).astype("f4"),
        "w2": noise(4, 1, 5, 5, seed=2).astype("f4"),
    }
    nodes = [
        helper.make_node("Pad", ["pixels", "around"], ["padded"]),
        helper.make_node(
            "Conv", ["padded", "w1", "b1"], ["one"], kernel_shape=[3, 3], strides=[2, 2], pads=[0, 1, 2, 0]
        ),
        helper.make_node("Relu", ["one"], ["seen"]),
        helper.make_node("MaxPool", ["seen"], ["pooled"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["pooled", "w2"], ["two"], group=4, pads=[2, 2, 2, 2]),
    ]
    initializers = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    initializers[1] = helper.make_tensor(
        "b1", TensorProto.FLOAT, [4], weights["b1"]
    )  # numbers, not raw bytes
    initializers.append(numpy_helper.from_array(np.array([0, 0, 0, 0, 0, 0, 1, 1]), "around"))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["N", 3, 16, 16])],
        [helper.make_tensor_value_info("two", TensorProto.FLOAT, None)],
        initializers,
    )
    path = tmp_path / "model.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path, weights


def test_the_convolutions_of_an_onnx_file_are_those_that_its_package_reads(network_file):
    path, weights = network_file
    first, second = convolutions(path.read_bytes())
    np.testing.assert_array_equal(first.weights, weights["w1"])
    np.testing.assert_allclose(first.bias, weights["b1"])
    np.testing.assert_array_equal(second.weights, weights["w2"])
    assert not second.bias.any()
    assert (first.input, first.output, first.stride, first.pads, first.groups) == (
        "padded",
        "one",
        2,
        (0, 1, 2, 0),
        1,
    )
    assert (second.stride, second.groups) == (1, 4)
    assert [one.field for one in (first, second)] == [3, 3 + 2 * 1 + 4 * 4]


def test_a_further_output_is_what_the_package_would_make_of_it(network_file):
    path, _ = network_file
    model = onnx.load_from_string(with_outputs(path.read_bytes(), ["one", "padded"]))
    assert [output.name for output in model.graph.output] == ["two", "one", "padded"]


def test_the_first_layer_by_hand_is_that_of_onnx_runtime(network_file):
    path, _ = network_file
    network = Network(path)
    pixels = noise(1, 3, 16, 16, seed=5).astype("f4")
    handed = network.handed(pixels)
    assert handed.shape == (3, 17, 17)
    ours = by_hand(network.convolutions[0], handed)
    np.testing.assert_allclose(ours, network.maps(pixels, 0), atol=1e-5)
    assert network.maps(pixels, 1).shape[0] == 4


def test_a_network_whose_first_layer_gets_the_picture_as_it_is(tmp_path):
    """The tests' colour model averages cells first; its convolution then has kernels of one pixel."""
    network = Network(write_model(tmp_path) / "onnx" / "model.onnx")
    pixels = noise(1, 3, 64, 64).astype("f4")
    np.testing.assert_allclose(
        by_hand(network.convolutions[0], network.handed(pixels)), network.maps(pixels, 0), atol=1e-5
    )
    assert network.convolutions[0].field == 16


@pytest.mark.parametrize(
    ("weights", "colour", "edges"),
    [
        (np.ones((1, 3, 3, 3)), 0, 0),  # grey and even
        (np.broadcast_to([[-1, 0, 1]] * 3, (1, 3, 3, 3)), 0, 1),  # a grey edge
        (np.array([1, 0, -1]).reshape(1, 3, 1, 1) * np.ones((1, 3, 3, 3)), 1, 0),  # red less blue
        (np.zeros((1, 3, 3, 3)), 1, 1),
    ],
)
def test_what_a_filter_sees(weights, colour, edges):
    found = character(np.array(weights, dtype=float))
    assert [float(one[0]) for one in found] == pytest.approx([colour, edges])


PICTURE = np.zeros((1, 8, 8))
THREE = np.ones((1, 1, 3, 3))


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (
            lambda: slide(PICTURE, np.ones((1, 1, 9, 9))),
            "A kernel of size 9 does not fit into 8 pixels with a padding of 0",
        ),
        (lambda: slide(np.zeros((1, 1, 1)), THREE), "A kernel of size 3 does not fit into 1 pixels"),
        (lambda: slide(PICTURE, THREE, stride=0), r"stride \(0\)"),
        (lambda: slide(PICTURE, THREE, padding=-1), r"padding \(-1\)"),
        (lambda: pool(PICTURE, 9), "A map of 8 × 8 values cannot be pooled with a window size of 9"),
        (lambda: pool(PICTURE, 0), "with a window size of 0"),
        (lambda: pool(PICTURE, 2, "median"), "Unknown type of pooling: 'median'"),
        (lambda: kernel("blurry"), "Unknown kernel: 'blurry'"),
        (lambda: parse("1 2; 3"), "rows of the kernel have different lengths"),
        (lambda: parse(";"), "rows of the kernel have different lengths"),
        (lambda: parse("1 two"), "a value that is not a number"),
        (lambda: parse("1 nan"), "A number in the kernel is out of range"),
        (lambda: parse("1 1e9"), "A number in the kernel is out of range"),
        (lambda: parse("1 " * 12), "1 rows of 12"),
        (lambda: convolutions(b"no network"), "not a readable ONNX file"),
        (lambda: convolutions(b""), "has no convolutional layer"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(act, words):
    with pytest.raises(SpaceHubError, match=words):
        act()


def test_every_cut_of_a_file_is_a_sentence(network_file):
    data = network_file[0].read_bytes()
    for length in range(0, len(data), 97):
        with pytest.raises(SpaceHubError):
            convolutions(data[:length])
