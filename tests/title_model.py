"""A classifier of titles whose answers you can verify by eye: each word has a weight, and they add up to the log odds."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from spacehub.models.titles import base

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WEIGHTS = {"moon": 4.0, "saturn": 3.0, "rocket": 2.0, "recipe": -3.0, "match": -2.0}
NEUTRAL = ["the", "a", "of", "to", "my", "over", "best", "for", ".", ",", "!", "?", "-"]
BIAS, LENGTH, THRESHOLD, PRIOR = -1.0, 16, 0.4, 0.2
LINEAR, LINEAR_BIAS = {"moon": 6.0, "rocket": 4.0, "match": -4.0, "moon match": -6.0}, -1.5
BINS = [
    {"n": 300, "sure": 0.05, "right": 0.04, "low": 0.02, "high": 0.07},
    {"n": 200, "sure": 0.95, "right": 0.93, "low": 0.89, "high": 0.96},
]
KNOWN = ("The moon", "A recipe for my rocket", "The best match")
EXAMPLES = [
    ("The moon over my rocket", "space", "space"),
    ("Saturn", "Astronomy", "space"),
    ("A recipe for the best match", "technology", "other"),
    ("The moon", "science", "other"),
]


def chance(text: str) -> float:
    """What it says, by hand."""
    words = [word.strip(".,!?") for word in text.lower().split()][: LENGTH - 2]
    return float(1 / (1 + np.exp(-BIAS - sum(WEIGHTS.get(word, 0) for word in words))))


def write_model(folder: Path, *, agreement: float = 1.0, length: int = LENGTH) -> Path:
    """Write the files of a published model."""
    vocabulary = {word: place for place, word in enumerate([*SPECIAL, *WEIGHTS, *NEUTRAL])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.add_special_tokens(SPECIAL)
    (folder / "onnx").mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    weights = np.array([WEIGHTS.get(word, 0) for word in vocabulary], np.float32)
    weights[0] = 50  # padding that is not masked would show
    for name in "model.onnx", "model_int8.onnx":
        onnx.save(_network(weights), folder / "onnx" / name)
    names = ["input_ids", "token_type_ids", "attention_mask"]
    settings = {"labels": ["other", "space"], "threshold": THRESHOLD, "length": length, "prior": PRIOR}
    settings |= {"inputs": {name: ["N", "tokens"] for name in names}, "outputs": {"logits": ["N", 2]}}
    (folder / "onnx" / "inputs.json").write_text(json.dumps(settings))
    results = {"simulated": False, "reliability": {"bins": BINS}, "onnx": {"int8": {"share": agreement}}}
    results["examples"] = [
        {"text": text, "label": ["other", "space"][said >= THRESHOLD], "chance": said, "int8": said}
        for text, said in ((text, chance(text)) for text in KNOWN)
    ]
    (folder / "results.json").write_text(json.dumps(results))
    (folder / "linear").mkdir()
    linear = {"token": r"(?u)\b\w\w+\b", "temperature": 2.0, "threshold": 0.5, "intercept": LINEAR_BIAS}
    terms = {word: [1.0, LINEAR.get(word, 0.0)] for word in [*LINEAR, *NEUTRAL]}
    (folder / "linear" / "model.json").write_text(json.dumps(linear | {"terms": terms}))
    return folder


def write_dataset(folder: Path) -> Path:
    """Write what the app reads of the dataset: its facts, and titles to try."""
    folder.mkdir(parents=True)
    (folder / "build.json").write_text(json.dumps({"rows": len(EXAMPLES)}))
    rows = [
        {"id": str(number), "title": title, "community": community, "label": label}
        for number, (title, community, label) in enumerate(EXAMPLES)
    ]
    (folder / "examples.json").write_text(json.dumps({"split": "test", "examples": rows}))
    return folder


def _network(weights: np.ndarray) -> onnx.ModelProto:
    constants = {
        "weights": weights,
        "axis": np.array([1]),
        "bias": np.float32([BIAS]),
        "none": np.float32([0]),
    }
    nodes = [
        helper.make_node("Gather", ["weights", "input_ids"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["seen"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["each", "seen"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "axis"], ["sum"], keepdims=1),
        helper.make_node("Add", ["sum", "bias"], ["space"]),
        helper.make_node("Mul", ["sum", "none"], ["other"]),
        helper.make_node("Concat", ["other", "space"], ["logits"], axis=1),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "tokens"])
        for name in ("input_ids", "token_type_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 2])
    kept = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "words", inputs, [output], kept)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def write_encoder(folder: Path) -> Path:
    """Write the base with the first of its six layers only, so that smoke-test models train in seconds."""
    whole = base.packaged()
    weights = load_file(whole / "model.safetensors")
    kept = {name: part for name, part in weights.items() if not re.search(r"layer\.[1-9]", name)}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})
    config = json.loads((whole / "config.json").read_text()) | {"num_hidden_layers": 1}
    (folder / "config.json").write_text(json.dumps(config))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(whole / name, folder)
    return folder
