"""Models with values that no training writes: each is refused when it is loaded, and the error names the value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.fields import load_fields
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.titles.predictor import TitlesPredictor
from tests import colour_model, title_model
from tests.tampering import edit

HUGE, BIN = 10**400, "reliability.bins.0"


def put(path: str, value: object) -> Callable[[dict], None]:
    """Return a function that sets the value at a path of JSON."""

    def change(settings: dict) -> None:
        *above, last = path.split(".")
        part = settings
        for name in above:
            part = part[int(name) if isinstance(part, list) else name]
        part[int(last) if isinstance(part, list) else last] = value

    return change


def spoil(folder: Path, file: str, path: str, value: object) -> Path:
    edit(folder / file, put(path, value))
    return folder


@pytest.mark.parametrize(
    ("file", "path", "value", "said"),
    [
        ("onnx/inputs.json", "threshold", float("nan"), "threshold is not a number from 0 to 1"),
        ("onnx/inputs.json", "length", 10**9, "length is not a whole number from 8 to 4,096"),
        ("onnx/inputs.json", "prior", 1.0, "prior is not a number"),
        ("onnx/inputs.json", "labels", ["space", "a" * 999], "A label is not a string of 1 to 200"),
        ("linear/model.json", "temperature", 0, "temperature is not a number"),
        ("linear/model.json", "terms", {"moon": [1.0, float("inf")]}, "The weight of moon is not a number"),
        ("results.json", f"{BIN}.n", -5, "n in the reliability data of the model is not a whole number"),
        ("results.json", f"{BIN}.sure", 2, "sure in the reliability data of the model is not a number"),
        ("results.json", f"{BIN}.low", HUGE, "low in the reliability data of the model is not a number"),
        ("results.json", "reliability.bins", [], "The reliability data of the model is not a list"),
    ],
)
def test_a_model_of_titles_is_refused(file, path, value, said, tmp_path):
    with pytest.raises(SpaceHubError, match=said):
        TitlesPredictor(spoil(title_model.write_model(tmp_path / "model"), file, path, value))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("size", 10**6, "size is not a whole number from 16 to 1,024"),
        ("std", 0, "std is not a number"),
        ("temperature", float("nan"), "temperature is not a number"),
        ("metres_a_pixel", HUGE, "metres_a_pixel is not a number"),
        ("classes", "abc", "classes is not a list"),
        ("classes", ["Forest", "Forest", "SeaLake"], "do not match inputs.json"),
        ("known.side", 0, "side is not a whole number"),
        ("known.threshold", -1, "threshold is not a number"),
        ("known.means", [[0.0] * 9] * 3, "known.means in inputs.json is not a list"),
        ("known.precision.0.0", float("nan"), "must be finite numbers"),
    ],
)
def test_a_model_of_pictures_is_refused(path, value, said, tmp_path):
    with pytest.raises(SpaceHubError, match=said):
        SatellitePredictor(
            spoil(colour_model.write_model(tmp_path / "model"), "onnx/inputs.json", path, value)
        )


NUMBER = {"name": "mass", "label": "Mass", "kind": "number", "min": 1, "max": 2, "default": 1, "step": 1}
CHOICE = {"name": "orbit", "label": "Orbit", "kind": "category", "choices": ["LEO", "GTO"], "default": "LEO"}


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([NUMBER | {"min": "1"}], "min of mass is not a number"),
        ([NUMBER | {"max": HUGE}], "max of mass is not a number"),
        ([NUMBER | {"max": 0}], "max of mass is not a number from 1"),
        ([NUMBER | {"default": "<b>"}], "default of mass is not a number"),
        ([NUMBER | {"step": -1}], "step of mass is not a number"),
        ([CHOICE | {"choices": []}], "choices of orbit is not a list"),
        ([CHOICE | {"choices": ["LEO", "LEO"]}], "with no duplicate choices"),
        ([CHOICE | {"default": "Mars"}], "default of orbit is not one of its choices"),
        ([CHOICE | {"kind": "list"}], "must be numeric, or categorical"),
        ([NUMBER, NUMBER], "Two fields have the same name"),
    ],
)
def test_fields_are_refused(features, said, tmp_path):
    path = tmp_path / "inputs.json"
    path.write_text("{}")
    edit(path, put("features", features))
    with pytest.raises(SpaceHubError, match=said):
        load_fields(path)
