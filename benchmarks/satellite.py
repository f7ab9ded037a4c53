"""Measure how fast the app classifies satellite images, compared with timm on PyTorch, and how fast it maps a scene.

    python -m benchmarks.satellite [FOLDER] [--pictures DIR] [--threads 2] [--seconds 2] [--json FILE]

FOLDER is an artefact folder or a snapshot of the published model (default: the newest model trained on this machine).
DIR contains images, on which the benchmark compares the predicted classes (default: noise). *ours* runs the ONNX files
on prepared float images. *theirs* runs the same weights in timm's network in PyTorch, in eager and inference mode, with
the same number of threads. The two take turns in one process. The last row is the time to map a scene of 4,000 x 4,000
pixels, from the JPEG file to the areas. timm cannot map scenes, so this row compares our time with a limit in seconds.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import timm
import torch
from PIL import Image

from benchmarks import trained
from benchmarks.report import report, row
from spacehub.serving.satellite import decode, scene
from spacehub.serving.satellite.predictor import SatellitePredictor, square

BATCHES, ROUNDS = (1, 32), 5
SCENE_SIDE, SCENE_LIMIT = 4_000, 15.0
# A tile of 64 pixels at 10 m, as in EuroSAT.
TILE_METRES, METRES_A_PIXEL = 640.0, 10.0


def session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """Open an ONNX file with `threads` threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def answerers(folder: Path, threads: int) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Return functions from float images [N, 3, S, S] to logits: ONNX (32-bit and 8-bit), and timm on PyTorch."""
    torch.set_num_threads(threads)
    network = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()

    def eager(pixels: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return network(torch.from_numpy(pixels)).numpy()

    def onnx(name: str) -> Callable[[np.ndarray], np.ndarray]:
        opened = session(folder / "onnx" / name, threads)
        return lambda pixels: opened.run(["logits"], {"pixels": pixels})[0]

    return {"fp32": onnx("model.onnx"), "int8": onnx("model_int8.onnx"), "timm": eager}


def rate(answer: Callable[[np.ndarray], np.ndarray], pixels: np.ndarray, seconds: float) -> float:
    """Return the images per second, measured over at least `seconds` seconds."""
    start, count = time.perf_counter(), 0
    while (taken := time.perf_counter() - start) < seconds:
        answer(pixels)
        count += len(pixels)
    return count / taken


def pictures(folder: Path | None, size: int) -> np.ndarray:
    """Return images in the size of the model's input, uint8 [N, S, S, 3]."""
    if folder is None:
        return np.random.default_rng(0).integers(0, 256, (64, size, size, 3), np.uint8)
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".jpg", ".png"))
    return np.stack([square(decode.read(path), size) for path in paths])


def mapped(predictor: SatellitePredictor, shown: np.ndarray) -> float:
    """Return the time to map a scene, from its JPEG file to its areas, in seconds."""
    side = round(TILE_METRES / METRES_A_PIXEL)
    tiles = [np.asarray(Image.fromarray(image).resize((side, side))) for image in shown]
    across = -(-SCENE_SIDE // side)
    chosen = np.random.default_rng(0).integers(0, len(tiles), (across, across))
    pixels = np.concatenate([np.concatenate([tiles[k] for k in line], axis=1) for line in chosen])
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "scene.jpg"
        Image.fromarray(pixels[:SCENE_SIDE, :SCENE_SIDE]).save(path, quality=92)
        start = time.perf_counter()
        picture = decode.read(path)
        cut = scene.grid(picture, metres=TILE_METRES, metres_a_pixel=METRES_A_PIXEL)
        rows = list(scene.look(predictor, picture, cut))
        assert scene.LandUse.of(rows, cut, predictor.classes, METRES_A_PIXEL).areas
        return time.perf_counter() - start


def measure(folder: Path, shown_in: Path | None, threads: int, seconds: float) -> list[dict]:
    """Measure the three networks in turn for each batch size, how often they agree, and a scene; return the rows."""
    predictor = SatellitePredictor(folder)
    shown = pictures(shown_in, predictor.size)
    ready = predictor.as_input(shown)
    answer = answerers(folder, threads)
    predicted = {name: ask(ready).argmax(axis=1) for name, ask in answer.items()}
    rows = []
    for batch in BATCHES:
        pixels = np.resize(ready, (batch, *ready.shape[1:]))
        rates = {name: [] for name in answer}
        for ask in answer.values():
            ask(pixels)
        for _ in range(ROUNDS):
            for name, ask in answer.items():
                rates[name].append(rate(ask, pixels, seconds))
        medians = {name: statistics.median(per_second) for name, per_second in rates.items()}
        rows += [
            row(f"{name}, batch {batch}, {threads} threads", medians[name], medians["timm"], "pic/s", ROUNDS)
            for name in ("fp32", "int8")
        ]
    for name in "fp32", "int8":
        same = float((predicted[name] == predicted["timm"]).mean())
        rows.append(row(f"{name}, same top class as timm", same, 1.0, "share", len(shown)))
    kind = "int8" if predictor.int8_agrees else "fp32"
    taken = statistics.median(mapped(predictor, shown) for _ in range(3))
    rows.append(row(f"scene of {SCENE_SIDE:,} x {SCENE_SIDE:,}, {kind} / limit", taken, SCENE_LIMIT, "s", 3))
    return rows


def main() -> None:
    """Run the benchmark with the options given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", type=Path, nargs="?", help="artefact folder or snapshot of the satellite model"
    )
    parser.add_argument("--pictures", type=Path, help="folder with images (default: noise)")
    parser.add_argument("--threads", type=int, default=2, help="number of threads")
    parser.add_argument("--seconds", type=float, default=2.0, help="duration of each measurement in seconds")
    parser.add_argument("--json", type=Path, help="also write the results to this file, as JSON")
    options = parser.parse_args()
    folder = trained.folder(options.folder, "satellite")
    report(measure(folder, options.pictures, options.threads, options.seconds), options.json)


if __name__ == "__main__":
    main()
