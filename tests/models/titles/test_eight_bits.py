"""Eight bits: each token is rounded by its own range, and rounding costs what it should."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from spacehub.models.titles import eight_bits

TOKENS, WIDE, OUT, WORDS = 6, 48, 40, 1_200
rng = np.random.default_rng(0)
WEIGHTS = rng.normal(size=(WIDE, OUT)).astype(np.float32)
TABLE = rng.normal(size=(WORDS, WIDE)).astype(np.float32) * rng.uniform(0.01, 10, (WORDS, 1)).astype(
    np.float32
)
TABLE[7] = 0


@pytest.fixture(scope="module")
def sessions(tmp_path_factory):
    """A table of embeddings and a product with constant weights: as they are, and in eight bits."""
    folder = tmp_path_factory.mktemp("onnx")
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["x"]),
        helper.make_node("MatMul", ["x", "weights"], ["y"]),
    ]
    value = helper.make_tensor_value_info
    ids = [value("ids", TensorProto.INT64, ["N", "tokens"])]
    ends = [value(name, TensorProto.FLOAT, ["N", "tokens", size]) for name, size in (("x", WIDE), ("y", OUT))]
    kept = [numpy_helper.from_array(TABLE, "table"), numpy_helper.from_array(WEIGHTS, "weights")]
    graph = helper.make_graph(nodes, "product", ids, ends, kept)
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(whole, folder / "whole.onnx")
    eight_bits.write(folder / "whole.onnx", folder / "eight.onnx")
    return [onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("whole", "eight")]


def test_a_token_is_rounded_alike_in_any_company(sessions):
    ids = rng.integers(0, WORDS, (20, TOKENS))
    x, y = sessions[1].run(["x", "y"], {"ids": ids})
    for row in range(20):
        for token in range(TOKENS):
            alone = sessions[1].run(["x", "y"], {"ids": ids[row : row + 1, token : token + 1]})
            assert np.array_equal(alone[0][0, 0], x[row, token])
            assert np.array_equal(alone[1][0, 0], y[row, token])


def test_rounding_costs_half_a_step_at_most(sessions):
    ids = np.arange(WORDS)[np.newaxis]
    (x, y), (rounded, found) = (one.run(["x", "y"], {"ids": ids}) for one in sessions)
    largest = np.abs(x).max(axis=-1, keepdims=True)
    assert (np.abs(rounded - x) <= largest / eight_bits.STEPS / 2 * 1.001).all()
    # Twice half a step for the token, once from the table and once from the product, and half a step for each weight.
    token, weight = largest / eight_bits.STEPS, np.abs(WEIGHTS).max(axis=0) / eight_bits.WEIGHT_STEPS / 2
    bound = token * np.abs(WEIGHTS).sum(axis=0) + weight * (
        np.abs(x).sum(axis=-1, keepdims=True) + token * WIDE
    )
    assert (np.abs(found - y) <= bound * 1.001).all()
    assert np.abs(found - y).max() > 0


def test_a_token_that_is_zero_stays_zero(sessions):
    assert not sessions[1].run(["y"], {"ids": np.array([[7]])})[0].any()


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_the_largest_products_are_added_exactly_on_this_processor(tmp_path, rows):
    weights = np.ones((WIDE, OUT), np.float32)
    weights[:, ::3] = -1
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        "product",
        [value("x", TensorProto.FLOAT, ["N", WIDE])],
        [value("y", TensorProto.FLOAT, ["N", OUT])],
        [numpy_helper.from_array(weights, "weights")],
    )
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        tmp_path / "whole.onnx",
    )
    eight_bits.write(tmp_path / "whole.onnx", tmp_path / "eight.onnx")
    x = np.ones((rows, WIDE), np.float32)
    x[:, ::5] = -1
    [found] = onnxruntime.InferenceSession(tmp_path / "eight.onnx").run(["y"], {"x": x})
    assert np.allclose(found, x @ weights, rtol=1e-5)
