"""Remove the shape arithmetic that tracing leaves in a transformer's ONNX graph."""

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

# Two shapes of a batch, titles and tokens, without a common number: what is equal for both does not
# depend on the batch.
_BATCHES = ((2, 5), (3, 7))


def fix_reshapes(model: onnx.ModelProto) -> None:
    """Replace the computed shape of each ``Reshape`` by a constant if one constant works.

    0 means the input's own size.
    """
    graph = model.graph
    reshapes = [node for node in graph.node if node.op_type == "Reshape"]
    names = sorted({name for node in reshapes for name in node.input})
    first, second = (_shapes(model, names, batch, reshapes) for batch in _BATCHES)
    for node, (given, wanted), (given_too, wanted_too) in zip(reshapes, first, second, strict=True):
        input_sizes = list(zip(given, given_too, strict=True))
        sizes = [
            pair[0] if pair[0] == pair[1] else 0 if input_sizes[place : place + 1] == [pair] else None
            for place, pair in enumerate(zip(wanted, wanted_too, strict=True))
        ]
        if None not in sizes:
            shape = numpy_helper.from_array(np.array(sizes, np.int64), f"{node.output[0]}/shape")
            graph.initializer.append(shape)
            node.input[1] = shape.name
    _drop_unused(graph)


def _shapes(model: onnx.ModelProto, names: list[str], batch: tuple[int, int], reshapes: list) -> list[tuple]:
    """Return the input shape of each ``Reshape`` and the shape that it computes, for a batch of this shape."""
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    known = {value.name for value in probe.graph.output}
    probe.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in known)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        probe.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    inputs = {value.name: np.ones(batch, np.int64) for value in session.get_inputs()}
    shapes = dict(zip(names, session.run(names, inputs), strict=True))
    return [(shapes[node.input[0]].shape, shapes[node.input[1]].tolist()) for node in reshapes]


def _drop_unused(graph: onnx.GraphProto) -> None:
    needed, kept = {tensor.name for tensor in graph.output}, []
    for node in reversed(graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    weights = [tensor for tensor in graph.initializer if tensor.name in needed]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(weights)
