"""Write a published classifier's files: timm's layout, ONNX in full precision and in eight bits, and serving data.

The temperature is part of the last layer, so the softmax of the logits is calibrated in whatever loads
the weights.
"""

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from spacehub.models.satellite.network import WithMap, padded_once
from spacehub.models.satellite.pictures import MEAN, STD
from spacehub.serving.satellite.predictor import patchwork

OPSET = 17
CALIBRATED_ON = 200
KNOWN, CELLS = 4, 4
# Operations that clip a convolution's output must be quantised together with the convolution. Otherwise, the
# range includes the unclipped values, most of which are clipped afterwards, so few of the 256 steps are left for
# the other values.
EIGHT_BITS = ["Conv", "Relu", "Clip", "Add"]


def calibrate(network: nn.Module, temperature: float) -> None:
    """Divide the classifier's weights and bias, and so the logits and the map, by the temperature."""
    with torch.no_grad():
        for values in network.get_classifier().parameters():
            values /= temperature


def export(
    network: nn.Module,
    folder: Path,
    *,
    names: list[str],
    size: int,
    metres_a_pixel: float,
    calibration: np.ndarray,
) -> None:
    """Write all files that are loaded: ``config.json`` and ``model.safetensors`` (timm), ``onnx/``.

    `calibration` are uint8 training images [n, 3, S, S], which determine the ranges of the eight-bit
    model.
    """
    write_timm(network, folder, names=names, size=size)
    (folder / "onnx").mkdir()
    _write_onnx(network, folder / "onnx" / "model.onnx", size=size)
    _write_int8(folder / "onnx" / "model.onnx", folder / "onnx" / "model_int8.onnx", calibration)
    facts = serving(names=names, size=size, metres_a_pixel=metres_a_pixel)
    text = json.dumps(facts, indent=1)
    (folder / "onnx" / "inputs.json").write_text(text + "\n", encoding="utf-8")


def serving(*, names: list[str], size: int, metres_a_pixel: float) -> dict:
    """Return the content of ``onnx/inputs.json``: how an image is prepared, and the outputs."""
    return {
        "classes": names,
        "size": size,
        "mean": MEAN,
        "std": STD,
        "metres_a_pixel": metres_a_pixel,
        "inputs": {"pixels": ["N", 3, size, size]},
        "outputs": {"logits": ["N", len(names)], "map": ["N", len(names), "h", "w"]},
    }


def as_input(pixels: np.ndarray) -> np.ndarray:
    """Return uint8 images [N, 3, S, S] as the ONNX files take them."""
    return (pixels.astype(np.float32) / 255 - MEAN) / STD


def run(path: Path, pixels: np.ndarray, *, batch: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """Return an ONNX file's logits and maps for uint8 images."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    parts = [
        session.run(["logits", "map"], {"pixels": as_input(pixels[at : at + batch])})
        for at in range(0, len(pixels), batch)
    ]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def known_answers(folder: Path, pixels: np.ndarray, names: list[str]) -> list[dict]:
    """Return the answers of both ONNX files for four images, which every server must reproduce.

    The images consist of 4 × 4 colours, the means of uint8 `pixels` [n, 3, S, S], so that a few numbers
    describe them completely.
    """
    chosen = pixels[np.linspace(0, len(pixels) - 1, KNOWN).astype(int)].transpose(0, 2, 3, 1)
    place = np.arange(chosen.shape[1]) * CELLS // chosen.shape[1]
    answers = []
    for picture in chosen:
        colours = [
            [
                picture[np.ix_(place == row, place == column)].mean(axis=(0, 1)).round()
                for column in range(CELLS)
            ]
            for row in range(CELLS)
        ]
        colours = np.array(colours, np.uint8).tolist()
        shown = patchwork(colours, picture.shape[0]).transpose(2, 0, 1)[np.newaxis]
        chances = {}
        for key, file in ("chances", "model.onnx"), ("int8", "model_int8.onnx"):
            [logits], _ = run(folder / "onnx" / file, shown)
            raised = np.exp(logits - logits.max())
            chances[key] = dict(zip(names, (raised / raised.sum()).tolist(), strict=True))
        answers.append({"colours": colours, **chances})
    return answers


def agreement(path: Path, pixels: np.ndarray, logits: np.ndarray) -> dict:
    """Compare an ONNX file with torch's logits for the same images."""
    found, _ = run(path, pixels)
    same = found.argmax(axis=1) == logits.argmax(axis=1)
    return {
        "n": len(pixels),
        "same": int(same.sum()),
        "share": float(same.mean()),
        "max_abs_difference": float(np.abs(found - logits).max()),
        "bytes": path.stat().st_size,
    }


def write_timm(network: nn.Module, folder: Path, *, names: list[str], size: int) -> None:
    """Write ``config.json`` and ``model.safetensors`` as timm and transformers load them."""
    from timm.models import save_for_hf

    data = {
        "input_size": (3, size, size),
        "mean": (MEAN,) * 3,
        "std": (STD,) * 3,
        "interpolation": "bicubic",
        "crop_pct": 1.0,
    }
    config = {"num_classes": len(names), "label_names": names}
    save_for_hf(network, folder, model_config=config, data_config=data, safe_serialization=True)
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # transformers passes model_args to timm in addition to its own num_classes, and timm rejects duplicates.
    written.get("model_args", {}).pop("num_classes", None)
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def _write_onnx(network: nn.Module, path: Path, *, size: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            WithMap(padded_once(network, size)).eval(),
            (torch.zeros(1, 3, size, size),),
            str(path),
            input_names=["pixels"],
            output_names=["logits", "map"],
            dynamic_axes={name: {0: "N"} for name in ("pixels", "logits", "map")},
            opset_version=OPSET,
            dynamo=False,
        )


def _write_int8(model: Path, target: Path, pixels: np.ndarray) -> None:
    """Write the model with eight-bit activations and seven-bit weights; the classifier's last steps stay in full precision.

    With seven-bit weights, the sums are exact on every processor: see `spacehub.models.titles.eight_bits`.
    """
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self):
            # The images are ordered by class, but ranges must cover all classes.
            chosen = np.random.default_rng(0).permutation(pixels)[:CALIBRATED_ON]
            self._batches = iter(
                [{"pixels": as_input(chosen[at : at + 20])} for at in range(0, len(chosen), 20)]
            )

        def get_next(self):
            return next(self._batches, None)

    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "model.onnx"
        quant_pre_process(model, prepared)
        quantize_static(
            prepared,
            target,
            Reader(),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=EIGHT_BITS,
        )
