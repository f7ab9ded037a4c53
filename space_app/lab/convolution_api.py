"""The endpoints of the experiment Convolution, and what its page shares with them."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import numpy as np
from gradio import FileData
from PIL import Image

from space_app import pull
from space_app.endpoints import sent
from space_app.lab import picture_choice
from space_app.lab.picture_figures import signed
from space_app.lab.provenance import Source, source
from space_app.satellite.watching import KEY
from space_app.scratch import scratch
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution as lab
from spacehub.lab.convolution import Layer
from spacehub.lab.convolution_kernels import LARGEST, kernel
from spacehub.lab.convolution_network import Network, by_hand, character
from spacehub.serving.satellite.predictor import square

FIRST_PICTURE, FIRST_KERNEL = "lunar-surface", "Sobel, left to right"
FIRST_SEEN = "Residential"
NO_POOL = "none"
LONGEST = 384
# A list sent to an endpoint may have so many rows and columns, and a network so many layers.
MOST_ROWS, MOST_LAYERS = 128, 100
MODEL = "onnx/model.onnx"


class Convolved(TypedDict):
    """A picture with a kernel slid over it; `map` is a PNG, orange above zero and blue below.

    `largest` is the strongest number in grey levels, by its absolute value, and `half_in` the share of places that hold
    half of the sum of squares. `field` is how many pixels, along a side, one number comes from.
    """

    size: list[int]
    largest: float
    half_in: float
    field: int
    multiplications: int
    map: FileData
    source: Source | None


class Filters(TypedDict):
    """A convolution of the published network, and what it gives of a picture; the first is number 1.

    `weights` are those of the first convolution, [filters, channels, rows, columns]; `colour` and `edges` each filter's
    share of squared weights that differ between channels and between places. `means` are the mean absolute numbers of
    the asked convolution's maps. `difference` is the largest between the first convolution by hand and ONNX Runtime's.
    """

    convolutions: int
    maps: list[int]
    field: float | None
    means: list[float]
    weights: list
    colour: list[float]
    edges: list[float]
    difference: float
    source: Source


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


def _table(rows: object, name: str, most: int) -> np.ndarray:
    try:
        made = np.array(rows, dtype=float)
    except (TypeError, ValueError):
        made = np.zeros(0)
    if made.ndim != 2 or made.size < 1 or max(made.shape) > most or not np.isfinite(made).all():
        raise SpaceHubError(
            f"The {name} is no table of numbers.",
            f"Send a list of 1 to {most} rows of one length, at most {most}.",
        )
    return made


def lab_convolve(
    rows: list[list[float]], kernel: list[list[float]], stride: int = 1, padding: int = 0
) -> list[list[float]]:
    """Slide a kernel over a table of numbers, as networks do, without turning it first.

    Parameters
    ----------
    rows : list of list of float
        The numbers, at most 128 rows of at most 128.
    kernel : list of list of float
        At most 11 rows of at most 11.
    stride : int
        Places from a window to the next.
    padding : int
        Rows and columns of zeros that are laid around the table, at most 11.
    """
    table, weights = _table(rows, "table", MOST_ROWS), _table(kernel, "kernel", LARGEST)
    _check_padding(padding)
    return lab.slide(table[np.newaxis], weights[np.newaxis, np.newaxis], stride=stride, padding=padding)[
        0
    ].tolist()


def lab_receptive_field(kernels: list[int], strides: list[int]) -> list[int]:
    """Tell after each layer from how many of the picture's pixels, along a side, one number comes.

    Parameters
    ----------
    kernels : list of int
        The side of each layer's window, a convolution's or a pooling's.
    strides : list of int
        Each layer's stride, as many as kernels.
    """
    if (
        not isinstance(kernels, list)
        or not isinstance(strides, list)
        or not 1 <= len(kernels) == len(strides) <= MOST_LAYERS
        or any(number not in range(1, 1001) for number in [*kernels, *strides])
    ):
        raise SpaceHubError(
            "These are no layers.",
            f"Send as many kernels as strides, 1 to {MOST_LAYERS}, whole numbers from 1 to 1,000.",
        )
    return lab.receptive_field(
        [Layer(kernel=side, stride=by) for side, by in zip(kernels, strides, strict=True)]
    )


def _check_padding(padding: int) -> None:
    if padding not in range(LARGEST + 1):
        raise SpaceHubError(f"A padding of {padding} is out of range.", f"Choose from 0 to {LARGEST}.")


def endpoints(watch: Watch) -> list[Callable]:
    """Return the endpoints over the pictures and the model that `watch` has pulled."""

    def lab_convolve_picture(
        picture: str = FIRST_PICTURE,
        kernel_name: str = FIRST_KERNEL,
        kernel_typed: str = "",
        stride: int = 1,
        padding: int = 0,
        pool_by: str = NO_POOL,
        pool_size: int = 2,
        file: FileData | None = None,
    ) -> Convolved:
        """Slide a kernel over a picture in grey, at most 384 pixels a side, and pool what it gives.

        Parameters
        ----------
        picture : str
            A picture of space-images, such as lunar-surface, or a class of EuroSAT, such as Residential.
        kernel_name : str
            A well-known kernel, such as 'Laplace' or 'box blur'.
        kernel_typed : str
            One of your own in place of it: rows parted by semicolons, as in 1 0 -1; 2 0 -2; 1 0 -1.
        stride : int
            Pixels from a window to the next.
        padding : int
            Rows and columns of zeros that are laid around the picture, at most 11.
        pool_by : str
            none, maximum or mean.
        pool_size : int
            The side of the blocks of which one number is left.
        file : FileData, optional
            A picture of one's own in place of it.
        """
        path = sent(file) if file else None
        weights = kernel(kernel_name, kernel_typed)
        _check_padding(padding)
        seen = picture_choice.read(watch, picture, path, longest=LONGEST)
        pooled = {"pool_by": pool_by, "pool_size": pool_size}
        made = convolved(seen, weights, stride=stride, padding=padding, **pooled)
        file_path = scratch() / "map.png"
        Image.fromarray(signed(made)).save(file_path)
        return Convolved(
            size=list(made.shape),
            largest=float(np.abs(made).max()),
            half_in=half_in(made),
            field=field(weights, stride, **pooled),
            multiplications=multiplications(seen, weights, stride, padding),
            map=FileData(path=str(file_path)),
            source=picture_choice.origin(watch, picture, path),
        )

    def lab_network_filters(
        picture: str = FIRST_SEEN, convolution: int = 1, file: FileData | None = None
    ) -> Filters:
        """Look into the published satellite model: its first filters, and what a convolution gives of a picture.

        Parameters
        ----------
        picture : str
            A class of EuroSAT, such as Residential, or a picture of space-images, such as moon.
        convolution : int
            Which one's maps; the first is 1.
        file : FileData, optional
            A picture of one's own in place of it.
        """
        path = sent(file) if file else None
        status, found = network(watch)
        at = place(found, convolution)
        _, taken = prepared(watch, status, picture, path)
        maps, first = found.maps(taken, at), found.convolutions[0]
        colour, edges = character(first.weights)
        reach = found.convolutions[at].field
        return Filters(
            convolutions=len(found.convolutions),
            maps=list(maps.shape),
            field=reach if np.isfinite(reach) else None,
            means=np.abs(maps).mean(axis=(1, 2)).tolist(),
            weights=first.weights.tolist(),
            colour=colour.tolist(),
            edges=edges.tolist(),
            difference=first_by_hand(found, taken)[1],
            source=source(status),
        )

    return [lab_convolve, lab_receptive_field, lab_convolve_picture, lab_network_filters]


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
