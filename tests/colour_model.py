"""A classifier of pictures whose answers you can verify by eye: it names the strongest of red, green and blue."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

CLASSES = ["Industrial", "Forest", "SeaLake"]
COLOURS = {"Industrial": (200, 60, 60), "Forest": (40, 160, 40), "SeaLake": (30, 60, 220)}
SIZE, CELLS, STRENGTH, TEMPERATURE = 64, 4, 6.0, 2.0
# Nothing is unlike what it knows: only what is blank, grey, noise or of another size raises a doubt.
KNOWN = {"side": SIZE, "means": np.zeros((3, 10)).tolist(), "precision": np.eye(10).tolist()}
KNOWN |= {"threshold": 1e9, "grain": 4.0}
BINS = [
    {"n": 30, "sure": 0.5, "right": 0.5, "low": 0.33, "high": 0.67},
    {"n": 30, "sure": 0.98, "right": 29 / 30, "low": 0.83, "high": 1.0},
]


def write_model(folder: Path, *, agreement: float = 1.0) -> Path:
    """Write the files of a published model: the map is `STRENGTH` times the colour's part in each of 4 x 4 cells."""
    weight = numpy_helper.from_array(STRENGTH * np.eye(3, dtype=np.float32)[..., None, None], "weight")
    cell = SIZE // CELLS
    nodes = [
        helper.make_node("AveragePool", ["pixels"], ["cells"], kernel_shape=[cell] * 2, strides=[cell] * 2),
        helper.make_node("Conv", ["cells", "weight"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["logits"]),
    ]
    shapes = {"pixels": ["N", 3, SIZE, SIZE], "logits": ["N", 3], "map": ["N", 3, CELLS, CELLS]}
    values = {name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in shapes}
    graph = helper.make_graph(
        nodes, "colours", [values["pixels"]], [values["logits"], values["map"]], [weight]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "onnx").mkdir(parents=True)
    onnx.save(model, folder / "onnx" / "model.onnx")
    shutil.copy(folder / "onnx" / "model.onnx", folder / "onnx" / "model_int8.onnx")
    inputs = {"classes": CLASSES, "size": SIZE, "mean": 0.5, "std": 0.5, "temperature": TEMPERATURE}
    inputs["known"] = KNOWN
    (folder / "onnx" / "inputs.json").write_text(json.dumps(inputs | {"metres_a_pixel": 10.0}))
    results = {"simulated": False, "reliability": {"bins": BINS}, "onnx": {"int8": {"share": agreement}}}
    results["known"] = [known(name) for name in CLASSES]
    (folder / "results.json").write_text(json.dumps(results))
    return folder


def known(name: str) -> dict:
    """Return what it says, worked out by hand, of a picture of one colour."""
    raised = np.exp(STRENGTH / TEMPERATURE * (np.array(COLOURS[name]) / 255 - 0.5) / 0.5)
    said = dict(zip(CLASSES, (raised / raised.sum()).tolist(), strict=True))
    return {"colours": [[COLOURS[name]]], "chances": said, "int8": said}


def write_dataset(folder: Path) -> Path:
    """Write what the app reads of the dataset: its facts, and a picture of each class to try."""
    (folder / "examples").mkdir(parents=True)
    listed = []
    for name in CLASSES:
        Image.new("RGB", (SIZE, SIZE), COLOURS[name]).save(folder / "examples" / f"{name}-1.png")
        listed.append({"file": f"{name}-1.png", "label": name})
    (folder / "examples" / "index.json").write_text(json.dumps({"split": "test", "examples": listed}))
    facts = {"rows": 3, "sizes": [{"width": SIZE, "height": SIZE, "pictures": 3}], "metres_a_pixel": 10.0}
    (folder / "build.json").write_text(json.dumps(facts))
    return folder


def add_speckled(dataset: Path, classes: set[str]) -> None:
    """Add a noisy picture of each further class to the pictures to try."""
    index = dataset / "examples" / "index.json"
    listed = json.loads(index.read_text())
    for name in sorted(classes - set(CLASSES)):
        Image.fromarray(speckled(SIZE, SIZE)).save(index.with_name(f"{name}-1.png"))
        listed["examples"].append({"file": f"{name}-1.png", "label": name})
    index.write_text(json.dumps(listed))


def speckled(height: int, width: int) -> np.ndarray:
    """Return a picture of noisy hills, uint8 [height, width, 3]."""
    draw = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    hills = 90 + 60 * np.stack([np.sin(x / 5), np.cos(y / 6), np.sin((x + y) / 7)], axis=-1)
    return (hills + draw.normal(0, 6, hills.shape)).clip(1, 255).astype(np.uint8)


def land(*rows: str) -> np.ndarray:
    """Return a picture, uint8, of one tile for each letter of `rows`: i, f, s, or a dot for black."""
    colours = {name[0].lower(): colour for name, colour in COLOURS.items()} | {".": (0, 0, 0)}
    tiles = np.array([[colours[letter] for letter in row] for row in rows], np.uint8)
    return tiles.repeat(SIZE, axis=0).repeat(SIZE, axis=1)
