"""Quantise a transformer to eight bits so that its answers do not depend on the rest of the batch.

onnxruntime's ``quantize_dynamic`` takes one range over a whole batch, so a title's neighbours affect its
rounding. Here each token has its own range: x is divided by the largest |x| of its token, rounded to 255
steps, multiplied with the weights (one scale per column) and scaled back. All operators are standard;
ONNX Runtime fuses each pair of ``DequantizeLinear`` and ``MatMul`` into one integer product.

The weights of matrix products have about seven bits (−64 to 64). x86 processors without VNNI add two products of an
unsigned and a signed byte in 16 bits. With eight-bit weights (−127 to 127), this sum can saturate. Two products of 255
and 64 fit, so the sums are exact on every processor.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

STEPS = 127  # on each side of zero
WEIGHT_STEPS = 64
LARGE = 1_000  # an embedding table with at least this many rows is worth quantising


def write(model: Path, target: Path) -> None:
    """Write an ONNX file with constant weights and large embedding tables in eight bits."""
    proto = onnx.load(model)
    graph = proto.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    fresh = _Constants()
    step, middle = fresh.add(np.float32(1 / STEPS), "step"), fresh.add(np.uint8(128), "middle")
    nodes: list[NodeProto] = []
    ranges: dict[str, tuple[str, str]] = {}
    for node in graph.node:
        taken = weights.get(node.input[1 if node.op_type == "MatMul" else 0]) if node.input else None
        if node.op_type == "MatMul" and taken is not None and len(taken.dims) == 2:
            if node.input[0] not in ranges:
                rounding, *ranges[node.input[0]] = _round_tokens(node.input[0], step, middle)
                nodes += rounding
            rounded, largest = ranges[node.input[0]]
            nodes += _product(node, rounded, largest, numpy_helper.to_array(taken), fresh)
        elif (
            node.op_type == "Gather" and taken is not None and len(taken.dims) == 2 and taken.dims[0] >= LARGE
        ):
            nodes += _lookup(node, numpy_helper.to_array(taken), fresh)
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in [*graph.initializer, *fresh.made] if tensor.name in used]
    smaller = helper.make_graph(nodes, graph.name, graph.input, graph.output, kept)
    eight = helper.make_model(smaller, opset_imports=proto.opset_import, ir_version=proto.ir_version)
    onnx.checker.check_model(eight)
    onnx.save(eight, target)


class _Constants:
    def __init__(self):
        self.made: list[TensorProto] = []

    def add(self, value: np.ndarray | np.generic, name: str) -> str:
        self.made.append(numpy_helper.from_array(np.asarray(value), f"eight_bits/{name}"))
        return self.made[-1].name


def _round_tokens(x: str, step: str, middle: str) -> tuple[list[NodeProto], str, str]:
    """Return nodes that round each token of x, and the names of the rounded tokens and of each token's largest |x|.

    A token that is zero everywhere is rounded to an arbitrary value, which its largest |x|, zero, cancels.
    """
    size, largest, share, steps, rounded = (
        f"{x}/token/{part}" for part in ("size", "largest", "share", "steps", "rounded")
    )
    nodes = [
        helper.make_node("Abs", [x], [size]),
        helper.make_node("ReduceMax", [size], [largest], axes=[-1], keepdims=1),
        helper.make_node("Div", [x, largest], [share]),
        helper.make_node("QuantizeLinear", [share, step, middle], [steps]),
        helper.make_node("DequantizeLinear", [steps, step, middle], [rounded]),
    ]
    return nodes, rounded, largest


def _product(
    node: NodeProto, rounded: str, largest: str, weights: np.ndarray, fresh: _Constants
) -> list[NodeProto]:
    name = node.output[0]
    steps, scale = _rounded(weights, WEIGHT_STEPS, axis=0)
    kept = [fresh.add(steps, f"{name}/weights"), fresh.add(scale[0], f"{name}/scale")]
    return [
        helper.make_node("DequantizeLinear", kept, [f"{name}/weights"], axis=1),
        helper.make_node("MatMul", [rounded, f"{name}/weights"], [f"{name}/shares"]),
        helper.make_node("Mul", [f"{name}/shares", largest], [name]),
    ]


def _lookup(node: NodeProto, table: np.ndarray, fresh: _Constants) -> list[NodeProto]:
    name, places = node.output[0], node.input[1]
    steps, scale = _rounded(table, STEPS, axis=1)
    return [
        helper.make_node("Gather", [fresh.add(steps, f"{name}/table"), places], [f"{name}/steps"]),
        helper.make_node("Gather", [fresh.add(scale, f"{name}/scales"), places], [f"{name}/scale"]),
        helper.make_node("Cast", [f"{name}/steps"], [f"{name}/float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}/float", f"{name}/scale"], [name]),
    ]


def _rounded(values: np.ndarray, steps: int, *, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return values as int8, from -`steps` to `steps`, and the scale along the other axis.

    Their product approximates the values.
    """
    largest = np.abs(values).max(axis=axis, keepdims=True)
    scale = np.where(largest > 0, largest, 1).astype(np.float32) / np.float32(steps)
    return np.rint(values / scale).astype(np.int8), scale
