"""Experiment: the first filters of the published satellite model and the outputs of its convolutions."""

import functools
from dataclasses import dataclass
from typing import Annotated, TypedDict

import numpy as np
from PIL import Image

from space_app import pull
from space_app.lab.convolution import figures
from space_app.lab.frame import Bench, View
from space_app.lab.provenance import Source, provenance, source
from space_app.lab.shared import picture_choice
from space_app.lab.shared.picture_choice import OwnPicture, Picture
from space_app.lab.shared.picture_figures import pictures, signed
from space_app.parameters import integer
from space_app.served.satellite import KEY
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution_network as lab
from spacehub.lab.convolution_network import Network
from spacehub.lab.convolution_onnx import Convolution
from spacehub.serving.satellite.predictor import square

MODEL = "onnx/model.onnx"
# The number of convolutions in EfficientNet-Lite0.
MOST_CONVOLUTIONS = 49


class Filters(TypedDict):
    """The first filters of the published network, and the output of one convolution for an image.

    Convolutions are counted from 1. `weights` are the weights of the first convolution, [filters, channels,
    rows, columns]. `colour` and `edges` are the fractions of each filter's sum of squared weights that come from
    variation between channels and between positions. `means` are the mean absolute values of the chosen
    convolution's feature maps. `difference` is the largest difference between the first convolution computed by
    our own code and by ONNX Runtime.
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


def lab_network_filters(
    watch: Watch,
    picture: Picture = "Residential",
    convolution: Annotated[
        int, integer(1, MOST_CONVOLUTIONS, step=1, label="Convolution", help="Deeper maps are coarser.")
    ] = 1,
    file: OwnPicture = None,
) -> Filters:
    """Return the first-layer filters of the published satellite model, and the output of one of its convolutions for an image."""
    inspection = _run(watch, picture, file, convolution)
    colour, edges = lab.character(inspection.first.weights)
    return Filters(
        convolutions=len(inspection.network.convolutions),
        maps=list(inspection.maps.shape),
        field=inspection.chosen.field if np.isfinite(inspection.chosen.field) else None,
        means=np.abs(inspection.maps).mean(axis=(1, 2)).tolist(),
        weights=inspection.first.weights.tolist(),
        colour=colour.tolist(),
        edges=edges.tolist(),
        difference=inspection.difference,
        source=source(inspection.status),
    )


def view(
    watch: Watch,
    picture: str,
    file: str | None,
    convolution: int,
    shown: Annotated[int, integer(1, figures.MOST_MAPS, step=1, label="Filter or map")] = 1,
) -> View:
    """Show a filter with its feature map, all filters of the first layer, and all feature maps of the chosen convolution."""
    inspection = _run(watch, picture, file, convolution)
    filters, chosen_layer = inspection.first.weights, inspection.chosen
    shown = min(shown, len(inspection.maps), len(filters)) - 1
    colour, edges = (part > 0.5 for part in lab.character(filters))
    strongest = int(np.abs(inspection.by_hand).mean(axis=(1, 2)).argmax())
    reach = (
        f"{chosen_layer.field:,.0f} × {chosen_layer.field:,.0f} pixels"
        if np.isfinite(chosen_layer.field)
        else "the whole image"
    )
    row = [
        ("the patch that it sees", inspection.pixels),
        (f"map {shown + 1}", signed(inspection.maps[shown])),
    ]
    if convolution == 1:
        row.insert(1, (f"filter {shown + 1}", figures.tile(filters[shown])))
    return View(
        figures=[
            pictures(*row),
            figures.filters(filters, shown if convolution == 1 else -1),
            figures.maps(inspection.maps, shown, convolution),
        ],
        numbers={
            "Convolutions in the network": f"{len(inspection.network.convolutions)}",
            f"Convolution {convolution}": f"{chosen_layer.weights.shape[3]} × {chosen_layer.weights.shape[2]}, "
            f"stride {chosen_layer.stride}",
            "Its feature maps": f"{inspection.maps.shape[0]:,} of {inspection.maps.shape[2]} × {inspection.maps.shape[1]}",
            "Receptive field": reach,
            "First-layer filters that respond to colour": f"{colour.sum()} of {len(colour)}",
            "First-layer filters that respond to edges": f"{edges.sum()} of {len(edges)}",
            "Largest difference from ONNX Runtime, first layer": f"{inspection.difference:.1e}",
            "Largest first-layer value": f"{np.abs(inspection.by_hand).max():.3g}",
        },
        answer=f"In the first layer, {colour.sum()} of {len(colour)} filters respond more to colour than to grey, "
        f"and {edges.sum()} respond more to edges than to brightness. Filter "
        f"{strongest + 1} responds most to this image.",
        source=lab.by_hand,
        extra=provenance(inspection.status, simulated="The model was trained on generated images.")
        + picture_choice.provenance(watch, picture, file),
    )


@dataclass(frozen=True, kw_only=True)
class _Run:
    """The published network's output for an image.

    `pixels` is the network's input, uint8 [S, S, 3]. `maps` is the chosen convolution's output, computed by
    ONNX Runtime. `by_hand` is the first convolution's output, computed by our own code. Both are float [F, h,
    w].
    """

    status: Status
    network: Network
    convolution: int
    pixels: np.ndarray
    maps: np.ndarray
    by_hand: np.ndarray
    difference: float

    @property
    def first(self) -> Convolution:
        """The first convolution."""
        return self.network.convolutions[0]

    @property
    def chosen(self) -> Convolution:
        """The chosen convolution."""
        return self.network.convolutions[self.convolution - 1]


def _run(watch: Watch, picture: str, file: str | None, convolution: int) -> _Run:
    """Run the published network on an image."""
    status = watch.ready(KEY)
    network = _network(status.entry.repo_id, status.commit)
    most = len(network.convolutions)
    if convolution > most:
        raise SpaceHubError(
            f"The network has no convolutional layer {convolution}.",
            f"Choose a whole number from 1 to {most}.",
        )
    pixels = square(Image.fromarray(picture_choice.read(watch, picture, file)), status.served.size)
    taken = status.served.as_input(pixels[np.newaxis])
    ours, first = lab.by_hand(network.convolutions[0], network.handed(taken)), network.maps(taken, 0)
    return _Run(
        status=status,
        network=network,
        convolution=convolution,
        pixels=pixels,
        maps=first if convolution == 1 else network.maps(taken, convolution - 1),
        by_hand=ours,
        difference=float(np.abs(ours - first).max()),
    )


@functools.lru_cache(maxsize=2)
def _network(repo_id: str, commit: str) -> Network:
    return Network(pull.pull(repo_id, [MODEL], repo_type="model", commit=commit) / MODEL)


BENCH = Bench(
    key="convolution-network",
    question="What do the first filters of the published network look for?",
    words="The figures show the satellite model's filters, read from its ONNX file, and their feature maps "
    "before the activation. As a check, the app recomputes the first convolution with its own code.",
    endpoint=lab_network_filters,
    view=view,
    figures=3,
)
