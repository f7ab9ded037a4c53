"""The files of a published classifier: transformers' layout, ONNX in full and in eight bits, and what serving needs.

The temperature is divided into the last layer, so whatever loads the model, a softmax of its logits is calibrated.
``onnx/inputs.json`` tells the labels, the threshold, and after how many tokens a text is cut; ``tokenizer.json`` at the top
is read by the library tokenizers alone.
"""

import json
import logging
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from spacehub.models.titles import evaluation
from spacehub.models.titles.titles import NAMES

OPSET = 17
BATCH = 32


def calibrate(model: PreTrainedModel, temperature: float) -> None:
    """Divide the temperature into the weights of the last layer."""
    last = [one for one in model.modules() if isinstance(one, nn.Linear) and one.out_features == len(NAMES)][
        -1
    ]
    with torch.no_grad():
        last.weight /= temperature
        last.bias /= temperature


def export(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path, *, length: int, threshold: float
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
        "length": length,
        "inputs": {name: ["N", "tokens"] for name in inputs},
        "outputs": {"logits": ["N", len(NAMES)]},
    }
    text = json.dumps(serving, indent=1)
    (folder / "onnx" / "inputs.json").write_text(text + "\n", encoding="utf-8")


def run(folder: Path, name: str, texts: np.ndarray) -> np.ndarray:
    """Return the chance of *space* that an ONNX file of `folder` gives of each text, on one thread."""
    told = json.loads((folder / "onnx" / "inputs.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(told["length"])
    tokenizer.enable_padding(**_padding(tokenizer))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        folder / "onnx" / name, options, providers=["CPUExecutionProvider"]
    )
    order = np.argsort([len(text) for text in texts], kind="stable")
    found = np.empty((len(texts), len(NAMES)))
    for at in range(0, len(order), BATCH):
        rows = order[at : at + BATCH]
        read = tokenizer.encode_batch([texts[row] for row in rows])
        every = {
            "input_ids": [one.ids for one in read],
            "attention_mask": [one.attention_mask for one in read],
            "token_type_ids": [one.type_ids for one in read],
        }
        [found[rows]] = session.run(["logits"], {key: np.array(every[key]) for key in told["inputs"]})
    return evaluation.chances(found)


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


def _padding(tokenizer: Tokenizer) -> dict:
    """Return what to fill up with: the token for padding, by the name that the vocabulary has."""
    for name in ("[PAD]", "<pad>"):
        if (place := tokenizer.token_to_id(name)) is not None:
            return {"pad_id": place, "pad_token": name}
    return {}
