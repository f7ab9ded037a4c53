"""Convolution: a kernel on its way, what it brings out of a picture, receptive fields, and the published network's filters."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np

from space_app.lab import convolution_api as api
from space_app.lab import convolution_figures as figures
from space_app.lab import convolution_views as views
from space_app.lab import picture_choice
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.picture_figures import pictures, signed
from space_app.lab.provenance import provenance
from space_app.lab.quantities import share
from space_app.watch import Watch
from spacehub.lab import convolution as lab
from spacehub.lab import convolution_network as network
from spacehub.lab.convolution import POOLS, Layer
from spacehub.lab.convolution_kernels import HOW, KERNELS, kernel
from spacehub.serving.words import plain

# So many pixels, from the middle of the picture at this size, are shown one by one.
CELLS, CELLS_OF = 8, 64
FIELD_PICTURE, FIELD_SIDE = "Residential", 64


def _kernel_controls() -> list[gr.components.Component]:
    return [
        gr.Dropdown(list(KERNELS), value=views.FIRST_KERNEL, label="Kernel", filterable=False),
        gr.Textbox("", label="Or type one, and press Enter", info=HOW, max_length=600),
    ]


def _stride() -> gr.Slider:
    return gr.Slider(1, 4, 1, step=1, label="Stride")


def _padding(most: int) -> gr.Slider:
    return gr.Slider(0, most, 0, step=1, label="Padding with zeros")


def _step_controls() -> Sequence[gr.components.Component]:
    return [*_kernel_controls(), picture_choice.choice(views.FIRST_SEEN), _stride(), _padding(1)]


def _show_step(watch: Watch) -> Callable[..., View]:
    def show(name: str, typed: str, picture: str, stride: int, padding: int) -> View:
        stride, padding, weights = int(stride), int(padding), kernel(name, typed)
        whole = views.grey(picture_choice.read(watch, picture, longest=CELLS_OF))[0]
        top, left = (whole.shape[0] - CELLS) // 2, (whole.shape[1] - CELLS) // 2
        few = np.rint(whole[top : top + CELLS, left : left + CELLS])
        made = lab.slide(few[np.newaxis], weights[np.newaxis, np.newaxis], stride=stride, padding=padding)[0]
        row, column = np.unravel_index(np.abs(made).argmax(), made.shape)
        products = made.size * weights.size
        return View(
            figures=[figures.way(np.pad(few, padding), weights, made, stride=stride)],
            numbers={
                "Pixels, in grey levels": f"{CELLS} × {CELLS}",
                "Kernel": f"{weights.shape[1]} × {weights.shape[0]}, its sum is {plain(float(weights.sum()))}",
                "Places across": f"({CELLS} + 2·{padding} − {weights.shape[1]}) // {stride} + 1 = {made.shape[1]}",
                "Multiplications": f"{made.size} · {weights.size} = {products:,}",
            },
            answer=f"Each number is a sum of {weights.size} products, so the {made.shape[1]} × {made.shape[0]} of them take "
            f"{products:,} multiplications; the strongest is {plain(float(made[row, column]))}, in row {row + 1}, column "
            f"{column + 1}.",
            source=lab.slide,
            extra=picture_choice.told(watch, picture),
        )

    return show


def _picture_controls() -> Sequence[gr.components.Component]:
    return [
        picture_choice.choice(views.FIRST_PICTURE),
        picture_choice.upload(),
        *_kernel_controls(),
        _stride(),
        _padding(5),
        gr.Radio([views.NO_POOL, *POOLS], value=views.NO_POOL, label="Pooling by"),
        gr.Slider(2, 8, 2, step=1, label="Side of its blocks"),
    ]


def _show_picture(watch: Watch) -> Callable[..., View]:
    def show(picture, file, name, typed, stride, padding, pool_by, pool_size) -> View:
        stride, padding, weights = int(stride), int(padding), kernel(name, typed)
        pooled = {"pool_by": pool_by, "pool_size": int(pool_size)}
        seen = picture_choice.read(watch, picture, file, longest=views.LONGEST)
        made = views.convolved(seen, weights, stride=stride, padding=padding, **pooled)
        few = views.half_in(made)
        grey = np.repeat(np.rint(views.grey(seen)[0]).astype(np.uint8)[..., np.newaxis], 3, axis=2)
        return View(
            figures=[pictures(("the picture in grey", grey), ("what comes out", _drawn(made, weights)))],
            numbers={
                "Picture": f"{seen.shape[1]} × {seen.shape[0]}",
                "What comes out": f"{made.shape[1]} × {made.shape[0]}",
                "Kernel": f"{weights.shape[1]} × {weights.shape[0]}, its sum is {plain(float(weights.sum()))}",
                "Multiplications": f"{views.multiplications(seen, weights, stride, padding):,}",
                "One number comes from": f"{views.field(weights, stride, **pooled)} pixels along a side",
                "Lowest and highest": f"{made.min():,.0f} and {made.max():,.0f} grey levels",
                "Half of the squares in": share(few),
            },
            answer=f"Half of what the kernel brings out, in squares, lies on {share(few)} of the places; the strongest "
            f"number is {np.abs(made).max():,.0f} grey levels.",
            source=lab.slide,
            extra=picture_choice.told(watch, picture, file),
        )

    return show


def _drawn(made: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Draw what keeps brightness as grey, all else by its sign."""
    if abs(weights.sum() - 1) > 1e-6:
        return signed(made)
    return np.repeat(np.rint(made.clip(0, 255)).astype(np.uint8)[..., np.newaxis], 3, axis=2)


def _field_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(1, 12, 4, step=1, label="Convolutions, one after the other"),
        gr.Slider(1, 7, 3, step=2, label="Side of their kernels"),
        gr.Slider(1, 3, 1, step=1, label="Their stride"),
        gr.Slider(0, 4, 2, step=1, label="Pooling by 2 after every …", info="0 is never."),
    ]


def _show_field(watch: Watch) -> Callable[..., View]:
    def show(count: int, side: int, stride: int, every: int) -> View:
        count, side, stride, every = int(count), int(side), int(stride), int(every)
        layers, names = [], []
        for number in range(1, count + 1):
            layers.append(Layer(kernel=side, stride=stride))
            names.append(f"conv {number}")
            if every and number % every == 0:
                layers.append(Layer(kernel=2, stride=2))
                names.append("pool")
        fields = lab.receptive_field(layers)
        apart = int(np.prod([layer.stride for layer in layers]))
        seen = picture_choice.read(watch, FIELD_PICTURE)
        whole = next((name for name, one in zip(names, fields, strict=True) if one >= FIELD_SIDE), None)
        covered = min(fields[-1] / FIELD_SIDE, 1) ** 2
        return View(
            figures=[figures.growth(fields, names, FIELD_SIDE), figures.boxes(seen, fields)],
            numbers={
                "Layers, with the poolings": f"{len(layers)}",
                "Receptive field": f"{fields[-1]:,} × {fields[-1]:,} pixels",
                "Neighbouring numbers lie apart": f"{apart:,} pixel{'s' if apart > 1 else ''}",
                f"Of a picture of {FIELD_SIDE} × {FIELD_SIDE}": share(covered),
                "All of it is seen after": whole or "more layers",
            },
            answer=f"After {count} convolution{'s' if count > 1 else ''} of {side} × {side} one number comes from "
            f"{fields[-1]:,} × {fields[-1]:,} pixels, {share(covered)} of a picture of {FIELD_SIDE} × {FIELD_SIDE}.",
            source=lab.receptive_field,
            extra=picture_choice.told(watch, FIELD_PICTURE),
        )

    return show


def _network_controls() -> Sequence[gr.components.Component]:
    return [
        picture_choice.choice(
            views.FIRST_SEEN, [*picture_choice.EUROSAT_CHOICES, *picture_choice.CHOICES[:7]]
        ),
        picture_choice.upload(),
        gr.Slider(1, 49, 1, step=1, label="Convolution", info="The deeper, the coarser."),
        gr.Slider(1, figures.MOST_MAPS, 1, step=1, label="Filter or map"),
    ]


def _show_network(watch: Watch) -> Callable[..., View]:
    def show(picture: str, file: str | None, number: int, chosen: int) -> View:
        status, found = views.network(watch)
        at = views.place(found, int(number))
        seen, taken = views.prepared(watch, status, picture, file)
        ours, difference = views.first_by_hand(found, taken)
        maps = ours if at == 0 else found.maps(taken, at)
        first, one = found.convolutions[0], found.convolutions[at]
        chosen = min(int(chosen), len(maps), len(first.weights)) - 1
        colour, edges = (part > 0.5 for part in network.character(first.weights))
        strongest = int(np.abs(ours).mean(axis=(1, 2)).argmax())
        reach = (
            f"{one.field:,.0f} × {one.field:,.0f} pixels" if np.isfinite(one.field) else "the whole picture"
        )
        row = [("what it sees", seen), (f"map {chosen + 1}", signed(maps[chosen]))]
        if at == 0:
            row.insert(1, (f"filter {chosen + 1}", figures.tile(first.weights[chosen])))
        return View(
            figures=[
                pictures(*row),
                figures.filters(first.weights, chosen if at == 0 else -1),
                figures.maps(maps, chosen, at + 1),
            ],
            numbers={
                "Convolutions in the network": f"{len(found.convolutions)}",
                f"Convolution {at + 1}": f"{one.weights.shape[3]} × {one.weights.shape[2]}, stride {one.stride}",
                "Its maps": f"{maps.shape[0]:,} of {maps.shape[2]} × {maps.shape[1]}",
                "One number comes from": reach,
                "First filters that see colour": f"{colour.sum()} of {len(colour)}",
                "First filters that see edges": f"{edges.sum()} of {len(edges)}",
                "First maps by hand and by ONNX Runtime": f"differ by at most {difference:.1e}",
                "Their largest number": f"{np.abs(ours).max():.3g}",
            },
            answer=f"Of the network's {len(colour)} first filters {colour.sum()} see more of colour than of grey, and "
            f"{edges.sum()} more of edges than of brightness; number {strongest + 1} answers this picture most.",
            source=network.by_hand,
            extra=provenance(status, simulated="The model learned from generated pictures.")
            + picture_choice.told(watch, picture, file),
        )

    return show


def experiment(watch: Watch) -> Experiment:
    """Return the experiment over the pictures and the model that `watch` has pulled."""
    return Experiment(
        key="convolution",
        title="Convolution",
        week=7,
        benches=[
            Bench(
                key="convolution-step",
                question="What does one number of a feature map cost?",
                words="The kernel lies on a window of the picture; what lies on each other is multiplied and added up. "
                "Then it moves on. Press ▶, or type a kernel of your own.",
                controls=_step_controls,
                show=_show_step(watch),
            ),
            Bench(
                key="convolution-picture",
                question="How little of a picture is edge?",
                words="The same over a whole picture. Orange is above zero, blue below. Pooling keeps one number of each "
                "block.",
                controls=_picture_controls,
                show=_show_picture(watch),
            ),
            Bench(
                key="convolution-field",
                question="How much of the picture does one number see, deep in a network?",
                words="Each layer looks at a window of the one before it, so what a number comes from grows with every "
                "layer, and faster after each stride.",
                controls=_field_controls,
                show=_show_field(watch),
                figures=2,
            ),
            Bench(
                key="convolution-network",
                question="What do the first filters of the published network look for?",
                words="The satellite model's own filters, read from its ONNX file, and the maps that it makes with them, "
                "before their activation. The first convolution is done by our own lines, too.",
                controls=_network_controls,
                show=_show_network(watch),
                figures=3,
            ),
        ],
        endpoints=api.endpoints(watch),
    )
