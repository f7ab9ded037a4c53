"""Run a published classifier of titles: calibrated probabilities, for one text or many, and what each word adds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import drift, known, reliability, stated
from spacehub.serving.drift import Reference
from spacehub.serving.titles import features
from spacehub.serving.titles.linear import Linear
from spacehub.serving.titles.network import THREADS
from spacehub.serving.titles.reader import Reader

FILES = (
    "linear/model.json",
    "onnx/inputs.json",
    "onnx/model.onnx",
    "onnx/model_int8.onnx",
    "results.json",
    "tokenizer.json",
)
# Share of test titles on which the eight-bit model must agree with the full-precision model to replace it.
AGREEMENT = 0.99


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Of `n` test titles with about the probability `sure`, the share `right` was about space."""

    n: int
    sure: float
    right: float
    low: float
    high: float


class TitlesPredictor(Reader):
    """Read texts with a published classifier, and look up how reliable its probabilities are.

    Parameters
    ----------
    folder : Path
        The model's files: `FILES`.
    threads : int
        How many batches run at once.

    Raises
    ------
    SpaceHubError
        If a file is missing or is not as expected.
    """

    def __init__(self, folder: Path, *, threads: int = THREADS):
        try:
            facts = json.loads((folder / "onnx" / "inputs.json").read_text("utf-8"))
            results = json.loads((folder / "results.json").read_text("utf-8"))
            self.labels = [stated.text(name, "A label") for name in facts["labels"]]
            self.threshold = stated.number(facts["threshold"], "threshold", 0, 1)
            self.linear = Linear.read(folder / "linear" / "model.json")
            self.bins = [Bin(**bin_) for bin_ in reliability.bins(results)]
            if len(self.labels) != 2:
                raise ValueError("The model does not have exactly two labels.")
            self._inputs = drift.published(results, features.EDGES)
            self.int8_agrees = results["onnx"]["int8"]["share"] >= AGREEMENT
            name = "model_int8.onnx" if self.int8_agrees else "model.onnx"
            super().__init__(folder, name, threads=threads)
        except Exception as error:  # onnxruntime and tokenizers raise their own exception types
            raise SpaceHubError(
                f"Cannot read the published model. {reason(error)}",
                "Publish the model again with this version of SpaceHub.",
            ) from error

    @property
    def signature(self) -> dict[str, list[str]]:
        """The inputs and outputs of the network, and the labels in its order."""
        return self._network.signature | {"labels": self.labels}

    def reproduce(self, results: Mapping) -> list[known.Known]:
        """Return the probabilities of the titles under ``examples`` of ``results.json``, published and found."""
        stated = known.cases(results, "examples")
        name, tolerance = ("int8", known.CLOSE_IN_EIGHT_BITS) if self.int8_agrees else ("chance", known.CLOSE)
        chances_now = self.chances([example["text"] for example in stated], at_once=True).tolist()
        for example, chance in zip(stated, chances_now, strict=True):
            if self.label(chance) != example["label"] and abs(chance - self.threshold) > tolerance:
                raise ValueError(
                    f"The model predicts {self.label(chance)!r} for a title whose expected answer is {example['label']!r}."
                )
        return [
            known.Known(f"title {place}", example.get(name), chance, tolerance)
            for place, (example, chance) in enumerate(zip(stated, chances_now, strict=True), 1)
        ]

    def agrees(self, text: str, label: str) -> bool:
        """Return whether the model assigns a text the same label as another commit."""
        return self.label(self.chances([text])[0]) == label

    def label(self, chance: float) -> str:
        """Return the label for a probability of *space*."""
        return self.labels[int(chance >= self.threshold)]

    def references(self) -> dict[str, Reference]:
        """Return the distribution of the training titles' `features`, and of the test titles' probabilities (``answer``)."""
        bins = sorted(self.bins, key=lambda found: found.sure)
        answers = Reference.of_bins([bin_.sure for bin_ in bins], [bin_.n for bin_ in bins])
        return self._inputs | {"answer": answers}

    def trust(self, chance: float) -> Bin:
        """Return how many test titles with a similar probability were about space."""
        return min(self.bins, key=lambda found: abs(found.sure - chance))
