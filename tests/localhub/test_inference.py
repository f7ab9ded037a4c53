"""Inference with a repo's ONNX model through the official client; it is off unless asked for."""

import io
import json

import numpy as np
import onnx
import pytest
from huggingface_hub import CommitOperationAdd, HfApi, InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from onnx import TensorProto, helper
from PIL import Image
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from localhub import LocalHub

VOCABULARY = {"[UNK]": 0, "good": 1, "bad": 2}
# The score of each word for "negative" and "positive".
SCORES = np.array([[0, 0], [-1, 1], [2, -2]], "float32")
LABELS = {"id2label": {"0": "negative", "1": "positive"}, "max_position_embeddings": 8}


def model(nodes, inputs, *, constants=()) -> bytes:
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "tiny", inputs, [output], list(constants))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 9
    return made.SerializeToString()


def text_model() -> bytes:
    """Sum the scores of all words."""
    words = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, None])
    table = onnx.numpy_helper.from_array(SCORES, "table")
    axes = onnx.numpy_helper.from_array(np.array([1]), "axes")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axes"], ["logits"], keepdims=0),
    ]
    return model(nodes, [words], constants=[table, axes])


def image_model() -> bytes:
    """Return the mean of red, green and blue."""
    pixels = helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, 4, 4])
    return model([helper.make_node("GlobalAveragePool", ["pixel_values"], ["logits"])], [pixels])


def tokenizer() -> bytes:
    made = Tokenizer(WordLevel(VOCABULARY, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    return made.to_str().encode()


def png(colour, size=(9, 6)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


TIMM = {
    "label_names": ["red", "green", "blue"],
    "pretrained_cfg": {"input_size": [3, 4, 4], "mean": [0.5] * 3, "std": [0.5] * 3, "crop_pct": 1.0},
}
PREPARED = {"size": {"height": 4, "width": 4}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
REPOS = {
    "me/words": {"config.json": LABELS, "tokenizer.json": tokenizer(), "onnx/model.onnx": text_model()},
    "me/colours": {"config.json": TIMM, "model.onnx": image_model()},
    "me/prepared": {
        "config.json": {"problem_type": "multi_label_classification"},
        "preprocessor_config.json": PREPARED,
        "onnx/model.onnx": image_model(),
    },
    "me/broken": {"tokenizer.json": b"{}", "model.onnx": b"no model"},
    "me/empty": {},
    "me/other": {"README.md": b"---\npipeline_tag: translation\n---\n"},
}


@pytest.fixture(scope="module")
def hub():
    with LocalHub(inference=True) as hub:
        for name, files in REPOS.items():
            HfApi().create_repo(name)
            content = {
                path: data if isinstance(data, bytes) else json.dumps(data).encode()
                for path, data in files.items()
            }
            operations = [CommitOperationAdd(path, data) for path, data in content.items()]
            if operations:
                HfApi().create_commit(name, operations, commit_message="Add")
        yield hub


def client(hub, name: str) -> InferenceClient:
    return InferenceClient(base_url=f"{hub.endpoint}/hf-inference/models/{name}", token=hub.token)


def softmax(*logits: float) -> list[float]:
    powers = np.exp(logits)
    return list(powers / powers.sum())


def test_a_text(hub):
    words = client(hub, "me/words")
    found = words.text_classification("good good bad what")  # negative 0, positive 0; bad counts twice
    assert {one.label: one.score for one in found} == {"negative": 0.5, "positive": 0.5}
    [best] = words.text_classification("bad", top_k=1)
    assert (best.label, best.score) == ("negative", pytest.approx(softmax(2, -2)[0]))
    raw = words.text_classification("good", function_to_apply="none")
    assert [(one.label, one.score) for one in raw] == [("positive", 1.0), ("negative", -1.0)]
    assert words.text_classification("bad " * 1000, function_to_apply="none")[0].score == 16.0  # truncated


@pytest.mark.parametrize("top_k", [None, 2])
def test_an_image(hub, top_k):
    found = client(hub, "me/colours").image_classification(png((255, 0, 0)), top_k=top_k)
    expected = softmax(1, -1, -1)
    assert [one.label for one in found] == ["red", "green", "blue"][:top_k]
    assert [one.score for one in found] == pytest.approx(expected[:top_k])


def test_an_image_as_its_preprocessor_says(hub):
    found = client(hub, "me/prepared").image_classification(png((0, 255, 255)))
    scores = {one.label: one.score for one in found}
    one, other = 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))
    assert scores == pytest.approx({"LABEL_0": other, "LABEL_1": one, "LABEL_2": one})


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("me/broken", 422, "Cannot run the model"),
        ("me/empty", 404, "no ONNX model"),
        ("me/other", 400, "the task translation"),
        ("me/none", 404, "Repository not found"),
    ],
)
def test_what_cannot_run_says_why(hub, name, status, words):
    with pytest.raises(HfHubHTTPError) as caught:
        client(hub, name).image_classification(png((0, 0, 0)), top_k=1)
    assert caught.value.response.status_code == status
    assert words in caught.value.response.json()["error"]


def test_it_is_off_unless_asked_for(local_hub):
    HfApi().create_repo("me/words")
    with pytest.raises(HfHubHTTPError, match=r"501") as caught:
        client(local_hub, "me/words").text_classification("good")
    assert "LocalHub(inference=True)" in caught.value.response.json()["error"]
