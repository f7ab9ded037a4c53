"""Copies of a published folder with something changed in them, the card changed to match, and what a check makes of it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from huggingface_hub import snapshot_download

from spacehub import cards
from spacehub.models.proof import FAILED
from spacehub.verify import verify_folder


def copy(folder: Path, target: Path) -> Path:
    """Copy a snapshot, links resolved, so that files can be changed."""
    return Path(shutil.copytree(folder, target, symlinks=False))


def rows_of(folder: Path, hub) -> Path:
    """Return the folder of the dataset that a model's results name."""
    named = json.loads((folder / "results.json").read_text(encoding="utf-8"))["dataset"]
    return Path(
        snapshot_download(
            named["id"],
            repo_type="dataset",
            revision=named["commit"],
            endpoint=hub.endpoint,
            cache_dir=hub.folder / "rows",
        )
    )


def edit(path: Path, change: Callable[[dict], None]) -> None:
    """Change a JSON file in place."""
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def noise(path: Path) -> None:
    """Replace every tensor of a safetensors file by noise."""
    from safetensors.numpy import load_file, save_file

    rng = np.random.default_rng(0)
    tensors = load_file(path)
    made = {
        name: rng.normal(0, 0.05, value.shape).astype(value.dtype) if value.dtype.kind == "f" else value
        for name, value in tensors.items()
    }
    save_file(made, path, metadata={"format": "pt"})


def nudge(path: Path) -> None:
    """Change the first weights of an ONNX file a little."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    weights = next(one for one in model.graph.initializer if "." in one.name)
    changed = numpy_helper.to_array(weights) * np.float32(1.01)
    weights.CopyFrom(numpy_helper.from_array(changed, weights.name))
    onnx.save(model, path)


def repaint(folder: Path) -> None:
    """Turn every figure upside down."""
    from PIL import Image

    for path in (folder / "figures").glob("*.png"):
        with Image.open(path) as image:
            turned = image.rotate(180)
        turned.save(path)


def failures_text(key: str, folder: Path, rows: Path) -> str:
    """Return a Python text that prints `failures`, for a process that knows the Hub: some checks pull more from it."""
    return (
        "import json; from pathlib import Path; from tests.tampering import failures\n"
        f"print(json.dumps(sorted(failures({key!r}, Path({str(folder)!r}), Path({str(rows)!r})))))"
    )


def failures(key: str, folder: Path, rows: Path | None, *, retrain: bool = False) -> set[str]:
    """Render the card to match, check the folder, and return the names of the claims that fail."""
    (folder / "README.md").write_text(cards.render(key, folder), encoding="utf-8")
    return {one.name for one in verify_folder(key, folder, rows, retrain=retrain) if one.state == FAILED}
