"""Experiment: receptive fields, the part of an image that a single value deep in a network depends on."""

from typing import Annotated

import numpy as np

from space_app.lab.convolution import figures
from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.lab.shared import picture_choice
from space_app.parameters import List, integer
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import convolution as lab
from spacehub.lab.convolution import Layer

MOST_LAYERS, LARGEST_SIDE = 100, 1000
# The largest integer that every JSON parser reads exactly.
LARGEST_FIELD = 2**53
PICTURE, SIDE = "Residential", 64


def lab_receptive_field(
    kernels: Annotated[
        list[int],
        List(
            integer(1, LARGEST_SIDE, label="Kernel size"),
            1,
            MOST_LAYERS,
            label="Kernels",
            help="The kernel size of each layer. The layers are convolution or pooling layers.",
        ),
    ],
    strides: Annotated[
        list[int],
        List(
            integer(1, LARGEST_SIDE, label="Stride"),
            1,
            MOST_LAYERS,
            label="Strides",
            help="The stride of each layer. Enter as many strides as kernel sizes.",
        ),
    ],
) -> list[int]:
    """Return each layer's receptive field: the side length, in pixels, of the square that one value depends on."""
    if len(kernels) != len(strides):
        raise SpaceHubError(
            f"There are {len(kernels)} kernels and {len(strides)} strides.",
            "Enter one kernel size and one stride for each layer.",
        )
    fields = lab.receptive_field(
        [Layer(kernel=side, stride=by) for side, by in zip(kernels, strides, strict=True)]
    )
    if fields[-1] > LARGEST_FIELD:
        raise SpaceHubError(
            "The receptive field is larger than 2^53 pixels.", "Use fewer layers or smaller strides."
        )
    return fields


def view(
    watch: Watch,
    count: Annotated[int, integer(1, 12, step=1, label="Consecutive convolutions")] = 4,
    side: Annotated[int, integer(1, 7, step=2, label="Kernel size")] = 3,
    stride: Annotated[int, integer(1, 3, step=1, label="Stride of the kernels")] = 1,
    every: Annotated[
        int,
        integer(
            0, 4, step=1, label="Convolutions before each 2 × 2 pooling layer", help="0 turns off pooling."
        ),
    ] = 2,
) -> View:
    """Show how the receptive field grows, and draw it as squares on an image."""
    layers, names = [], []
    for number in range(1, count + 1):
        layers.append(Layer(kernel=side, stride=stride))
        names.append(f"conv {number}")
        if every and number % every == 0:
            layers.append(Layer(kernel=2, stride=2))
            names.append("pool")
    fields = lab.receptive_field(layers)
    apart = int(np.prod([layer.stride for layer in layers]))
    seen = picture_choice.read(watch, PICTURE)
    whole = next((name for name, side_seen in zip(names, fields, strict=True) if side_seen >= SIDE), None)
    covered = min(fields[-1] / SIDE, 1) ** 2
    return View(
        figures=[figures.growth(fields, names, SIDE), figures.boxes(seen, fields)],
        numbers={
            "Layers, including pooling": f"{len(layers)}",
            "Receptive field": f"{fields[-1]:,} × {fields[-1]:,} pixels",
            "Distance between neighbouring values": f"{apart:,} pixel{'s' if apart > 1 else ''}",
            f"Fraction of a {SIDE} × {SIDE} image covered": share(covered),
            "First layer that sees the whole image": whole or "none",
        },
        answer=f"One value depends on {fields[-1]:,} × {fields[-1]:,} pixels after {count} "
        f"convolution{'s' if count > 1 else ''} with {side} × {side} kernels. The receptive field covers {share(covered)} of a "
        f"{SIDE} × {SIDE} image.",
        source=lab.receptive_field,
        extra=picture_choice.provenance(watch, PICTURE),
    )


BENCH = Bench(
    key="convolution-field",
    question="How much of the image does a single value deep in a network depend on?",
    words="Each layer reads a window of the previous layer, so the receptive field grows with every layer. "
    "The receptive field grows faster after each layer with a stride greater than 1.",
    endpoint=lab_receptive_field,
    view=view,
    figures=2,
)
