"""Models that a stranger, a broken disk or a slip may publish: each takes a good model's folder and spoils it."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.tampering import edit

NAMES = ("input_ids", "token_type_ids", "attention_mask")
FILES = ("model.onnx", "model_int8.onnx")


def graph(nodes: list, constants: dict[str, np.ndarray] | None = None, *, external: str = "", width: int = 2):
    """Return an ONNX model with the inputs and outputs of a classifier of titles."""
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "tokens"]) for name in NAMES]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", width])
    kept = [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()]
    for tensor in kept if external else ():
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", external
    made = helper.make_graph(nodes, "words", inputs, [output], kept)
    sets = [helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)]
    return helper.make_model(made, opset_imports=sets, ir_version=8)


def write(folder: Path, model: onnx.ModelProto) -> None:
    for name in FILES:
        (folder / "onnx" / name).write_bytes(model.SerializeToString())


def _summed(name: str, source: str = "input_ids", width: int = 2) -> list:
    """Return nodes that make `width` logits of the input, to which whatever `name` holds is added."""
    return [
        helper.make_node("Cast", [source], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["float", "axis"], ["sum"], keepdims=1),
        helper.make_node("ReduceMax", [name], ["one"], keepdims=0),
        helper.make_node("Add", ["sum", "one"], ["added"]),
        helper.make_node("Concat", ["added"] * width, ["logits"], axis=1),
    ]


AXIS = {"axis": np.array([1])}


class Runs:
    """What a pickle does when it is loaded."""

    def __init__(self, path: Path):
        self._path = path

    def __reduce__(self):
        return Path.touch, (self._path,)


def pickled(folder: Path) -> None:
    for name in FILES:
        (folder / "onnx" / name).write_bytes(pickle.dumps(Runs(folder / "ran")))


def external(location: str) -> Callable[[Path], None]:
    return lambda folder: write(
        folder, graph(_summed("data"), AXIS | {"data": np.zeros(16, np.float32)}, external=location)
    )


def unknown_operator(folder: Path) -> None:
    nodes = [helper.make_node("Nonsense", ["input_ids"], ["data"]), *_summed("data")]
    write(folder, graph(nodes, AXIS))


def foreign_operator(folder: Path) -> None:
    nodes = [helper.make_node("Shell", ["input_ids"], ["data"], domain="com.example"), *_summed("data")]
    write(folder, graph(nodes, AXIS))


def enormous(folder: Path) -> None:
    constants = AXIS | {"shape": np.array([2**38], np.int64)}
    nodes = [helper.make_node("ConstantOfShape", ["shape"], ["data"]), *_summed("data")]
    write(folder, graph(nodes, constants))


def endless_loop(folder: Path) -> None:
    given = [
        helper.make_tensor_value_info("i", TensorProto.INT64, []),
        helper.make_tensor_value_info("go", TensorProto.BOOL, []),
    ]
    again = [helper.make_tensor_value_info("on", TensorProto.BOOL, [])]
    body = helper.make_graph([helper.make_node("Identity", ["go"], ["on"])], "body", given, again)
    nodes = [helper.make_node("Loop", ["", "true"], [], body=body), *_summed("float")]
    write(folder, graph(nodes, AXIS | {"true": np.array(True)}))


def endless_work(folder: Path) -> None:
    """Ask for products that take a processor minutes, in little memory."""
    constants = AXIS | {"shape": np.array([3000, 3000], np.int64), "small": np.array(1e-9, np.float32)}
    nodes = [
        helper.make_node("Cast", ["input_ids"], ["first"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["first"], ["seed"], keepdims=0),
        helper.make_node("Mul", ["seed", "small"], ["tiny"]),
        helper.make_node("Expand", ["tiny", "shape"], ["m0"]),
        *(helper.make_node("MatMul", [f"m{at}", f"m{at}"], [f"m{at + 1}"]) for at in range(400)),
    ]
    write(folder, graph([*nodes, *_summed("m400")], constants))


def three_classes(folder: Path) -> None:
    write(folder, graph(_summed("float", width=3), AXIS, width=3))


def pattern_in_tokenizer(folder: Path) -> None:
    split = {
        "type": "Split",
        "pattern": {"Regex": "(a+)+$"},
        "behavior": "Isolated",
        "invert": False,
    }
    edit(folder / "tokenizer.json", lambda settings: settings.update(pre_tokenizer=split))


def text(name: str, content: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(content)


def change(name: str, **values: object) -> Callable[[Path], None]:
    return lambda folder: edit(folder / name, lambda settings: settings.update(values))


def known_answer(**values: object) -> Callable[[Path], None]:
    return lambda folder: edit(
        folder / "results.json", lambda settings: settings["examples"][0].update(values)
    )


def renamed(folder: Path) -> None:
    """Give the first label another name; the known answers have it too."""

    def rename(settings: dict) -> None:
        for one in settings["examples"]:
            one["label"] = one["label"].replace("other", "not")

    edit(folder / "onnx/inputs.json", lambda settings: settings.update(labels=["not", "space"]))
    edit(folder / "results.json", rename)


HTML = "<!doctype html><script>alert(1)</script>"
DEEP = '{"metrics": ' + "[" * 100_000 + "]" * 100_000 + "}"
METRIC = {"key": "f1_space", "name": "F1", "value": 0.9}
BIN = {"n": 300, "sure": "0.05", "right": 0.04, "low": 0.02, "high": 0.07}

# What is spoiled, how, and a part of what is said of it.
HOSTILE = {
    "a pickle": (pickled, "not in ONNX format"),
    "external data": (external("/etc/passwd"), "reads tensors from another file"),
    "external data above": (external("../../../secret"), "reads tensors from another file"),
    "an unknown operator": (unknown_operator, "Nonsense"),
    "a foreign operator": (foreign_operator, "com.example"),
    "enormous shapes": (enormous, "[Cc]annot (be )?read|memory"),
    "an endless loop": (endless_loop, "loops or branches"),
    "endless work": (endless_work, "took longer than|processor time"),
    "three classes": (three_classes, "[Cc]annot (be )?read"),
    "an empty file": (lambda folder: (folder / "onnx" / "model_int8.onnx").write_bytes(b""), "0 bytes"),
    "a pattern that backtracks": (pattern_in_tokenizer, "regular expression"),
    "another word rule": (change("linear/model.json", token="(a+)+$"), "The token pattern in"),
    "weights that are words": (
        change("linear/model.json", terms={"moon": ["a", "b"]}),
        "[Cc]annot (be )?read",
    ),
    "results that are HTML": (text("results.json", HTML), "results.json is not valid JSON"),
    "results that are a list": (text("results.json", "[1, 2]"), "not a JSON object"),
    "results that are deep": (text("results.json", DEEP), "nested too deeply"),
    "results with NaN": (text("results.json", '{"rows": NaN}'), "NaN is not a valid JSON number"),
    "metrics that are text": (change("results.json", metrics="none"), "metrics is not a list"),
    "a metric that is text": (
        change("results.json", metrics=[METRIC | {"value": HTML}]),
        "f1_space.* is not a number",
    ),
    "a baseline that is a list": (
        change("results.json", metrics=[METRIC | {"baseline": [1]}]),
        "baseline of a metric",
    ),
    "reliability that is text": (change("results.json", reliability={"bins": [BIN]}), "reliability"),
    "inputs that are HTML": (text("onnx/inputs.json", HTML), "[Cc]annot (be )?read"),
    "labels that are a number": (change("onnx/inputs.json", labels=2), "[Cc]annot (be )?read"),
    "swapped labels": (
        change("onnx/inputs.json", labels=["space", "other"]),
        "whose expected answer is 'space'",
    ),
    "a wrong known answer": (known_answer(int8=0.5), "does not reproduce its expected answer"),
    "a known answer that is text": (known_answer(int8="0.95"), "does not reproduce its expected answer"),
    "no known answers": (change("results.json", examples=[]), "has no expected answers"),
    "known answers that are HTML": (
        change("results.json", examples=HTML),
        "must be a list of expected answers",
    ),
}
