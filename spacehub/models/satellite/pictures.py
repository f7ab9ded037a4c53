"""Load the training images: one of our datasets, from the Hub at a pinned commit."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from spacehub.models.training_data import newest_commit

MEAN, STD = 0.5, 0.5  # EfficientNet-Lite was trained with these values for every channel
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, kw_only=True)
class Pictures:
    """Decoded images of all splits; `config` names the data's origin.

    `pixels` are uint8 [N, 3, size, size]; `labels` int64 [N]; `folds` int8 [N]; `splits`, `files` and
    `digests` str [N]; `sides` int64 [N] the shorter side of each image's file in pixels; `names` the
    classes in the order of their labels; `side` the usual width of the files; `example` the name of a file in ``examples/``.
    """

    pixels: np.ndarray
    labels: np.ndarray
    folds: np.ndarray
    splits: np.ndarray
    files: np.ndarray
    digests: np.ndarray
    sides: np.ndarray
    names: list[str]
    metres_a_pixel: float
    side: int
    example: str
    id: str
    commit: str
    config: str

    @property
    def simulated(self) -> bool:
        """Whether the images were generated."""
        return self.config == "simulated"

    def rows(self, split: str, *, most: int | None = None, seed: int = 0) -> np.ndarray:
        """Return the indices of a split's images, or of at most `most` of them, drawn by `seed`."""
        rows = np.flatnonzero(self.splits == split)
        if most is None or len(rows) <= most:
            return rows
        return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def load(repo_id: str, *, size: int) -> Pictures:
    """Read a dataset of images from the Hub at its newest commit, resized to `size`.

    Raises
    ------
    SpaceHubError
        If the Hub cannot be reached or does not have the dataset.
    """
    from huggingface_hub import snapshot_download

    commit = newest_commit(repo_id)
    wanted = ["build.json", "*.parquet", "examples/index.json"]
    folder = Path(snapshot_download(repo_id, repo_type="dataset", revision=commit, allow_patterns=wanted))
    return read_snapshot(folder, size=size, repo_id=repo_id, commit=commit)


def read_snapshot(folder: Path, *, size: int, repo_id: str, commit: str) -> Pictures:
    """Decode the images in a dataset's folder, as the Hub stores it."""
    built = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    tables = {Path(name).name.split("-")[0]: pd.read_parquet(folder / name) for name in built["data_files"]}
    table = pd.concat([tables[split].assign(split=split) for split in SPLITS], ignore_index=True)
    pixels = np.empty((len(table), 3, size, size), np.uint8)
    sides = np.empty(len(table), np.int64)
    for row, image in enumerate(table["image"]):
        picture, sides[row] = decode(image["bytes"], size=size)
        pixels[row] = picture.transpose(2, 0, 1)
    return Pictures(
        pixels=pixels,
        labels=table["label"].to_numpy("int64"),
        folds=table["fold"].to_numpy("int8"),
        splits=table["split"].to_numpy(str),
        files=table["file"].to_numpy(str),
        digests=table["digest"].to_numpy(str),
        sides=sides,
        names=[row["name"] for row in built["classes"]],
        metres_a_pixel=built["metres_a_pixel"],
        side=int(built["sizes"][0]["width"]),
        example=json.loads((folder / "examples" / "index.json").read_text(encoding="utf-8"))["examples"][0][
            "file"
        ],
        id=repo_id,
        commit=commit,
        config=built["config"],
    )


def decode(data: bytes, *, size: int) -> tuple[np.ndarray, int]:
    """Return an image as uint8 [size, size, 3], resized bicubically if it has another size, and its shorter side."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data)).convert("RGB")
    side = min(picture.size)
    if picture.size != (size, size):
        picture = picture.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(picture), side
