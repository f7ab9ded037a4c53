"""Chance: dice, the law of large numbers, pi by throwing points, and the odds of being hit by debris."""

import math
from collections.abc import Sequence

import gradio as gr
import numpy as np
import plotly.graph_objects as go

from space_app.lab.chance_api import MOST, lab_debris, lab_dice, lab_large_numbers, lab_pi, trials
from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure
from space_app.lab.frame import Bench, Experiment, View
from space_app.lab.quantities import share
from space_app.watch import Watch
from spacehub.lab import chance

DRAWN = 300
# Half the width of a 95 % interval in standard errors.
WIDE = 1.96


def _seed() -> gr.Slider:
    return gr.Slider(1, 100, 1, step=1, label="Seed", info="Another seed, other luck.")


def _dice_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(1, 12, 2, step=1, label="Dice"),
        gr.Slider(10, MOST, MOST, step=10, label="Rolls"),
        _seed(),
    ]


def _show_dice(dice: int, rolls: int, seed: int) -> View:
    dice, rolls = int(dice), int(rolls)
    sums, exact = chance.roll(dice, rolls, seed=seed), chance.dice_sum(dice)
    totals = np.arange(dice, 6 * dice + 1)
    shares = np.bincount(sums, minlength=6 * dice + 1)[dice:] / rolls
    mean, deviation = 3.5 * dice, math.sqrt(35 / 12 * dice)
    middle = int(mean)
    found = chance.estimate(sums == middle)
    fine = np.linspace(dice - 0.5, 6 * dice + 0.5, 200)
    made = figure(
        go.Bar(x=totals, y=shares, name="rolled", marker={"color": BLUE, "opacity": 0.7}),
        go.Scatter(x=totals, y=exact, name="exact", mode="markers", marker={"color": AMBER, "size": 8}),
        go.Scatter(x=fine, y=chance.gaussian(fine, mean, deviation), name="Gaussian", line={"color": ORANGE}),
        x="total",
        y="share of rolls",
        height=420,
    )
    gap = np.abs(exact - chance.gaussian(totals, mean, deviation)).max() / exact.max()
    return View(
        figures=[made],
        numbers={
            "Mean, rolled": f"{sums.mean():.3f}",
            "Mean, exact": f"{mean:.3f}",
            "Standard deviation, rolled": f"{sums.std(ddof=1):.3f}",
            "Standard deviation, exact": f"{deviation:.3f}",
            f"Chance of {middle}, exact": share(float(exact[middle - dice])),
            "Gaussian's largest error": f"{100 * gap:.2g} % of the peak",
        },
        answer=f"{dice} {'die shows' if dice == 1 else 'dice show'} {middle} in {share(found.value)} of {rolls:,} rolls, "
        f"give or take {share(WIDE * found.error)}; exactly it is {share(float(exact[middle - dice]))}.",
        source=chance.dice_sum,
    )


def _large_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Slider(0, 1, 0.3, step=0.01, label="Chance of a success"),
        gr.Slider(10, MOST, 2000, step=10, label="Tries"),
        _seed(),
    ]


def _show_large(p: float, tries: int, seed: int) -> View:
    runs = trials(p, tries, seed)
    tries, found = int(tries), chance.estimate(runs[0])
    deviation = math.sqrt(p * (1 - p))
    settled = _settling(chance.running_mean(runs), p, deviation)
    settled.layout.yaxis.range = (-0.04, 1.04)
    return View(
        figures=[settled, _binomial_figure(p, tries, runs)],
        numbers={
            "Share of successes, first run": f"{found.value:.4f}",
            "Its standard error": f"{found.error:.4f}",
            "The same, exact": f"{deviation / math.sqrt(tries):.4f}",
            "Successes expected": f"{p * tries:,.0f} ± {deviation * math.sqrt(tries):,.0f}",
            "Successes, all runs": ", ".join(f"{count:,.0f}" for count in runs.sum(axis=1)),
        },
        answer=f"After {tries:,} tries the share is {found.value:.4f}, {abs(found.value - p):.4f} from {p:g}; 95 of 100 "
        f"such runs end within {WIDE * deviation / math.sqrt(tries):.4f}. Four times the tries halve that.",
        source=chance.binomial,
    )


def _settling(means: np.ndarray, exact: float, deviation: float) -> go.Figure:
    """Draw running means that settle, and the funnel that holds 95 of 100 of them."""
    n = means.shape[1]
    at = np.unique(np.geomspace(1, n, DRAWN).astype(int))
    funnel = WIDE * deviation / np.sqrt(at)
    edge = {"mode": "lines", "line": {"color": GREY, "dash": "dot", "width": 1}}
    made = figure(
        go.Scatter(x=at, y=exact + funnel, name="95 of 100", **edge),
        go.Scatter(x=at, y=exact - funnel, showlegend=False, **edge),
        *(
            go.Scatter(x=at, y=run[at - 1], showlegend=False, line={"color": TEAL, "width": 1.3})
            for run in means
        ),
        x="draws",
        y="mean so far",
        log_x=True,
        height=360,
    )
    made.layout.xaxis.dtick = 1
    return made


def _binomial_figure(p: float, tries: int, runs: np.ndarray) -> go.Figure:
    chances, mean = chance.binomial(tries, p), p * tries
    deviation = math.sqrt(tries * p * (1 - p))
    low, high = max(0, int(mean - 5 * deviation - 2)), min(tries, int(mean + 5 * deviation + 2))
    k = np.arange(low, high + 1)
    traces = [go.Scatter(x=k, y=chances[k], name="binomial", fill="tozeroy", line={"color": BLUE})]
    if deviation:
        line = {"color": ORANGE, "dash": "dash"}
        traces.append(go.Scatter(x=k, y=chance.gaussian(k, mean, deviation), name="Gaussian", line=line))
    marker = {"color": TEAL, "size": 9}
    traces.append(
        go.Scatter(x=runs.sum(axis=1), y=[0] * len(runs), name="the runs", mode="markers", marker=marker)
    )
    return figure(*traces, x="successes", y="chance", height=340)


def _pi_controls() -> Sequence[gr.components.Component]:
    return [gr.Slider(100, 100_000, 10_000, step=100, label="Points"), _seed()]


def _show_pi(points: int, seed: int) -> View:
    thrown, found = chance.throw_at_circle(int(points), seed=seed)
    inside = (thrown**2).sum(axis=1) <= 1
    return View(
        figures=[_square(thrown[:3000], inside[:3000]), _pi_figure(inside)],
        numbers={
            "Inside": f"{inside.sum():,} of {found.n:,}",
            "Estimate": f"{found.value:.5f}",
            "Standard error": f"{found.error:.5f}",
            "Off by": f"{abs(found.value - math.pi):.5f}, {abs(found.value - math.pi) / found.error:.1f} errors"
            if found.error
            else "unknown",
        },
        answer=f"π is {found.value:.4f} ± {WIDE * found.error:.4f} from {found.n:,} points; one more digit takes a "
        "hundred times as many.",
        source=chance.throw_at_circle,
    )


def _square(points: np.ndarray, inside: np.ndarray) -> go.Figure:
    arc = np.exp(1j * np.linspace(0, np.pi / 2, 60))
    made = figure(
        *(
            go.Scatter(
                x=points[which, 0],
                y=points[which, 1],
                name=name,
                mode="markers",
                marker={"size": 3, "color": colour},
                hoverinfo="skip",
            )
            for name, which, colour in (("inside", inside, TEAL), ("outside", ~inside, ORANGE))
        ),
        go.Scatter(x=arc.real, y=arc.imag, showlegend=False, line={"color": GREY}),
        height=400,
    )
    made.layout.xaxis.range = made.layout.yaxis.range = (0, 1)
    made.layout.yaxis.scaleanchor = "x"
    return made


def _pi_figure(inside: np.ndarray) -> go.Figure:
    made = _settling(
        4 * chance.running_mean(inside.astype(float))[None], math.pi, math.sqrt(math.pi * (4 - math.pi))
    )
    made.layout.yaxis.range = (2.6, 3.7)
    return made


def _debris_controls() -> Sequence[gr.components.Component]:
    return [
        gr.Radio(list(chance.DEBRIS), value="1 cm", label="Debris larger than"),
        gr.Slider(1, 1000, 10, step=1, label="Area (m²)"),
        gr.Slider(1, 25, 1, step=1, label="Years"),
        gr.Slider(1000, 100_000, 20_000, step=1000, label="Satellites flown"),
        _seed(),
    ]


def _show_debris(size: str, area: float, years: float, satellites: int, seed: int) -> View:
    flux = chance.debris_flux(size)
    waits, found = chance.fly_satellites(flux, area, years, int(satellites), seed=seed)
    exact = chance.chance_of_hit(flux, area, years)
    at = np.linspace(0, years, 120)
    shares = np.searchsorted(np.sort(waits), at, side="right") / found.n
    error = WIDE * np.sqrt(shares * (1 - shares) / found.n)
    band = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    made = figure(
        go.Scatter(x=at, y=shares - error, **band),
        go.Scatter(x=at, y=shares + error, fill="tonexty", fillcolor="rgba(31,158,137,.25)", **band),
        go.Scatter(x=at, y=shares, name="flown, with its 95 % band", line={"color": TEAL}),
        go.Scatter(
            x=at,
            y=-np.expm1(-flux * area * at),
            name="Poisson",
            line={"color": ORANGE, "dash": "dash"},
        ),
        x="years",
        y="share hit by then",
        height=400,
    )
    return View(
        figures=[made],
        numbers={
            "Debris of that size (ESA, 2013)": f"{chance.DEBRIS[size]:,}",
            "Impact speed (NASA)": f"{chance.IMPACT_SPEED / 1e3:g} km/s",
            "Flux, evenly over 200 to 2,000 km": f"{flux:.2g} per m² and year",
            "Hits expected": f"{flux * area * years:.2g}",
            "Satellites hit": f"{found.value * found.n:,.0f} of {found.n:,}",
        },
        answer=f"{share(found.value)} ± {share(WIDE * found.error)} by flying {found.n:,} satellites; by Poisson's "
        f"formula {share(exact)}. The flux behind both is right to an order of magnitude.",
        source=chance.fly_satellites,
    )


def experiment(watch: Watch) -> Experiment:
    """Return the experiment."""
    return Experiment(
        key="chance",
        title="Chance",
        week=2,
        benches=[
            Bench(
                key="dice",
                question="How often do the dice show their middle?",
                words="One die knows no favourite; the sum of many is a Gaussian before long: the central limit "
                "theorem.",
                controls=_dice_controls,
                show=_show_dice,
            ),
            Bench(
                key="large-numbers",
                question="How close does a share come to its chance?",
                words="Five runs of the same trials. Their shares settle, the law of large numbers; their counts "
                "spread as the binomial distribution says.",
                controls=_large_controls,
                show=_show_large,
                figures=2,
            ),
            Bench(
                key="pi",
                question="How large is π, going by points thrown at random?",
                words="A point in the unit square lies in the quarter circle with a chance of π/4.",
                controls=_pi_controls,
                show=_show_pi,
                figures=2,
            ),
            Bench(
                key="debris",
                question="How likely is it that debris hits a satellite?",
                words="Satellites fly through debris as through a gas, and wait for their first hit.",
                controls=_debris_controls,
                show=_show_debris,
            ),
        ],
        endpoints=[lab_dice, lab_large_numbers, lab_pi, lab_debris],
    )
