"""An app over a Hub with the datasets and pictures that several experiments analyse."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file
from PIL import Image

from space_app.lab.shared.picture_choice import EUROSAT
from spacehub.serving import space_pictures
from tests.colour_model import write_dataset, write_model
from tests.processes import HubProcess, stop
from tests.space_app.conftest import AppProcess


@pytest.fixture(scope="session")
def pictured(tmp_path_factory):
    """The app over a Hub with three datasets of the real command, and a classifier whose filters are known.

    Modules that use it are in `PICTURED`, so that one worker starts it for all of them.
    """
    folder = tmp_path_factory.mktemp("pictured")
    examples = write_dataset(folder / "dataset") / "examples"
    listed = [{"file": f"{name}-1.png", "label": name} for name in EUROSAT if name != "River"]
    for row in listed:
        Image.fromarray(speckled(64, 64)).save(examples / row["file"])
    (examples / "index.json").write_text(json.dumps({"split": "test", "examples": listed}))
    hub = HubProcess(folder / "hub")
    hub.push(folder / "dataset", "spacehub/eurosat-rgb", "dataset")
    hub.push(write_model(folder / "model"), "spacehub/eurosat-land-use")
    hub.build("space-images", "falcon9-telemetry", "meteorite-landings")
    running = AppProcess(folder / "app", hub)
    running.built = hub.artefacts
    yield running
    stop(running.process)
    stop(hub.process)
    assert "Traceback" not in running.log.read_text()


@pytest.fixture(scope="module")
def fed(pictured):
    return pictured


@pytest.fixture(scope="session")
def pictures(pictured):
    """The dataset's pictures."""
    return space_pictures.load(pictured.built / "space-images")


@pytest.fixture
def scene(pictured, pictures):
    """What is known of the Landsat scene."""
    if (
        json.loads((pictured.built / "space-images" / "build.json").read_text(encoding="utf-8"))["config"]
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


def speckled(height: int, width: int) -> np.ndarray:
    """Return a picture of noisy hills, uint8 [height, width, 3]."""
    draw = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    hills = 90 + 60 * np.stack([np.sin(x / 5), np.cos(y / 6), np.sin((x + y) / 7)], axis=-1)
    return (hills + draw.normal(0, 6, hills.shape)).clip(1, 255).astype(np.uint8)
