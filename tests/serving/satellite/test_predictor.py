"""The published classifier as it is served: what it sees, says and shows."""

import json

import numpy as np
import pytest
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.serving.satellite.predictor import SatellitePredictor
from tests.colour_model import CLASSES, COLOURS, KNOWN, STRENGTH, TEMPERATURE, land, write_model


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    return SatellitePredictor(write_model(tmp_path_factory.mktemp("model") / "colours"))


@pytest.mark.parametrize("name", CLASSES)
def test_chances_are_the_calibrated_softmax(predictor, name):
    seen = predictor.classify(Image.new("RGB", (64, 64), COLOURS[name]))
    logits = STRENGTH * (np.array(COLOURS[name]) / 255 - 0.5) / 0.5
    raised = np.exp(logits / TEMPERATURE)
    assert seen.chances == pytest.approx(raised / raised.sum(), rel=1e-5)
    assert CLASSES[seen.order[0]] == name


def test_the_map_adds_up_to_what_moves_the_chances(predictor):
    seen = predictor.classify(Image.fromarray(land("fs")[:, 32:96]))
    forest, sea = (seen.maps[CLASSES.index(name)] for name in ("Forest", "SeaLake"))
    assert (forest[:, :2] > 0).all()
    assert (forest[:, 2:] < forest[:, :2].min()).all()
    assert (sea[:, 2:] > 0).all()
    assert seen.maps.sum(axis=0) == pytest.approx(np.zeros((4, 4)), abs=1e-5)
    between = seen.maps.mean(axis=(1, 2)) / TEMPERATURE
    assert np.diff(np.log(seen.chances)) == pytest.approx(np.diff(between), abs=1e-5)


@pytest.mark.parametrize("size", [(64, 64), (300, 100), (100, 300), (16, 17), (640, 640)])
def test_the_middle_square_is_what_it_sees(predictor, size):
    width, height = size
    pixels = np.zeros((height, width, 3), np.uint8)
    side = min(size)
    left, top = (width - side) // 2, (height - side) // 2
    pixels[top : top + side, left : left + side] = COLOURS["Forest"]
    seen = predictor.classify(Image.fromarray(pixels))
    assert seen.pixels.shape == (64, 64, 3)
    assert (seen.pixels == COLOURS["Forest"]).all()


def test_many_at_once_are_as_one_by_one(predictor):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), np.uint8)
    one_by_one = [predictor.classify(Image.fromarray(one)).chances for one in pixels]
    for quick in False, True:
        assert predictor.chances(pixels, quick=quick) == pytest.approx(np.array(one_by_one), abs=1e-6)


def test_trust_is_that_of_pictures_of_which_it_was_as_sure(predictor):
    assert predictor.trust(0.99).right == 29 / 30
    assert predictor.trust(0.3).sure == 0.5


@pytest.mark.parametrize(("agreement", "agrees"), [(0.995, True), (0.9, False)])
def test_eight_bits_serve_only_where_they_agree(tmp_path, agreement, agrees):
    folder = write_model(tmp_path / "model", agreement=agreement)
    if not agrees:
        (folder / "onnx" / "model_int8.onnx").unlink()
    assert SatellitePredictor(folder).int8_agrees == agrees


@pytest.mark.parametrize("break_it", ["onnx/model.onnx", "onnx/inputs.json", "results.json", "classes"])
def test_a_model_that_is_none_is_told(tmp_path, break_it):
    folder = write_model(tmp_path / "model")
    path = folder / ("onnx/inputs.json" if break_it == "classes" else break_it)
    if break_it == "classes":
        path.write_text(json.dumps(json.loads(path.read_text()) | {"classes": ["one"]}))
    else:
        path.write_bytes(b"{}")
    with pytest.raises(SpaceHubError, match=r"Cannot read the published model\. .* Publish the model again"):
        SatellitePredictor(folder)


def test_what_training_exports_is_what_is_served(tmp_path):
    torch = pytest.importorskip("torch")
    from spacehub.models.satellite import doubts, evaluation, network
    from spacehub.models.satellite.export import export

    torch.manual_seed(0)
    made = network.create("test_efficientnet", 3, size=32).eval()
    pixels = np.random.default_rng(0).integers(0, 256, (20, 3, 32, 32), np.uint8)
    answer = {"names": CLASSES, "size": 32, "metres_a_pixel": 10.0}
    export(made, tmp_path, **answer, calibration=pixels)
    doubts.add(tmp_path, KNOWN)
    with torch.inference_mode():
        logits = made(torch.from_numpy(pixels / 127.5 - 1).float()).numpy()
    bins = evaluation.reliability(logits, np.arange(20) % 3)
    agreement = {"int8": {"share": 0.0}}
    (tmp_path / "results.json").write_text(json.dumps({"reliability": bins, "onnx": agreement}))
    said = SatellitePredictor(tmp_path).chances(pixels.transpose(0, 2, 3, 1))
    assert said == pytest.approx(torch.softmax(torch.from_numpy(logits), 1).numpy(), abs=1e-4)
