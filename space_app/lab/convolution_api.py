"""The endpoints of the experiment Convolution."""

from collections.abc import Callable
from typing import TypedDict

import numpy as np
from gradio import FileData
from PIL import Image

from space_app.lab import convolution_views as views
from space_app.lab import picture_choice
from space_app.lab.picture_figures import signed
from space_app.lab.provenance import Source, source
from space_app.scratch import scratch
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution as lab
from spacehub.lab.convolution import Layer
from spacehub.lab.convolution_kernels import LARGEST, kernel
from spacehub.lab.convolution_network import character

# A list sent to an endpoint may have so many rows and columns, and a network so many layers.
MOST_ROWS, MOST_LAYERS = 128, 100


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
        picture: str = views.FIRST_PICTURE,
        kernel_name: str = views.FIRST_KERNEL,
        kernel_typed: str = "",
        stride: int = 1,
        padding: int = 0,
        pool_by: str = views.NO_POOL,
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
        path = picture_choice.own(file)
        weights = kernel(kernel_name, kernel_typed)
        _check_padding(padding)
        seen = picture_choice.read(watch, picture, path, longest=views.LONGEST)
        pooled = {"pool_by": pool_by, "pool_size": pool_size}
        made = views.convolved(seen, weights, stride=stride, padding=padding, **pooled)
        file_path = scratch() / "map.png"
        Image.fromarray(signed(made)).save(file_path)
        return Convolved(
            size=list(made.shape),
            largest=float(np.abs(made).max()),
            half_in=views.half_in(made),
            field=views.field(weights, stride, **pooled),
            multiplications=views.multiplications(seen, weights, stride, padding),
            map=FileData(path=str(file_path)),
            source=picture_choice.origin(watch, picture, path),
        )

    def lab_network_filters(
        picture: str = views.FIRST_SEEN, convolution: int = 1, file: FileData | None = None
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
        path = picture_choice.own(file)
        status, found = views.network(watch)
        at = views.place(found, convolution)
        _, taken = views.prepared(watch, status, picture, path)
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
            difference=views.first_by_hand(found, taken)[1],
            source=source(status),
        )

    return [lab_convolve, lab_receptive_field, lab_convolve_picture, lab_network_filters]
