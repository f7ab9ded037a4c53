"""Run a published classifier of aerial images: calibrated probabilities, and what each place adds to them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from spacehub.errors import SpaceHubError, reason
from spacehub.serving import drift, known, reliability, stated
from spacehub.serving.drift import Reference
from spacehub.serving.satellite import features
from spacehub.serving.satellite.decode import as_rgb
from spacehub.serving.satellite.doubts import BLANK, SIZE, Known, statistics
from spacehub.serving.sessions import open_session, signature

FILES = ("onnx/model.onnx", "onnx/model_int8.onnx", "onnx/inputs.json", "results.json")
THREADS = 2
# Share of test images on which the eight-bit model must agree with the full-precision model to replace
# it.
AGREEMENT = 0.99
# Limits of what is read from ``onnx/inputs.json``.
MOST_CLASSES, LONGEST_CLASS = 1_000, 80
SIZES, MEANS, STEPS, GROUND = (16, 1_024), (-1e3, 1e3), (1e-3, 1e3), (1e-3, 1e5)
LARGEST_MAP = 256  # cells per side


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The model's input and its answer for an image.

    `pixels` uint8 [S, S, 3] is the input; `chances` float [C] add up to 1. `maps` float [C, h, w] show
    how much each place added to each class beyond the average over classes, in units of the logit: the
    part of a class activation map (Zhou et al. 2016) that moves the probabilities. `size` is the width and
    height of the image, and `metres` the width on the ground of its middle square, if its file states
    it. `features` are those of `features.describe`. `doubts` are those of `doubts.KINDS` that apply, and
    `read_as` says how the file became an image, if that needs saying.
    """

    pixels: np.ndarray
    chances: np.ndarray
    maps: np.ndarray
    size: tuple[int, int]
    metres: float | None
    features: dict[str, float]
    doubts: list[str]
    read_as: str

    @property
    def order(self) -> list[int]:
        """The classes, the most likely first."""
        return np.argsort(-self.chances, kind="stable").tolist()


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Of `n` test images with a similar confidence, the share `right` was classified correctly."""

    n: int
    sure: float
    right: float
    low: float
    high: float


class SatellitePredictor:
    """Answers from a published classifier, read without executing any code from its files.

    Parameters
    ----------
    folder : Path
        The model's files: `FILES`.

    Raises
    ------
    SpaceHubError
        If a file is missing or not as expected.
    """

    def __init__(self, folder: Path):
        try:
            inputs = json.loads((folder / "onnx" / "inputs.json").read_text("utf-8"))
            results = json.loads((folder / "results.json").read_text("utf-8"))
            named = stated.listed(inputs["classes"], "classes", MOST_CLASSES)
            self.classes = [stated.text(name, "A class", LONGEST_CLASS) for name in named]
            self.size = stated.whole(inputs["size"], "size", *SIZES)
            self._mean = stated.number(inputs["mean"], "mean", *MEANS)
            self._std = stated.number(inputs["std"], "std", *STEPS)
            # Older models do not have this in their weights yet.
            self._temperature = stated.number(inputs.get("temperature", 1), "temperature", *STEPS)
            self._ground = stated.number(inputs["metres_a_pixel"], "metres_a_pixel", *GROUND)
            self.bins = [Bin(**bin_) for bin_ in reliability.bins(results)]
            self.known = Known.of(inputs["known"])
            self._inputs = drift.published(results, features.EDGES)
            self._session = _open(folder / "onnx" / "model.onnx")
            self.int8_agrees = results["onnx"]["int8"]["share"] >= AGREEMENT
            self._quick = _open(folder / "onnx" / "model_int8.onnx") if self.int8_agrees else self._session
            self._check()
        except Exception as error:  # onnxruntime raises its own exception types
            raise SpaceHubError(
                f"Cannot read the published model. {reason(error)}",
                "Publish the model again with this version of SpaceHub.",
            ) from error

    def classify(self, picture: Image.Image) -> Seen:
        """Classify the middle square of an image, resized to the model's size."""
        pixels = square(picture, self.size)
        logits, maps = self._session.run(["logits", "map"], {"pixels": self.as_input(pixels[np.newaxis])})
        shown = statistics(pixels[np.newaxis])
        [described] = features.describe(shown, np.array([min(picture.size)]))
        [doubted] = self.known.doubts(shown)
        metres = picture.info.get("metres_a_pixel")
        if doubted != [BLANK] and self.known.is_other_size(
            *picture.size, (metres or self._ground) / self._ground
        ):
            doubted = [*doubted, SIZE]
        return Seen(
            pixels=pixels,
            chances=self._chances(logits)[0],
            maps=maps[0] - maps[0].mean(axis=0),
            size=picture.size,
            metres=metres and metres * min(picture.size),
            features=described,
            doubts=doubted,
            read_as=picture.info.get("read_as", ""),
        )

    def chances(self, pixels: np.ndarray, *, quick: bool = False) -> np.ndarray:
        """Return the probabilities, float32 [N, C], of uint8 images [N, S, S, 3].

        With `quick`, the eight-bit model answers if it was measured to agree.
        """
        session = self._quick if quick else self._session
        return self._chances(session.run(["logits"], {"pixels": self.as_input(pixels)})[0])

    @property
    def signature(self) -> dict[str, list[str]]:
        """The inputs and outputs of the network, and the classes in its order."""
        return signature(self._session) | {"classes": self.classes}

    def reproduce(self, results: Mapping) -> list[known.Known]:
        """Return the probabilities of the images under ``known`` of ``results.json``, published and found."""
        answers = []
        for place, case in enumerate(known.cases(results, "known"), 1):
            pixels = patchwork(case["colours"], self.size)[np.newaxis]
            for name, quick in ("chances", False), ("int8", True):
                if quick and not self.int8_agrees:
                    continue
                chances_now = dict(
                    zip(self.classes, self.chances(pixels, quick=quick)[0].tolist(), strict=True)
                )
                tolerance = known.CLOSE_IN_EIGHT_BITS if quick else known.CLOSE
                answers += known.same_names(f"image {place}", case.get(name), chances_now, tolerance)
        return answers

    def agrees(self, pixels: Sequence, name: str) -> bool:
        """Return whether the model assigns an image [S, S, 3] the same class as another commit."""
        chances = self.chances(np.asarray(pixels, np.uint8)[np.newaxis])
        return self.classes[int(chances[0].argmax())] == name

    def references(self) -> dict[str, Reference]:
        """Return the distribution of the training images' `features`, and of the confidence in test images (``answer``)."""
        bins = sorted(self.bins, key=lambda found: found.sure)
        answers = Reference.of_bins([bin_.sure for bin_ in bins], [bin_.n for bin_ in bins])
        return self._inputs | {"answer": answers}

    def trust(self, chance: float) -> Bin:
        """Return the model's accuracy on test images with about the confidence `chance`."""
        return min(self.bins, key=lambda found: abs(found.sure - chance))

    def as_input(self, pixels: np.ndarray) -> np.ndarray:
        """Return uint8 images [N, S, S, 3] as the ONNX files take them, float32 [N, 3, S, S]."""
        # A look-up table of the 256 values costs a third of the arithmetic.
        table = ((np.arange(256, dtype=np.float32) / 255 - self._mean) / self._std).astype(np.float32)
        return table[np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))]

    def _chances(self, logits: np.ndarray) -> np.ndarray:
        scaled = logits / self._temperature
        raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return raised / raised.sum(axis=1, keepdims=True)

    def _check(self) -> None:
        """Run each file once, so that a model that cannot answer is not served."""
        seen = self.classify(Image.new("RGB", (self.size, self.size)))
        quick = self.chances(seen.pixels[np.newaxis], quick=True)[0]
        classes = len(self.classes)
        if quick.shape != (classes,) or seen.chances.shape != (classes,) or len(set(self.classes)) < classes:
            raise ValueError("The outputs of the model do not match inputs.json.")
        if seen.maps.ndim != 3 or len(seen.maps) != classes or max(seen.maps.shape[1:]) > LARGEST_MAP:
            raise ValueError("The activation maps of the model do not match inputs.json.")
        if not all(np.isfinite(values).all() for values in (quick, seen.chances, seen.maps)):
            raise ValueError("The outputs of the model must be finite numbers.")


def patchwork(colours: object, size: int) -> np.ndarray:
    """Return an image, uint8 [size, size, 3], of squares in the colours [k, k, 3].

    Raises
    ------
    ValueError
        If the colours do not form a square.
    """
    cells = np.asarray(colours)
    if (
        cells.ndim != 3
        or cells.shape[0] != cells.shape[1]
        or cells.shape[2] != 3
        or cells.dtype.kind not in "iu"
    ):
        raise ValueError("The expected answers contain images that are not square grids of colours.")
    if not (0 < len(cells) <= size and cells.min() >= 0 and cells.max() <= 255):
        raise ValueError("The expected answers contain colours outside the range 0 to 255.")
    place = np.arange(size) * len(cells) // size
    return cells.astype(np.uint8)[np.ix_(place, place)]


def square(picture: Image.Image, size: int) -> np.ndarray:
    """Return the middle square of an image, resized bicubically as in training, uint8 [size, size, 3]."""
    width, height = picture.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    middle = as_rgb(picture.crop((left, top, left + side, top + side)))
    if side != size:
        middle = middle.resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(middle)


def _open(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    # Threads that spin between two images only take processor time from other visitors.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return open_session(path, options)
