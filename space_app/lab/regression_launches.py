"""The benches of regression on real launches: the chance of a landing, and the payload mass from orbit and site."""

from collections.abc import Callable, Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AMBER, BLUE, COLOURS, GREY, ORANGE, TEAL, figure, play
from space_app.lab.frame import Bench, View
from space_app.lab.launches import CHOICES, KEY, lead, which
from space_app.watch import Watch
from spacehub.lab import launches as lab
from spacehub.lab import regression, regression_landing, regression_logistic, regression_payload
from spacehub.lab.regression_landing import Learned
from spacehub.lab.regression_payload import FACTS, Payloads
from spacehub.serving.words import percent

# The slider's end, at which there is no ridge.
NO_RIDGE = -3.0
FRAMES = 30


def benches(watch: Watch) -> Sequence[Bench]:
    """Return the benches over the newest launches that `watch` has pulled."""
    return [
        Bench(
            key="logistic",
            question="How sure is a landing, by one number of the launch?",
            words="Logistic regression bends a line into a chance. Each dot is a landing that was tried, above it "
            "succeeded, below it failed. Press ▶ to watch the curve learn.",
            controls=_landing_controls,
            show=_show_landing(watch),
            figures=2,
        ),
        Bench(
            key="payload",
            question="How closely do orbit and launch site tell the payload's mass?",
            words="Each orbit and site gets a weight of its own, found by the normal equations with a ridge. Every "
            "launch is judged by a fit that has not seen it.",
            controls=_payload_controls,
            show=_show_payload(watch),
            figures=2,
        ),
    ]


def _landing_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Dropdown(CHOICES, value="year", label="The number"),
        gr.Slider(
            0.05,
            3,
            0.5,
            step=0.05,
            label="Learning rate",
            info="As a share of the largest that is surely safe.",
        ),
        gr.Slider(1, 400, 60, step=1, label="Steps"),
        gr.Slider(
            NO_RIDGE, 3, NO_RIDGE, step=0.25, label="Ridge, as a power of ten", info="At -3 there is none."
        ),
    ]


def _show_landing(watch: Watch) -> Callable[..., View]:
    def show(number: str, share: float, steps: int, log_ridge: float) -> View:
        status = watch.ready(KEY)
        ridge = 0.0 if log_ridge <= NO_RIDGE else 10**log_ridge
        learned = regression_landing.learn(status.served, number, share=share, steps=int(steps), ridge=ridge)
        ends = np.array([learned.values.min(), learned.values.max()])
        low, high = learned.chances(ends, learned.path[-1])
        landed = int(learned.launches.landed.sum())
        return View(
            figures=[_chance_figure(learned, number), _log_loss_figure(learned)],
            numbers={
                "Landings tried": f"{len(learned.values)}",
                "of them succeeded": f"{landed}",
                "Learning rate": f"{learned.rate:.3g}",
                "Log loss now": f"{learned.losses[-1]:.4f}",
                "The least that there is": f"{learned.least:.4f}",
                "Giving all the same chance": f"{learned.loss_of_rate:.4f}",
            },
            answer=f"{lead(status)}From {_plain(ends[0], number)} to {_plain(ends[1], number)} ({lab.NUMBERS[number]}) the chance goes from "
            f"{percent(float(low))} to {percent(float(high))} after {len(learned.path) - 1} steps, on the flights that "
            "it learned from.",
            source=regression_logistic.log_loss_gradient,
            extra=which(status),
        )

    return show


def _plain(value: float, number: str) -> str:
    return f"{value:.1f}" if number == "year" else f"{value:,.5g}"


def _chance_figure(learned: Learned, number: str) -> go.Figure:
    fine = np.linspace(learned.values.min(), learned.values.max(), 60)
    landed = learned.launches.landed == 1
    # Dots that would lie on each other stand a little apart.
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
    curve = go.Scatter(x=fine, y=chances(-1), name="chance", mode="lines", line={"color": BLUE, "width": 3})
    made = figure(*dots, curve, x=lab.NUMBERS[number], y="chance of landing", height=440)
    made.layout.yaxis.range = (-0.1, 1.1)
    made = play(
        made,
        [go.Frame(data=[go.Scatter(y=chances(step))], traces=[2], name=f"step {step}") for step in shown],
        milliseconds=90,
    )
    made.layout.sliders[0].active = len(shown) - 1
    return made


def _log_loss_figure(learned: Learned) -> go.Figure:
    steps = np.arange(len(learned.path))
    flat = {"x": steps[[0, -1]], "mode": "lines"}
    return figure(
        go.Scatter(x=steps, y=learned.losses, line={"color": BLUE}, name="descent"),
        go.Scatter(y=[learned.least] * 2, name="least", line={"color": GREY, "dash": "dash"}, **flat),
        go.Scatter(
            y=[learned.loss_of_rate] * 2,
            name="same chance for all",
            line={"color": AMBER, "dash": "dot"},
            **flat,
        ),
        x="step",
        y="log loss",
        height=300,
    )


def _payload_controls() -> Sequence[gr.components.Component]:
    return [
        gr.CheckboxGroup(
            [("Orbit", FACTS[0]), ("Launch site", FACTS[1])], value=list(FACTS), label="Told from"
        ),
        gr.Slider(-2, 4, 0, step=0.2, label="Ridge, as a power of ten"),
        gr.Dropdown(list(lab.ORBITS), value="LEO", label="A flight to"),
        gr.Dropdown(list(lab.SITES), value=lab.SITES[0], label="From"),
    ]


def _show_payload(watch: Watch) -> Callable[..., View]:
    def show(facts: list[str], log_ridge: float, orbit: str, site: str) -> View:
        status = watch.ready(KEY)
        found = regression_payload.fit(status.served, facts=facts, ridge=10**log_ridge)
        mass = found.predict({"orbit": orbit, "site": site})
        told = " and ".join(
            {"orbit": "the orbit", "site": "the launch site"}[fact] for fact in FACTS if fact in facts
        )
        explained = regression.r_squared(found.launches.mass_kg, found.left_out)
        return View(
            figures=[_left_out_figure(found), _weights_figure(found)],
            numbers={
                "Launches with a known payload": f"{len(found.launches)}",
                "Weights": f"{len(found.weights)}",
                "Error, launches left out": f"{found.error / 1e3:.2f} t",
                "Error when guessing the mean": f"{found.error_of_mean / 1e3:.2f} t",
                "Variance explained, left out": percent(max(explained, 0.0)),
                f"{orbit} from {site}": f"{mass / 1e3:.1f} t",
            },
            answer=f"{lead(status)}To within {found.error / 1e3:.1f} t (root mean square over launches left out) from {told}; "
            f"guessing the mean misses by {found.error_of_mean / 1e3:.1f} t. A flight like this carries about "
            f"{mass / 1e3:.1f} t.",
            source=regression_payload.fit,
            extra=which(status),
        )

    return show


def _left_out_figure(found: Payloads) -> go.Figure:
    launches, told = found.launches, found.left_out / 1e3
    common = [str(orbit) for orbit in sorted(set(launches.orbit), key=lambda o: -(launches.orbit == o).sum())]
    traces = []
    for place, orbit in enumerate([*common[:5], ""]):
        kind = launches.orbit == orbit if orbit else np.isin(launches.orbit, common[5:])
        traces.append(
            go.Scatter(
                x=told[kind],
                y=launches.mass_kg[kind] / 1e3,
                mode="markers",
                name=orbit or "others",
                text=launches.name[kind],
                customdata=launches.site[kind],
                marker={"color": COLOURS[place], "size": 7, "opacity": 0.75},
                hovertemplate="%{text}, %{customdata}<br>%{y:.1f} t, told %{x:.1f} t<extra></extra>",
            )
        )
    most = float(max(told.max(), launches.mass_kg.max() / 1e3))
    traces.append(
        go.Scatter(
            x=[0, most], y=[0, most], mode="lines", line={"color": GREY, "dash": "dash"}, showlegend=False
        )
    )
    return figure(*traces, x="told by the others, t", y="carried, t", height=420)


def _weights_figure(found: Payloads) -> go.Figure:
    order = np.argsort(found.weights[1:])
    names = [found.categories[place][1] for place in order]
    tons = found.weights[1:][order] / 1e3
    colours = [BLUE if found.categories[place][0] == "orbit" else TEAL for place in order]
    made = figure(
        go.Bar(x=tons, y=names, orientation="h", marker={"color": colours}, showlegend=False),
        *(
            go.Bar(x=[None], y=names[:1], orientation="h", name=name, marker={"color": colour})
            for name, colour in (("orbit", BLUE), ("launch site", TEAL))
        ),
        x=f"added to {found.weights[0] / 1e3:.1f} t, t",
        height=140 + 22 * len(names),
    )
    made.update_layout(barmode="overlay", margin={"l": 100})
    return made
