"""Fit the statistics behind doubts, and measure how often the test split and other images raise a doubt."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from spacehub.data import sources
from spacehub.models.satellite.pictures import Pictures
from spacehub.serving.reliability import wilson
from spacehub.serving.satellite.doubts import KINDS, SIZE, Known, grain, statistics
from spacehub.serving.satellite.predictor import square

# The usual choice for such scores: of 100 validation images, 95 raise no doubt.
ACCEPTED = 0.95
SHRINKAGE, RIDGE = 0.1, 1e-4
OTHERS = {
    "eurosat-rgb": ("UC Merced", ("uc_merced/UCMerced_LandUse_jpg.zip", "uc_merced/UCMerced_LandUse.zip")),
    "uc-merced": ("EuroSAT", ("eurosat/EuroSAT_sample.zip", "eurosat/EuroSAT.zip")),
}
MOST, MADE, SQUARES = 300, 200, 40
SKIMAGE = ("astronaut.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg")
SKLEARN = ("china.jpg", "flower.jpg")


def fit(shown: Pictures) -> dict:
    """Return the part ``known`` of ``onnx/inputs.json`` from all training images, with a threshold by validation.

    The classes share one covariance, a tenth of which is moved to its diagonal.
    """
    rows = shown.rows("train")
    pixels, labels = _as_seen(shown, rows), shown.labels[rows]
    described = statistics(pixels)
    classes, places = np.unique(labels, return_inverse=True)
    means = np.stack([described[labels == label].mean(axis=0) for label in classes])
    covariance = np.cov((described - means[places]).T)
    diagonal = np.diag(np.diag(covariance))
    precision = np.linalg.inv(
        (1 - SHRINKAGE) * covariance + SHRINKAGE * diagonal + RIDGE * np.eye(len(diagonal))
    )
    stated = {
        "side": shown.side,
        "means": np.round(means, 5).tolist(),
        "precision": np.round(precision, 5).tolist(),
        "threshold": 0.0,
        "grain": round(float(grain(described).max()), 5),
    }
    far = Known.of(stated).distances(statistics(_as_seen(shown, shown.rows("validation"))))
    return stated | {"threshold": round(float(np.quantile(far, ACCEPTED)), 5)}


def add(folder: Path, stated: dict) -> None:
    """Add the result of `fit` to the folder's ``onnx/inputs.json``."""
    path = folder / "onnx" / "inputs.json"
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"known": stated}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def rates(stated: dict, shown: Pictures) -> list[dict]:
    """Count how many images of several sets raise a doubt, with its Wilson interval, and of which kinds.

    The sets are the test split, the test split in greyscale, noise, and images of one colour. Images of
    the other dataset and of photographs are added if they are on this machine. All are resized to the
    model's size, so none is doubted for its size.
    """
    return [_rate(Known.of(stated), *pictures) for pictures in sets(shown)]


def sets(shown: Pictures) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name and the uint8 images [N, S, S, 3] of each set."""
    size = shown.pixels.shape[2]
    test = _as_seen(shown, shown.rows("test"))
    yield "test split", test
    yield "test split in greyscale", np.repeat(test.mean(axis=3, keepdims=True).astype(np.uint8), 3, axis=3)
    name, archives = OTHERS.get(shown.id.split("/")[-1], ("", ()))
    path = next(filter(None, map(sources.at_hand, archives)), None)
    if path:
        yield f"{name} ({path.name})", _archive(path, size)
    photographs = _photographs(size)
    if len(photographs):
        yield f"squares from {len(SKIMAGE) + len(SKLEARN)} photographs", photographs
    draw = np.random.default_rng(0)
    coarse = draw.integers(0, 256, (MADE // 4, 8, 8, 3), np.uint8)
    shape = (MADE // 4, size, size, 3)
    yield (
        "noise",
        np.concatenate(
            [
                draw.integers(0, 256, shape, np.uint8),
                np.clip(draw.normal(128, 30, shape), 0, 255).astype(np.uint8),
                np.repeat(draw.integers(0, 256, (*shape[:3], 1), np.uint8), 3, axis=3),
                np.stack([square(Image.fromarray(squares), size) for squares in coarse]),
            ]
        ),
    )
    yield (
        "one colour",
        np.broadcast_to(draw.integers(0, 256, (MADE, 1, 1, 3), np.uint8), (MADE, size, size, 3)),
    )


def _rate(known: Known, name: str, pixels: np.ndarray) -> dict:
    raised = known.doubts(statistics(pixels))
    doubted = sum(map(bool, raised))
    low, high = wilson(doubted, len(pixels))
    kinds = {kind: sum(kind in kinds_raised for kinds_raised in raised) for kind in KINDS if kind != SIZE}
    share = doubted / len(pixels)
    return {
        "name": name,
        "n": len(pixels),
        "doubted": doubted,
        "share": share,
        "low": low,
        "high": high,
        "kinds": kinds,
    }


def _as_seen(shown: Pictures, rows: np.ndarray) -> np.ndarray:
    return shown.pixels[rows].transpose(0, 2, 3, 1)


def _archive(path: Path, size: int) -> np.ndarray:
    """Return images from a zip, evenly spread over its names, at most `MOST`."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".tif", ".png")))
        chosen = names[:: -(-len(names) // MOST)]
        return np.stack([square(Image.open(io.BytesIO(archive.read(name))), size) for name in chosen])


def _photographs(size: int) -> np.ndarray:
    """Return squares of the photographs that come with scikit-image and scikit-learn, drawn with a fixed seed."""
    try:
        import skimage
        import sklearn.datasets
    except ImportError:
        return np.zeros(0)
    folders = Path(skimage.__file__).parent / "data", Path(sklearn.datasets.__file__).parent / "images"
    paths = [
        folder / name for folder, names in zip(folders, (SKIMAGE, SKLEARN), strict=True) for name in names
    ]
    if not all(path.is_file() for path in paths):
        return np.zeros(0)
    draw, squares = np.random.default_rng(0), []
    for path in paths:
        with Image.open(path) as opened:
            whole = opened.convert("RGB")
        for _ in range(SQUARES):
            side = int(draw.integers(64, min(whole.size) + 1))
            left, top = (int(draw.integers(0, length - side + 1)) for length in whole.size)
            squares.append(square(whole.crop((left, top, left + side, top + side)), size))
    return np.stack(squares)
