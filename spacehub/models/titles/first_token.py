"""A classifier reads one token of its encoder's last layer, the first: what comes after the last attention is worked out for that alone.

In the network as it is exported the token is taken at the very end. Here it is taken as early as nothing changes by it:
before the steps that treat every token by itself.
"""

import onnx
from onnx import numpy_helper

# Each treats the tokens one by one, as long as what else it takes is a constant of no more dimensions than this.
_BY_TOKEN = {
    "Add": 1,
    "Div": 1,
    "Erf": 1,
    "Gelu": 1,
    "LayerNormalization": 1,
    "MatMul": 2,
    "Mul": 1,
    "Pow": 1,
    "Sqrt": 1,
    "Sub": 1,
    "Tanh": 1,
}


def take_early(model: onnx.ModelProto) -> int:
    """Move the step that takes the first token forward, in place; return how many steps then work on it alone.

    The model is one of `hidden` states [N, tokens, size] with one ``Gather`` of a place along the axis 1. A network that
    has none, or more, is left as it is, and the answer is 0.
    """
    graph = model.graph
    constants = _constants(graph)
    taken = [node for node in graph.node if _takes_a_token(node, constants)]
    if len(taken) != 1:
        return 0
    [take] = taken
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    outputs = {one.name for one in graph.output}
    moved: list[str] = []  # by what a node makes: a name is in a graph once
    for node in reversed(graph.node):
        used = [user.output[0] for user in users.get(node.output[0], ())]
        alone = used and node.output[0] not in outputs
        if alone and all(name in (take.output[0], *moved) for name in used) and _by_token(node, constants):
            moved.append(node.output[0])
    if not moved:
        return 0
    before: dict[str, str] = {}
    for node in graph.node:
        if node.output[0] in moved:
            for place, name in enumerate(node.input):
                if name and name not in constants and name not in moved:
                    node.input[place] = before.setdefault(name, f"{name}_first")
    for user in users[take.output[0]]:
        for place, name in enumerate(user.input):
            if name == take.output[0]:
                user.input[place] = take.input[0]
    for name, first in before.items():
        place = next(at for at, node in enumerate(graph.node) if name in node.output) + 1
        early = onnx.helper.make_node("Gather", [name, take.input[1]], [first], f"{first}/Gather", axis=1)
        graph.node.insert(place, early)
    graph.node.remove(take)
    return len(moved)


def _constants(graph: onnx.GraphProto) -> dict[str, onnx.TensorProto]:
    """Return every constant of a network by its name."""
    found = {one.name: one for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            found[node.output[0]] = next(one.t for one in node.attribute if one.name == "value")
    return found


def _takes_a_token(node: onnx.NodeProto, constants: dict[str, onnx.TensorProto]) -> bool:
    """Tell whether a node takes one place of the axis 1, so that the axis is gone."""
    if node.op_type != "Gather" or node.input[1] not in constants:
        return False
    axis = next((one.i for one in node.attribute if one.name == "axis"), 0)
    return axis == 1 and numpy_helper.to_array(constants[node.input[1]]).ndim == 0


def _by_token(node: onnx.NodeProto, constants: dict[str, onnx.TensorProto]) -> bool:
    """Tell whether what a node makes of a token depends on no other token."""
    if node.op_type not in _BY_TOKEN:
        return False
    if any(one.name == "axis" and one.i != -1 for one in node.attribute):
        return False
    if node.op_type == "MatMul" and node.input[1] not in constants:
        return False
    return all(
        len(constants[name].dims) <= _BY_TOKEN[node.op_type] for name in node.input if name in constants
    )
