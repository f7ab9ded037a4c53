"""Write a published classifier's files: transformers' layout, ONNX in full precision and eight bits, serving data.

The last layer is divided by the temperature, so the softmax of the logits is calibrated in whatever loads
the model. ``onnx/inputs.json`` has the labels, the threshold, the token limit, and the share of training
titles about space (`prior`). ``tokenizer.json`` at the top is the only file that the library tokenizers
needs.
"""

import functools
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from torch import nn

from spacehub.models.titles import eight_bits, evaluation, graph
from spacehub.models.titles.titles import NAMES
from spacehub.serving.titles.reader import Reader

if TYPE_CHECKING:  # a report needs only the ONNX files
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

OPSET = 17


def calibrate(model: "PreTrainedModel", temperature: float) -> None:
    """Divide the weights of the last layer by the temperature."""
    last = [
        layer
        for layer in model.modules()
        if isinstance(layer, nn.Linear) and layer.out_features == len(NAMES)
    ][-1]
    with torch.no_grad():
        last.weight /= temperature
        last.bias /= temperature


def export(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    folder: Path,
    *,
    length: int,
    threshold: float,
    prior: float,
) -> None:
    """Write all files that are loaded: ``config.json``, ``model.safetensors``, ``tokenizer.json``, ``onnx/``."""
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.model_max_length = length
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "onnx").mkdir()
    inputs = _write_onnx(model, tokenizer, folder / "onnx" / "model.onnx")
    eight_bits.write(folder / "onnx" / "model.onnx", folder / "onnx" / "model_int8.onnx")
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
    """Return each text's probability of *space* by an ONNX file of `folder`, cut off as in training, on one thread."""
    return _reader(folder, name).chances(texts.tolist(), at_once=True)


def features(folder: Path, texts: np.ndarray) -> Iterator[dict[str, float]]:
    """Yield the numbers that describe each text, as the app computes them for a visitor's text."""
    yield from map(_reader(folder, "model.onnx").features, texts.tolist())


def _reader(folder: Path, name: str) -> Reader:
    read = (f"onnx/{name}", "onnx/inputs.json", "tokenizer.json")
    return _open(folder, name, tuple((folder / file).stat().st_mtime_ns for file in read))


@functools.lru_cache(maxsize=2)
def _open(folder: Path, name: str, written: tuple[int, ...]) -> Reader:
    """Open a file only once: a report runs it a dozen times. `written` is when each file that it reads was written."""
    return Reader(folder, name, threads=1)


def agreement(found: np.ndarray, said: np.ndarray, labels: np.ndarray, *, threshold: float) -> dict:
    """Compare an ONNX file's probabilities `found` with torch's probabilities `said`, both (n,) of the same texts."""
    same = (found >= threshold) == (said >= threshold)
    return {
        "n": len(found),
        "same": int(same.sum()),
        "share": float(same.mean()),
        "max_abs_difference": float(np.abs(found - said).max()),
        "f1_space": evaluation.f1(found >= threshold, labels),
    }


class _Logits(nn.Module):
    """A classifier that takes its inputs in the order of their names, and returns only logits."""

    def __init__(self, model: "PreTrainedModel", names: list[str]):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        columns = dict(zip(self.names, inputs, strict=True))
        hidden = 1.0 - columns["attention_mask"][:, None, None, :].float()
        # With four axes it is added to the attention unchanged; with two axes, many more steps would be
        # traced.
        columns["attention_mask"] = hidden * torch.finfo(torch.float32).min
        return self.model(**columns).logits


def _write_onnx(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", path: Path) -> list[str]:
    """Write the model as ONNX; return the names of its inputs."""
    seen = tokenizer(["The Moon tonight", "Mars"], padding=True, return_tensors="pt")
    names = list(seen)
    before = model.config._attn_implementation
    model.set_attn_implementation("eager")  # the fused form traces to custom operators
    first_token = [
        layer.attention.output.register_forward_pre_hook(_first_token) for layer in _last_layer(model)
    ]
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
    for hook in first_token:
        hook.remove()
    model.set_attn_implementation(before)
    written = onnx.load(path)
    graph.fix_reshapes(written)
    onnx.save(written, path)
    return names


def _last_layer(model: "PreTrainedModel") -> list[nn.Module]:
    """Return BERT's last layer in a list; the list is empty for another architecture."""
    layers = getattr(getattr(model.base_model, "encoder", None), "layer", None)
    return [layers[-1]] if model.config.model_type == "bert" else []


def _first_token(_module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """Keep only the first token: nothing after the last attention mixes tokens, and the classifier reads only this one."""
    return tuple(tensor[:, :1] for tensor in inputs)
