"""Classify a text or an image with an ONNX model. This is a separate program, so a malformed file cannot harm the embedded Hub.

The program runs in a folder with ``model.onnx``, ``config.json``, and ``tokenizer.json`` or
``preprocessor_config.json``. The program reads ``{"task", "text" or "image", "function", "top_k"}`` as JSON from its
standard input, and prints ``[{"label", "score"}, ...]``, the highest score first. `image` is the name of a
file.
"""

import json
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 60
MEMORY_BYTES = 4 << 30
MOST_PIXELS = 40_000_000
MOST_TOKENS = 512


def main() -> None:
    """Answer one request."""
    _limit()
    asked = json.load(sys.stdin)
    import numpy as np
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # From bytes: a model then cannot name another file as its data.
    session = onnxruntime.InferenceSession(
        Path("model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    config = _json("config.json")
    if asked["task"] == "text-classification":
        inputs = _text_inputs(session, asked["text"], config)
    else:
        inputs = _image_inputs(session, asked["image"], config)
    logits = np.asarray(session.run(None, inputs)[0], "float64").reshape(-1)
    json.dump(_ranked(logits, config, asked["function"], asked["top_k"]), sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def _json(name: str) -> dict[str, Any]:
    found = json.loads(Path(name).read_text(encoding="utf-8")) if Path(name).exists() else {}
    return found if isinstance(found, dict) else {}


def _text_inputs(session: Any, text: str, config: dict[str, Any]) -> dict[str, Any]:
    """Return the tokens of a text under the names that transformers' exports use."""
    import numpy as np
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file("tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(MOST_TOKENS, int(config.get("max_position_embeddings") or MOST_TOKENS)))
    encoded = tokenizer.encode(text)
    known = {
        "input_ids": encoded.ids,
        "attention_mask": encoded.attention_mask,
        "token_type_ids": encoded.type_ids,
    }
    inputs = {}
    for value in session.get_inputs():
        if value.name not in known:
            raise ValueError(
                f"The model has an unknown input: {value.name!r}. The known inputs are: {', '.join(known)}."
            )
        inputs[value.name] = np.array([known[value.name]], "int32" if "int32" in value.type else "int64")
    return inputs


def _image_inputs(session: Any, name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Return an image (1, 3, height, width), prepared as the repo's preprocessor or timm's configuration says."""
    import numpy as np
    from PIL import Image

    with Image.open(name) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError(f"The image has more than {MOST_PIXELS} pixels. Send a smaller image.")
        image = opened.convert("RGB")
    resize, crop, mean, std, scale, resample = _preparation(config)
    if isinstance(resize, int):
        ratio = resize / min(image.size)
        resize = (max(1, round(image.height * ratio)), max(1, round(image.width * ratio)))
    if resize is not None:
        if not 0 < resize[0] * resize[1] <= MOST_PIXELS:
            raise ValueError(f"The configured image size must be from 1 to {MOST_PIXELS} pixels in total.")
        image = image.resize((resize[1], resize[0]), resample)
    if crop is not None:
        top, left = (image.height - crop[0]) // 2, (image.width - crop[1]) // 2
        image = image.crop((left, top, left + crop[1], top + crop[0]))
    pixels = (np.asarray(image, "float32") * scale - np.array(mean, "float32")) / np.array(std, "float32")
    return {session.get_inputs()[0].name: pixels.transpose(2, 0, 1)[None].astype("float32")}


def _preparation(config: dict[str, Any]) -> tuple[Any, Any, Any, Any, float, int]:
    """Return the size (shortest edge, or height and width), the crop, mean, std, scale, and Pillow's filter."""
    settings, timm = _json("preprocessor_config.json"), config.get("pretrained_cfg")
    if settings:
        size, crop = settings.get("size"), settings.get("crop_size")
        resize = None
        if settings.get("do_resize", True) and size:
            resize = size if isinstance(size, int) else size.get("shortest_edge") or _edges(size)
        kept = _edges(crop) if settings.get("do_center_crop") and crop else None
        mean, std = settings.get("image_mean", [0.5] * 3), settings.get("image_std", [0.5] * 3)
        if not settings.get("do_normalize", True):
            mean, std = [0.0] * 3, [1.0] * 3
        return resize, kept, mean, std, settings.get("rescale_factor", 1 / 255), settings.get("resample", 2)
    if isinstance(timm, dict):
        _, height, width = timm["input_size"]
        resample = {"bilinear": 2, "bicubic": 3, "lanczos": 1}.get(timm.get("interpolation", ""), 2)
        resize = int(height / (timm.get("crop_pct") or 1))
        return resize, (height, width), timm["mean"], timm["std"], 1 / 255, resample
    raise ValueError("preprocessor_config.json and config.json do not define how to preprocess an image.")


def _edges(size: Any) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size["height"], size["width"])


def _ranked(logits: Any, config: dict[str, Any], function: str | None, top_k: int) -> list[dict[str, Any]]:
    import numpy as np

    several = config.get("problem_type") == "multi_label_classification"
    function = function or ("sigmoid" if several or len(logits) == 1 else "softmax")
    scores = logits
    if function == "sigmoid":
        scores = 1 / (1 + np.exp(-logits))
    elif function == "softmax":
        powers = np.exp(logits - logits.max())
        scores = powers / powers.sum()
    names = config.get("id2label") or dict(enumerate(config.get("label_names") or []))
    labels = {str(key): str(name) for key, name in names.items()}
    order = np.argsort(-scores, kind="stable")[:top_k]
    return [{"label": labels.get(str(n), f"LABEL_{n}"), "score": float(scores[n])} for n in order]


if __name__ == "__main__":
    main()
