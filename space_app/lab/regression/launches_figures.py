"""Figures for real launches: the predicted probability of a landing during training and the payload mass."""

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, ORANGE, TEAL, figure, play
from spacehub.lab import launches as lab
from spacehub.lab.regression_landing import Learned
from spacehub.lab.regression_payload import Payloads

FRAMES = 30


def chance(learned: Learned, number: str) -> go.Figure:
    """Plot the landings, and animate the fitted probability curve during training."""
    fine = np.linspace(learned.values.min(), learned.values.max(), 60)
    landed = learned.launches.landed == 1
    # Overlapping dots are moved slightly apart.
    apart = np.random.default_rng(0).uniform(0, 0.05, len(landed))

    def chances(step: int) -> np.ndarray:
        return learned.chances(fine, learned.path[step]).round(4)

    dots = [
        go.Scatter(
            x=learned.values[kind],
            y=base + sign * apart[kind],
            mode="markers",
            name=name,
            text=learned.launches.name[kind],
            marker={"color": colour, "size": 7, "opacity": 0.7},
            hovertemplate="%{text}<extra>" + name + "</extra>",
        )
        for kind, name, colour, base, sign in (
            (landed, "landed", TEAL, 1, 1),
            (~landed, "failed", ORANGE, 0, -1),
        )
    ]
    shown = np.unique(np.linspace(0, len(learned.path) - 1, FRAMES).astype(int))
    curve = go.Scatter(
        x=fine, y=chances(-1), name="probability", mode="lines", line={"color": BLUE, "width": 3}
    )
    chart = figure(*dots, curve, x=lab.NUMBERS[number], y="probability of landing", height=440)
    chart.layout.yaxis.range = (-0.1, 1.1)
    frames = [(f"step {step}", {"y": chances(step)}) for step in shown]
    return play(chart, 2, frames, milliseconds=90, start=-1)


def log_loss(learned: Learned) -> go.Figure:
    """Plot the log loss against the step."""
    steps = np.arange(len(learned.path))
    flat = {"x": steps[[0, -1]], "mode": "lines"}
    return figure(
        go.Scatter(x=steps, y=learned.losses, line={"color": BLUE}, name="descent"),
        go.Scatter(y=[learned.least] * 2, name="least", line={"color": GREY, "dash": "dash"}, **flat),
        go.Scatter(
            y=[learned.loss_of_rate] * 2,
            name="base rate",
            line={"color": AMBER, "dash": "dot"},
            **flat,
        ),
        x="step",
        y="log loss",
        height=300,
    )


def left_out(fit: Payloads) -> go.Figure:
    """Plot the mass of each launch against the prediction of a model fitted to all other launches."""
    launches, predicted = fit.launches, fit.left_out / 1e3
    common = [str(orbit) for orbit in sorted(set(launches.orbit), key=lambda o: -(launches.orbit == o).sum())]
    traces = []
    for place, orbit in enumerate([*common[:5], ""]):
        kind = launches.orbit == orbit if orbit else np.isin(launches.orbit, common[5:])
        traces.append(
            go.Scatter(
                x=predicted[kind],
                y=launches.mass_kg[kind] / 1e3,
                mode="markers",
                name=orbit or "others",
                text=launches.name[kind],
                customdata=launches.site[kind],
                marker={"color": COLOURS[place], "size": 7, "opacity": 0.75},
                hovertemplate="%{text}, %{customdata}<br>%{y:.1f} t, predicted %{x:.1f} t<extra></extra>",
            )
        )
    most = float(max(predicted.max(), launches.mass_kg.max() / 1e3))
    traces.append(
        go.Scatter(
            x=[0, most], y=[0, most], mode="lines", line={"color": GREY, "dash": "dash"}, showlegend=False
        )
    )
    return figure(*traces, x="predicted from the others, t", y="carried, t", height=420)


def weights(fit: Payloads) -> go.Figure:
    """Plot how much each orbit and launch site adds to the predicted mass."""
    order = np.argsort(fit.weights[1:])
    names = [fit.categories[place][1] for place in order]
    tons = fit.weights[1:][order] / 1e3
    colours = [BLUE if fit.categories[place][0] == "orbit" else TEAL for place in order]
    chart = figure(
        go.Bar(x=tons, y=names, orientation="h", marker={"color": colours}, showlegend=False),
        *(
            go.Bar(x=[None], y=names[:1], orientation="h", name=name, marker={"color": colour})
            for name, colour in (("orbit", BLUE), ("launch site", TEAL))
        ),
        x=f"added to {fit.weights[0] / 1e3:.1f} t (t)",
        height=140 + 22 * len(names),
    )
    chart.update_layout(barmode="overlay", margin={"l": 100})
    return chart
