"""Classify texts and images with the ONNX model of a repo."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from localhub.child import ChildError, ask
from localhub.errors import HubError
from localhub.extras import need
from localhub.git.entries import Snapshot

TASKS = ("text-classification", "image-classification")
FUNCTIONS = ("softmax", "sigmoid", "none")
MODELS = ("onnx/model.onnx", "model.onnx")
MODEL_BYTES = 1 << 30
SETTINGS_BYTES = 32 << 20
_SETTINGS = ("config.json", "tokenizer.json", "preprocessor_config.json")
_PROGRAM = Path(__file__).with_name("program.py")


@dataclass(frozen=True)
class Question:
    """What to classify.

    Attributes
    ----------
    value : str or bytes
        A text, or an image file's content.
    function : str, optional
        One of `FUNCTIONS`, applied to the model's output; None for the function that fits the model.
    top_k : int
        How many labels to return.
    """

    value: str | bytes
    function: str | None = None
    top_k: int = 5


def classify(snapshot: Snapshot, question: Question) -> list[dict[str, str | float]]:
    """Return labels and scores, the highest score first.

    Raises
    ------
    HubError
        501 if a library is missing, 404 without a model, 413 if the model is too large, 422 if the model cannot run.
    """
    need("inference", "Inference")
    model = next((entry for path in MODELS if (entry := snapshot.file(path))), None)
    if model is None:
        raise HubError(404, f"This repo has no ONNX model. The embedded Hub runs only {' or '.join(MODELS)}.")
    if model.size > MODEL_BYTES:
        raise HubError(
            413,
            f"{model.path} is {model.size} bytes, but the limit for models is {MODEL_BYTES} bytes.",
        )
    with tempfile.TemporaryDirectory(prefix="inference-") as folder:
        place = Path(folder, "model.onnx")
        if model.pointer:
            os.symlink(snapshot.lfs.path(model.pointer.oid).absolute(), place)
        else:
            place.write_bytes(snapshot.blob(model))
        for name in _SETTINGS:
            if (text := snapshot.read(name, limit=SETTINGS_BYTES)) is not None:
                Path(folder, name).write_bytes(text)
        asked = {"function": question.function, "top_k": question.top_k}
        if isinstance(question.value, str):
            asked |= {"task": TASKS[0], "text": question.value}
        else:
            Path(folder, "image").write_bytes(question.value)
            asked |= {"task": TASKS[1], "image": "image"}
        try:
            return ask(_PROGRAM, asked, folder)
        except ChildError as error:
            raise HubError(422, f"Cannot run the model: {str(error).rstrip('.')}.") from error
