"""Open untrusted ONNX files: scan them before ONNX Runtime opens them, and read a model's inputs and outputs.

A file may name tensors in other files, run for ever (loops) or contain custom operators. The scan reads
only the structure of the protocol buffer, which takes a few milliseconds for 90 MB; field numbers are
those of onnx.proto (ONNX 1.17).
"""

import mmap
from collections.abc import Iterator
from pathlib import Path

import onnxruntime

LARGEST = 2**29  # bytes of a file
MOST_FIELDS = 400_000
DEEPEST = 8
DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
# The content of each kind of message, by field number; anything not listed is skipped unread.
_INSIDE = {
    "model": {7: "graph", 20: "training", 25: "functions"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {4: "operator", 5: "attribute", 7: "domain"},
    "attribute": {5: "tensor", 6: "subgraph", 10: "tensor", 11: "subgraph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external", 14: "location"},
}
_REFUSED = {
    "external": "the file reads tensors from another file",
    "functions": "the file contains its own functions",
    "subgraph": "the file contains loops or branches, which may never end",
    "training": "the file contains training steps",
}


def open_session(
    path: Path, options: onnxruntime.SessionOptions, **given: object
) -> onnxruntime.InferenceSession:
    """Scan an ONNX file and open it on the processor; `given` is passed to ONNX Runtime.

    Raises
    ------
    ValueError
        As `scan`.
    onnxruntime's exceptions
        If the file is not as expected.
    """
    scan(path)
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"], **given)


def scan(path: Path) -> None:
    """Check that a file is one ONNX graph that terminates: no other files, loops, branches, functions or operators.

    Raises
    ------
    ValueError
        The error names the forbidden part.
    OSError
        If the file cannot be read.
    """
    size = path.stat().st_size
    if not 0 < size <= LARGEST:
        raise ValueError(f"{path.name} is {size:,} bytes, but the limit is {LARGEST:,} bytes.")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            problem = _Scan(data).run()
        except (IndexError, RecursionError):
            problem = "the file is not in ONNX format"
    if problem:
        raise ValueError(f"{path.name} cannot be used: {problem}.")


class _Scan:
    def __init__(self, data: mmap.mmap):
        self._data, self._left, self._graphs = data, MOST_FIELDS, 0

    def run(self) -> str | None:
        """Return what is wrong with the file, if anything."""
        problem = self._message("model", 0, len(self._data), 0)
        return problem or (None if self._graphs == 1 else "the file is not in ONNX format")

    def _message(self, kind: str, start: int, end: int, depth: int) -> str | None:
        if depth > DEEPEST:
            return "the parts of the file are nested too deeply"
        for number, wire, first, last in self._fields(start, end):
            inside = _INSIDE[kind].get(number)
            if inside == "location":
                if first != 0:
                    return _REFUSED["external"]
                continue
            if inside is None:
                continue
            if inside in _REFUSED:
                return _REFUSED[inside]
            if wire != _BYTES:
                return "the file is not in ONNX format"
            if inside == "operator":
                continue
            if inside == "domain":
                domain = self._data[first : min(last, first + 80)].decode("utf-8", "replace")
                if domain not in DOMAINS:
                    return f"the file contains operators of the unknown domain {domain!r}"
                continue
            self._graphs += inside == "graph"
            if problem := self._message(inside, first, last, depth + 1):
                return problem
        return None

    def _fields(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield each field's number and wire type, and where its bytes begin and end.

        A number yields its value and 0.
        """
        while start < end:
            self._left -= 1
            if self._left < 0:
                raise ValueError(f"The file has more than {MOST_FIELDS:,} fields.")
            tag, start = self._varint(start, end)
            number, wire = tag >> 3, tag & 7
            if wire == _VARINT:
                value, start = self._varint(start, end)
                yield number, wire, value, 0
                continue
            if wire == _BYTES:
                length, start = self._varint(start, end)
            elif wire in (_EIGHT, _FOUR):
                length = 8 if wire == _EIGHT else 4
            else:
                raise IndexError
            if number == 0 or start + length > end:
                raise IndexError
            yield number, wire, start, start + length
            start += length

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = shift = 0
        while True:
            if at >= end or shift > 63:
                raise IndexError
            byte = self._data[at]
            at, value = at + 1, value | (byte & 127) << shift
            if byte < 128:
                return value, at
            shift += 7


def signature(session: onnxruntime.InferenceSession) -> dict[str, list[str]]:
    """Return a model's inputs and outputs, each as ``name type [shape]``; a free axis is written ``?``."""

    def written(entry: onnxruntime.NodeArg) -> str:
        axes = ", ".join(str(axis) if isinstance(axis, int) else "?" for axis in entry.shape)
        return f"{entry.name} {entry.type} [{axes}]"

    return {
        "takes": sorted(map(written, session.get_inputs())),
        "gives": sorted(map(written, session.get_outputs())),
    }
