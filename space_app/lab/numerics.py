"""Numerics: derivative, matrix product and rotation in plain Python, their errors and what they cost."""

import math
from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.numerics_api import (
    DIFFERENCES,
    FUNCTIONS,
    LARGEST,
    ROCKET,
    STEPS,
    Cost,
    difference_errors,
    known_function,
    lab_derivative,
    lab_matrix_product,
    lab_rotation,
    product_cost,
    turned_outlines,
)
from space_app.lab.quantities import duration
from space_app.watch import Watch
from spacehub.lab import plain


def _derivative_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(list(FUNCTIONS), value="sin x", label="Function"),
        gr.Slider(-3, 3, 1, step=0.1, label="x"),
        gr.Slider(-16, 0, -4, step=0.25, label="Step, as a power of ten"),
    ]


def _show_derivative(name: str, x: float, power: float) -> View:
    f, slope, written = known_function(name, x)
    step, errors = 10.0**power, difference_errors(f, slope, x)
    here = {kind: abs(difference(f, x, step) - slope(x)) for kind, difference in DIFFERENCES.items()}
    best = {kind: STEPS[values.argmin()] for kind, values in errors.items()}
    return View(
        figures=[_error_figure(errors, step, here)],
        numbers={
            f"Derivative, {written}": f"{slope(x):.12g}",
            "Forward difference": f"{plain.forward_difference(f, x, step):.12g}",
            "Central difference": f"{plain.central_difference(f, x, step):.12g}",
            "Error, forward": f"{here['forward']:.1e}",
            "Error, central": f"{here['central']:.1e}",
            "Best step, forward": f"{best['forward']:.1e}",
            "Best step, central": f"{best['central']:.1e}",
        },
        answer=f"About {best['central']:.0e} for the central difference, which is then off by "
        f"{errors['central'].min():.0e}; the forward one does best at {best['forward']:.0e}, off by "
        f"{errors['forward'].min():.0e}.",
        source=plain.central_difference,
    )


def _error_figure(errors: dict[str, np.ndarray], step: float, here: dict[str, float]) -> go.Figure:
    ink = {"forward": ORANGE, "central": TEAL}
    least = 1e-17
    traces = [
        go.Scatter(x=STEPS, y=np.maximum(values, least), name=kind, mode="lines", line={"color": ink[kind]})
        for kind, values in errors.items()
    ]
    round_off = np.finfo(float).eps / STEPS
    traces.append(
        go.Scatter(
            x=STEPS, y=round_off, name="round-off, ε/step", line={"color": GREY, "dash": "dot", "width": 1}
        )
    )
    traces.append(
        go.Scatter(
            x=[step] * len(here),
            y=[max(error, least) for error in here.values()],
            mode="markers",
            marker={"size": 10, "color": AMBER},
            showlegend=False,
        )
    )
    made = figure(*traces, x="step", y="error", log_x=True, log_y=True, height=440)
    made.layout.yaxis.range = (-14, 1.5)
    return made


def _product_controls() -> Sequence[gr.components.Component]:
    return [gr.Slider(2, LARGEST, 24, step=1, label="Rows and columns")]


def _show_product(size: float) -> View:
    sizes = sorted({2, 4, 8, 16, 24, 32, int(size)})
    costs = [product_cost(each) for each in sizes if each <= size]
    now = costs[-1]
    equal = [cost["size"] for cost in costs if cost["ratio"] > 1]
    return View(
        figures=[_cost_figure(costs)],
        numbers={
            "Multiplications": f"{now['size'] ** 3:,}",
            "Plain Python": duration(now["plain_s"]),
            "NumPy": duration(now["numpy_s"]),
            "Plain / NumPy": f"{now['ratio']:,.0f}",
            "Largest difference": f"{now['largest_difference']:.0e}",
        },
        answer=f"{now['ratio']:,.0f} times as long as NumPy for {now['size']} rows, measured just now; "
        + (f"NumPy is ahead from {equal[0]} rows on." if equal else "so small, NumPy is not ahead."),
        source=plain.matrix_product,
    )


def _cost_figure(costs: list[Cost]) -> go.Figure:
    sizes = [cost["size"] for cost in costs]
    return figure(
        *(
            go.Scatter(
                x=sizes,
                y=[1e6 * cost[key] for cost in costs],
                name=name,
                mode="lines+markers",
                line={"color": colour},
            )
            for key, name, colour in (("plain_s", "plain Python", ORANGE), ("numpy_s", "NumPy", BLUE))
        ),
        x="rows and columns",
        y="time (µs)",
        log_y=True,
        height=380,
    )


def _rotation_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(-90, 90, 30, step=1, label="One turn (degrees)"),
        gr.Slider(1, 360, 12, step=1, label="Turns"),
    ]


def _show_rotation(degrees: float, times: float) -> View:
    outlines = turned_outlines(degrees, times)
    once = np.array(ROCKET) @ np.array(plain.rotation(math.radians(degrees * times))).T
    last = np.array(outlines[-1])
    off = np.abs(last - once).max()
    angle = math.radians(degrees)
    ours = plain.seconds(lambda: plain.rotate(ROCKET, angle))
    points, matrix = np.array(ROCKET), np.array(plain.rotation(angle)).T
    theirs = plain.seconds(lambda: points @ matrix, repeats=9)
    length = np.abs(np.linalg.norm(last, axis=1) / np.linalg.norm(np.array(ROCKET), axis=1) - 1).max()
    return View(
        figures=[_rocket_figure(outlines)],
        numbers={
            "Turned in all": f"{degrees * times:,.0f}°",
            "Determinant": f"{np.linalg.det(matrix):.12g}",
            "Largest change of a length": f"{length:.0e}",
            "Plain Python, one turn": duration(ours),
            "NumPy, one turn": duration(theirs),
        },
        answer=f"{int(times)} turns of {degrees:g}° end within {off:.0e} of one turn of {degrees * times:,.0f}°: "
        f"a rotation keeps lengths, to {length:.0e} here.",
        source=plain.rotate,
    )


def _rocket_figure(outlines: list[list[list[float]]]) -> go.Figure:
    between = outlines[1:-1][-24:]
    faint = [point for outline in between for point in [*outline, [None, None]]]
    traces = [
        ("turns between", faint, GREY, 1),
        ("start", outlines[0], BLUE, 2),
        ("end", outlines[-1], ORANGE, 3),
    ]
    made = figure(
        *(
            go.Scatter(
                x=[point[0] for point in points],
                y=[point[1] for point in points],
                name=name,
                mode="lines",
                line={"color": colour, "width": width},
            )
            for name, points, colour, width in traces
        ),
        height=420,
    )
    made.layout.xaxis.range = made.layout.yaxis.range = (-1.9, 1.9)
    made.layout.yaxis.scaleanchor = "x"
    return made


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="numerics",
        title="Numerics",
        week=1,
        benches=[
            Bench(
                key="derivative",
                question="Which step gives the best derivative?",
                words="On the right the formula is too coarse (truncation): its error falls with the step, or with "
                "the step's square. On the left the difference drowns in the last digit (round-off).",
                controls=_derivative_controls,
                show=_show_derivative,
            ),
            Bench(
                key="matrix-product",
                question="How much longer does plain Python take for a matrix product?",
                words="The three loops written out, beside NumPy, both timed on this machine as you move the slider.",
                controls=_product_controls,
                show=_show_product,
            ),
            Bench(
                key="rotation",
                question="What is left of a picture after many small turns?",
                words="The outline of a rocket, turned by a two-by-two matrix again and again.",
                controls=_rotation_controls,
                show=_show_rotation,
            ),
        ],
        endpoints=[lab_derivative, lab_matrix_product, lab_rotation],
    )
