"""The convolutions in an ONNX file, parsed directly, without the onnx package.

An ONNX file is a Protocol Buffers message (protobuf.dev/programming-guides/encoding): a sequence of fields, each
with a number, a kind and a value. The field numbers are those of onnx.proto (github.com/onnx/onnx). Only the
fields needed to inspect the convolutions are read. A message's fields may come in any order and in several
parts, so a few appended bytes are enough to add another output to the network.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spacehub.errors import SpaceHubError

VARINT, LONG, BYTES, SHORT = 0, 1, 2, 5
# Numbers of the fields of onnx.proto's messages.
MODEL_GRAPH = 7
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT = 1, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, NODE_KIND, NODE_ATTRIBUTE = 1, 2, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_INTEGER, ATTRIBUTE_INTEGERS = 1, 3, 8
TENSOR_SHAPE, TENSOR_TYPE, TENSOR_FLOATS, TENSOR_NAME, TENSOR_RAW = 1, 2, 4, 8, 9
VALUE_NAME, FLOAT = 1, 1
# Operators that read their whole input at once.
GLOBAL = ("GlobalAveragePool", "GlobalMaxPool", "ReduceMean")


@dataclass(frozen=True, kw_only=True)
class Convolution:
    """A convolution of a network: the names of its input and output, and its numbers.

    `weights` are float32 [F, C / groups, h, w], and `bias` is float32 [F]. `pads` are top, left, bottom and right.
    `field` is the receptive field: the side, in pixels, of the square of the image that one value of its maps
    depends on. It is infinite if the value depends on the whole image.
    """

    input: str
    output: str
    weights: np.ndarray
    bias: np.ndarray
    stride: int
    pads: tuple[int, int, int, int]
    groups: int
    field: float


def convolutions(data: bytes) -> list[Convolution]:
    """Return the convolutions of an ONNX file, in execution order.

    Raises
    ------
    SpaceHubError
        If the file is not an ONNX file, or has no convolutions.
    """
    try:
        graph = b"".join(value for number, value in _fields(data) if number == MODEL_GRAPH)
        layers = list(_convolutions(graph))
    except (ValueError, IndexError, KeyError, struct.error, TypeError, AttributeError) as error:
        raise SpaceHubError("The file is not a readable ONNX file.", "Publish the model again.") from error
    if not layers:
        raise SpaceHubError("The network has no convolutional layer.", "Choose a convolutional network.")
    return layers


def with_outputs(data: bytes, names: list[str]) -> bytes:
    """Return the ONNX file with the network's internal values in `names` as additional outputs."""
    outputs = b"".join(_field(GRAPH_OUTPUT, _field(VALUE_NAME, name.encode())) for name in names)
    return data + _field(MODEL_GRAPH, outputs)


def _convolutions(graph: bytes) -> Iterator[Convolution]:
    parts = list(_fields(graph))
    tensors = dict(_tensor(value) for number, value in parts if number == GRAPH_INITIALIZER)
    # For each value inside the network: its receptive field, and the distance between its neighbours in the image.
    reach = {_first(value, VALUE_NAME).decode(): (1.0, 1) for number, value in parts if number == GRAPH_INPUT}
    for number, value in parts:
        if number != GRAPH_NODE:
            continue
        inputs, outputs, kind, attributes = _node(value)
        known = [reach[name] for name in inputs if name in reach]
        field, jump = max(known) if known else (1.0, 1)
        if ("kernel_shape" in attributes and "Pool" in kind) or kind == "Conv":
            stride = attributes.get("strides", [1, 1])[0]
            field, jump = field + (_extent(kind, attributes, tensors, inputs) - 1) * jump, jump * stride
        elif kind in GLOBAL:
            field = math.inf
        if known:
            reach |= dict.fromkeys(outputs, (field, jump))
        if kind == "Conv":
            weights = tensors[inputs[1]]
            yield Convolution(
                input=inputs[0],
                output=outputs[0],
                weights=weights,
                bias=tensors[inputs[2]] if len(inputs) > 2 else np.zeros(len(weights), np.float32),
                stride=stride,
                pads=tuple(attributes.get("pads", [0, 0, 0, 0])),
                groups=attributes.get("group", [1])[0],
                field=field,
            )


def _extent(kind: str, attributes: dict, tensors: dict, inputs: list[str]) -> int:
    """Return how many pixels the window of a convolution or pooling spans along a side."""
    kernel = attributes["kernel_shape"][0] if "kernel_shape" in attributes else tensors[inputs[1]].shape[2]
    return (kernel - 1) * attributes.get("dilations", [1])[0] + 1


def _node(message: bytes) -> tuple[list[str], list[str], str, dict[str, list[int]]]:
    inputs, outputs, kind, attributes = [], [], "", {}
    for number, value in _fields(message):
        if number == NODE_INPUT:
            inputs.append(value.decode())
        elif number == NODE_OUTPUT:
            outputs.append(value.decode())
        elif number == NODE_KIND:
            kind = value.decode()
        elif number == NODE_ATTRIBUTE:
            fields = list(_fields(value))
            integers = _integers(fields, ATTRIBUTE_INTEGERS) or _integers(fields, ATTRIBUTE_INTEGER)
            attributes[_first(value, ATTRIBUTE_NAME).decode()] = integers
    return inputs, outputs, kind, attributes


def _tensor(message: bytes) -> tuple[str, np.ndarray]:
    """Return a tensor's name and its numbers, or None if they are not 32-bit floats."""
    fields = list(_fields(message))
    name = next(value for number, value in fields if number == TENSOR_NAME).decode()
    if _integers(fields, TENSOR_TYPE) != [FLOAT]:
        return name, np.zeros(0, np.float32)
    raw = b"".join(value for number, value in fields if number in (TENSOR_RAW, TENSOR_FLOATS))
    return name, np.frombuffer(raw, "<f4").reshape(_integers(fields, TENSOR_SHAPE))


def _integers(fields: list, wanted: int) -> list[int]:
    """Return the integers of a field that may occur several times, or be packed into one."""
    integers = []
    for number, value in fields:
        if number == wanted:
            at = 0
            while isinstance(value, bytes) and at < len(value):
                integer, at = _varint(value, at)
                integers.append(integer)
            if isinstance(value, int):
                integers.append(value)
    return integers


def _first(message: bytes, wanted: int) -> bytes:
    return next(value for number, value in _fields(message) if number == wanted)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the number and value of each field of a message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind, size = key & 7, 0
        if kind == VARINT:
            value, at = _varint(message, at)
        elif kind in (BYTES, LONG, SHORT):
            size, at = _varint(message, at) if kind == BYTES else ({LONG: 8, SHORT: 4}[kind], at)
            value = message[at : at + size]
            at += size
        else:
            raise ValueError(f"The file contains a field of unknown type ({kind}).")
        if at > len(message):
            raise ValueError("cut off")
        yield key >> 3, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the integer that starts at a position, stored seven bits per byte, and the position after it."""
    number, shift = 0, 0
    while True:
        byte = message[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
        if shift > 63:
            raise ValueError("The file contains a number longer than 64 bits.")


def _field(number: int, value: bytes) -> bytes:
    """Encode a field of bytes."""
    return _as_varint(number << 3 | BYTES) + _as_varint(len(value)) + value


def _as_varint(number: int) -> bytes:
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])
