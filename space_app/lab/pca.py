"""PCA: the digits in two dimensions, and a satellite picture from a few of its principal components."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab import pca_api as api
from space_app.lab import picture_choice
from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, TEAL, figure
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.picture_figures import mosaic, pictures, signed
from space_app.lab.quantities import share
from space_app.watch import Watch
from spacehub.lab.digits import SIDE
from spacehub.lab.pca import principal_components
from spacehub.lab.pca_digits import digits
from spacehub.lab.pca_pictures import LINES, PATCH, PATCHES, WAYS, WHITE, Analysed

# Told apart in light and in dark, each digit by its figure, too.
DIGIT_COLOURS = (*COLOURS, "#c74d8a", "#5f9e2f", "#2f9ec4", "#b5734a")
DRAWN_EACH, AXES_DRAWN = 3, 8


def _digits_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(1, 64, 2, step=1, label="Components kept"),
        gr.Slider(1, 10, 1, step=1, label="Component drawn to the right"),
        gr.Slider(1, 10, 2, step=1, label="Component drawn upwards"),
        gr.Slider(1, 1797, 1, step=1, label="Digit to restore"),
    ]


def _show_digits(k: int, right: int, up: int, number: int) -> View:
    k, right, up, number = int(k), int(right), int(up), int(number)
    known = digits()
    kept, told, all_told = float(known.found.shares[:k].sum()), api.told_right(k), api.told_right(64)
    return View(
        figures=[
            _map(right - 1, up - 1),
            _shares(known.found.shares, k),
            _restored(number - 1, k, right - 1, up - 1),
        ],
        numbers={
            "Digits, of 8 × 8 pixels": f"{len(known.rows):,}",
            "Numbers a digit, before": "64",
            "Numbers a digit, kept": f"{k}",
            "Variance kept": share(kept),
            "Components for 90 % of it": f"{int((np.cumsum(known.found.shares) < 0.9).sum()) + 1}",
            "Told right by the nearest digit": share(told),
            "The same with all 64": share(all_told),
        },
        answer=f"{k} of 64 numbers keep {share(kept)} of the variance; by them alone the nearest other digit is the same "
        f"one for {share(told)} of the digits, by all 64 for {share(all_told)}.",
        source=principal_components,
    )


def _map(right: int, up: int) -> go.Figure:
    known = digits()
    scores = known.found.scores(known.rows[::DRAWN_EACH], max(right, up) + 1)
    labels = known.labels[::DRAWN_EACH]
    traces = [
        go.Scatter(
            x=scores[labels == digit, right],
            y=scores[labels == digit, up],
            mode="text",
            text=str(digit),
            textfont={"color": ink, "size": 12},
            hoverinfo="skip",
            showlegend=False,
        )
        for digit, ink in enumerate(DIGIT_COLOURS)
    ]
    return figure(*traces, x=f"component {right + 1}, every third digit", y=f"component {up + 1}", height=420)


def _shares(shares: np.ndarray, k: int) -> go.Figure:
    number = np.arange(1, len(shares) + 1)
    inks = [TEAL if each <= k else GREY for each in number]
    return figure(
        go.Bar(x=number, y=shares, marker={"color": inks}, name="of one component"),
        go.Scatter(x=number, y=np.cumsum(shares), name="of all up to it", line={"color": BLUE}),
        go.Scatter(
            x=[k], y=[shares[:k].sum()], mode="markers", marker={"color": AMBER, "size": 11}, name="kept"
        ),
        x="component",
        y="share of the variance",
        height=300,
    )


def _restored(place: int, k: int, right: int, up: int) -> go.Figure:
    """Draw a digit, what the kept components make of it, and the two components that are drawn, as pictures."""
    known = digits()
    row = known.rows[place : place + 1]
    restored = known.found.restore(known.found.scores(row, k))
    return pictures(
        (f"a {known.labels[place]}", _ink(row)),
        (f"from {k}", _ink(restored)),
        *(
            (f"component {axis + 1}", signed(known.found.axes[axis]).reshape(SIDE, SIDE, 3))
            for axis in (right, up)
        ),
    )


def _ink(row: np.ndarray) -> np.ndarray:
    grey = np.rint(np.clip(row.reshape(SIDE, SIDE) / 16, 0, 1) * WHITE).astype(np.uint8)
    return np.repeat(grey[..., np.newaxis], 3, axis=2)


def _picture_controls() -> Sequence[gr.components.Component]:
    return [
        picture_choice.choice(api.FIRST_PICTURE),
        picture_choice.upload(),
        gr.Slider(1, 64, 8, step=1, label="Components kept"),
        gr.Radio(list(WAYS), value=PATCHES, label="The picture is cut into"),
    ]


def _show_picture(watch: Watch) -> Callable[..., View]:
    def show(name: str, file: str | None, k: int, way: str) -> View:
        k = int(k)
        found = api.analysed(watch, name, file, way)
        other = api.analysed(watch, name, file, LINES if way == PATCHES else PATCHES)
        made = found.compressed(k)
        error, before = float(found.errors[k]), found.rows.size
        return View(
            figures=[
                pictures(("the picture", _uncut(found)), (f"from {k} components", made)),
                _errors(found, other, k),
                _axes(found),
            ],
            numbers={
                "Picture": f"{found.shape[1]} × {found.shape[0]} pixels",
                "Pieces": f"{len(found.rows):,} of {found.rows.shape[1]:,} numbers",
                "Components there are": f"{len(found.found.axes):,}",
                "Variance kept": share(float(found.found.shares[:k].sum())),
                "Error, root mean square": f"{error:.2f} of 255",
                "Signal to noise, peak": f"{20 * np.log10(WHITE / error):.1f} dB"
                if error > 1e-6
                else "no error",
                "Numbers kept": f"{found.stored(k):,} of {before:,}",
            },
            answer=f"{k} components leave an error of {error:.2f} grey levels of 255 and take "
            f"{share(found.stored(k) / before)} of the numbers{', more than it saves' if found.stored(k) >= before else ''}.",
            source=principal_components,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def _uncut(found: Analysed) -> np.ndarray:
    return found.compressed(len(found.found.axes))


def _errors(found: Analysed, other: Analysed, k: int) -> go.Figure:
    """Draw the error against the numbers kept, for both ways to cut the picture."""
    traces = []
    for one, ink in (found, BLUE), (other, GREY):
        counts = np.arange(1, len(one.found.axes) + 1)
        counts = counts[one.stored(counts) <= one.rows.size]
        sizes = one.stored(counts) / one.rows.size
        traces.append(go.Scatter(x=sizes, y=one.errors[counts], name=one.way, line={"color": ink}))
    traces.append(
        go.Scatter(
            x=[found.stored(k) / found.rows.size],
            y=[found.errors[k]],
            name="kept",
            mode="markers",
            marker={"color": AMBER, "size": 11},
        )
    )
    made = figure(*traces, x="numbers kept, share of the picture's", y="error, grey levels", height=320)
    made.layout.xaxis.tickformat = ".0%"
    return made


def _axes(found: Analysed) -> go.Figure:
    """Draw the first components as pictures: what all pieces have more or less of."""
    shape = (PATCH, PATCH, 3) if found.way == PATCHES else (1, found.shape[1], 3)
    axes = found.found.axes[:AXES_DRAWN]
    tiles = [
        np.rint(127.5 + 127.5 * axis / np.abs(axis).max()).astype(np.uint8).reshape(shape) for axis in axes
    ]
    if found.way == LINES:
        tiles = [tile.repeat(max(1, found.shape[1] // 16), axis=0) for tile in tiles]
    sheet = mosaic(tiles, across=len(tiles) if found.way == PATCHES else 1)
    return pictures((f"components 1 to {len(tiles)}", sheet))


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the pictures that `watch` has pulled."""
    return Experiment(
        key="pca",
        title="PCA",
        week=5,
        benches=[
            Bench(
                key="pca-digits",
                question="How much of a handwritten digit do two numbers tell?",
                words="Principal components are the directions in which the 64 pixels of the digits vary most together. "
                "Each digit is drawn where it lies along two of them.",
                controls=_digits_controls,
                show=_show_digits,
                figures=3,
            ),
            Bench(
                key="pca-picture",
                question="How few numbers does a satellite picture need?",
                words="The picture is cut into pieces, and each is put together again from the first components of all. "
                "They are drawn below: what pieces have in common.",
                controls=_picture_controls,
                show=_show_picture(watch),
                figures=3,
            ),
        ],
        endpoints=api.endpoints(watch),
    )
