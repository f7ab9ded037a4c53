"""The pictures that several experiments analyse, and pictures that a test makes and uploads."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file
from PIL import Image

from spacehub.serving import space_pictures


@pytest.fixture(scope="session")
def pictures(stocked):
    """The dataset's pictures."""
    return space_pictures.load(stocked.built / "space-images")


@pytest.fixture
def scene(stocked, pictures):
    """What is known of the Landsat scene."""
    if (
        json.loads((stocked.built / "space-images" / "build.json").read_text(encoding="utf-8"))["config"]
        != "full"
    ):
        pytest.skip("the Landsat scene is in no sources folder")
    return pictures.find("landsat-bahamas")


@pytest.fixture
def sent(tmp_path):
    """Write a picture, or bytes that are not one, and return it as a client sends it."""

    def write(what: np.ndarray | bytes, name: str = "own.png"):
        path = Path(tmp_path / name)
        if isinstance(what, bytes):
            path.write_bytes(what)
        else:
            Image.fromarray(what).save(path)
        return handle_file(path)

    return write


def pixels_of(picture: space_pictures.Picture) -> np.ndarray:
    """Return a published picture in RGB, uint8 [height, width, 3]."""
    with Image.open(picture.path) as opened:
        return np.asarray(opened.convert("RGB"))
