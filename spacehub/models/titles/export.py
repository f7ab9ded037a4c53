"""The files of a published classifier: transformers' layout, ONNX in full and in eight bits, and what serving needs.

The temperature is divided into the last layer, so whatever loads the model, a softmax of its logits is calibrated.
``onnx/inputs.json`` tells the labels, the threshold, after how many tokens a text is cut, and how many of the training titles
are about space (`prior`); ``tokenizer.json`` at the top
is read by the library tokenizers alone.
"""

import json
import logging
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import NAMES
from spacehub.serving.titles.reader import Reader

OPSET = 17


def calibrate(model: PreTrainedModel, temperature: float) -> None:
    """Divide the temperature into the weights of the last layer."""
    last = [one for one in model.modules() if isinstance(one, nn.Linear) and one.out_features == len(NAMES)][
        -1
    ]
    with torch.no_grad():
        last.weight /= temperature
        last.bias /= temperature


def export(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    folder: Path,
    *,
    length: int,
    threshold: float,
    prior: float,
) -> None:
    """Write everything that loads: ``config.json``, ``model.safetensors``, ``tokenizer.json``, ``onnx/``."""
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.model_max_length = length
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "onnx").mkdir()
    inputs = _write_onnx(model, tokenizer, folder / "onnx" / "model.onnx")
    _write_int8(folder / "onnx" / "model.onnx", folder / "onnx" / "model_int8.onnx")
    serving = {
        "labels": list(NAMES),
        "threshold": threshold,
        "prior": prior,
        "length": length,
        "inputs": {name: ["N", "tokens"] for name in inputs},
        "outputs": {"logits": ["N", len(NAMES)]},
    }
    text = json.dumps(serving, indent=1)
    (folder / "onnx" / "inputs.json").write_text(text + "\n", encoding="utf-8")


def run(folder: Path, name: str, texts: np.ndarray) -> np.ndarray:
    """Return the chance of *space* that an ONNX file of `folder` gives of each text, cut off as in training, on one thread."""
    return Reader(folder, name, threads=1).chances(texts.tolist(), at_once=True)


def agreement(found: np.ndarray, said: np.ndarray, labels: np.ndarray, *, threshold: float) -> dict:
    """Compare what an ONNX file `found` with what torch `said`, both chances (n,) of the same texts."""
    same = (found >= threshold) == (said >= threshold)
    return {
        "n": len(found),
        "same": int(same.sum()),
        "share": float(same.mean()),
        "max_abs_difference": float(np.abs(found - said).max()),
        "f1_space": evaluation.f1(found >= threshold, labels),
    }


class _Logits(nn.Module):
    """A classifier that takes its inputs in the order of their names, and gives nothing but logits."""

    def __init__(self, model: PreTrainedModel, names: list[str]):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return self.model(**dict(zip(self.names, inputs, strict=True))).logits


def _write_onnx(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, path: Path) -> list[str]:
    """Write the model as ONNX; return the names of its inputs."""
    seen = tokenizer(["The Moon tonight", "Mars"], padding=True, return_tensors="pt")
    names = list(seen)
    before = model.config._attn_implementation
    model.set_attn_implementation("eager")  # the fused one traces to operators of its own
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Logits(model, names).eval(),
            tuple(seen.values()),
            str(path),
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "N", 1: "tokens"} for name in names} | {"logits": {0: "N"}},
            opset_version=OPSET,
            dynamo=False,
        )
    model.set_attn_implementation(before)
    return names


def _write_int8(model: Path, target: Path) -> None:
    """Write the model with eight-bit weights; activations are turned into eight bits as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # it advises a preparation that changes nothing here
    try:
        quantize_dynamic(model, target, weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.getLogger().setLevel(logging.WARNING)
