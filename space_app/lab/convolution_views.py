"""What the endpoints and the page of Convolution share: a kernel over a picture, and the published network looked into."""

import functools
from pathlib import Path

import numpy as np
from PIL import Image

from space_app import pull
from space_app.lab import picture_choice
from space_app.served.satellite import KEY
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution as lab
from spacehub.lab.convolution import Layer
from spacehub.lab.convolution_network import Network, by_hand
from spacehub.serving.satellite.predictor import square

FIRST_PICTURE, FIRST_KERNEL = picture_choice.PLAIN, "Sobel, left to right"
FIRST_SEEN = "Residential"
NO_POOL = "none"
LONGEST = 384
MODEL = "onnx/model.onnx"


def grey(picture: np.ndarray) -> np.ndarray:
    """Return a picture, uint8 [H, W, 3], in grey, float [1, H, W] from 0 to 255, by the weights of ITU-R BT.601."""
    return (picture @ np.array([0.299, 0.587, 0.114]))[np.newaxis]


def convolved(
    picture: np.ndarray, weights: np.ndarray, *, stride: int, padding: int, pool_by: str, pool_size: int
) -> np.ndarray:
    """Slide a kernel [h, w] over a picture in grey and pool what it gives, float [H', W']."""
    maps = lab.slide(grey(picture), weights[np.newaxis, np.newaxis], stride=stride, padding=padding)
    return (maps if pool_by == NO_POOL else lab.pool(maps, pool_size, pool_by))[0]


def half_in(values: np.ndarray) -> float:
    """Return the least share of places that hold half of the sum of squares."""
    squares = np.sort((values**2).ravel())[::-1].cumsum()
    return float((np.searchsorted(squares, squares[-1] / 2) + 1) / len(squares))


def field(weights: np.ndarray, stride: int, *, pool_by: str, pool_size: int) -> int:
    """Return from how many pixels, along the kernel's longer side, one number comes."""
    layers = [Layer(kernel=max(weights.shape), stride=stride)]
    if pool_by != NO_POOL:
        layers.append(Layer(kernel=pool_size, stride=pool_size))
    return lab.receptive_field(layers)[-1]


def multiplications(picture: np.ndarray, weights: np.ndarray, stride: int, padding: int) -> int:
    """Return how many numbers are multiplied for a map of a picture [H, W, 3] in grey."""
    places = [
        lab.output_size(size, side, stride=stride, padding=padding)
        for size, side in zip(picture.shape[:2], weights.shape, strict=True)
    ]
    return places[0] * places[1] * weights.size


@functools.lru_cache(maxsize=2)
def _network(repo_id: str, commit: str) -> Network:
    return Network(pull.pull(repo_id, [MODEL], repo_type="model", commit=commit) / MODEL)


def network(watch: Watch) -> tuple[Status, Network]:
    """Return the published satellite model's status, and its network to look into."""
    status = watch.ready(KEY)
    return status, _network(status.entry.repo_id, status.commit)


def prepared(
    watch: Watch, status: Status, name: str, file: str | Path | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture as the model sees it, uint8 [S, S, 3], and as its network takes it, float32 [1, 3, S, S]."""
    picture = Image.fromarray(picture_choice.read(watch, name, file))
    pixels = square(picture, status.served.size)
    return pixels, status.served.as_input(pixels[np.newaxis])


def place(found: Network, number: object) -> int:
    """Return where convolution `number`, from 1, stands.

    Raises
    ------
    SpaceHubError
        When there is none of that number.
    """
    most = len(found.convolutions)
    if number not in range(1, most + 1):
        raise SpaceHubError(f"The network has no convolution number {number}.", f"Choose from 1 to {most}.")
    return int(number) - 1


def first_by_hand(found: Network, taken: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the first convolution's maps [F, h, w] by our own `slide`, and the largest difference from ONNX Runtime's."""
    ours = by_hand(found.convolutions[0], found.handed(taken))
    return ours, float(np.abs(ours - found.maps(taken, 0)).max())
