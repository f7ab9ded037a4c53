"""Figures for the Chance experiment: dice totals, converging means, points in a square, and hits over time."""

import math

import numpy as np
import plotly.graph_objects as go

from space_app.lab.chance.drawn import WIDE
from space_app.lab.figures import AMBER, BLUE, GREY, ORANGE, TEAL, figure
from spacehub.lab import chance

DRAWN = 300


def totals(dice: int, sums: np.ndarray, exact: np.ndarray) -> go.Figure:
    """Plot the frequency of each dice total, next to its exact probability and a Gaussian."""
    at = np.arange(dice, 6 * dice + 1)
    shares = np.bincount(sums, minlength=6 * dice + 1)[dice:] / len(sums)
    fine = np.linspace(dice - 0.5, 6 * dice + 0.5, 200)
    bell = chance.gaussian(fine, 3.5 * dice, math.sqrt(35 / 12 * dice))
    return figure(
        go.Bar(x=at, y=shares, name="rolled", marker={"color": BLUE, "opacity": 0.7}),
        go.Scatter(x=at, y=exact, name="exact", mode="markers", marker={"color": AMBER, "size": 8}),
        go.Scatter(x=fine, y=bell, name="Gaussian", line={"color": ORANGE}),
        x="total",
        y="share of rolls",
        height=420,
    )


def settling(means: np.ndarray, exact: float, deviation: float) -> go.Figure:
    """Plot running means as they converge, and the funnel that contains 95 % of the means."""
    n = means.shape[1]
    at = np.unique(np.geomspace(1, n, DRAWN).astype(int))
    funnel = WIDE * deviation / np.sqrt(at)
    edge = {"mode": "lines", "line": {"color": GREY, "dash": "dot", "width": 1}}
    chart = figure(
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
    chart.layout.xaxis.dtick = 1
    return chart


def counts(p: float, tries: int, runs: np.ndarray) -> go.Figure:
    """Plot the binomial distribution, a Gaussian, and the number of successes in each run (`runs` has shape (runs, tries))."""
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
    return figure(*traces, x="successes", y="probability", height=340)


def square(points: np.ndarray, inside: np.ndarray) -> go.Figure:
    """Plot points in the unit square, coloured by whether they are inside the quarter circle."""
    arc = np.exp(1j * np.linspace(0, np.pi / 2, 60))
    chart = figure(
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
    chart.layout.xaxis.range = chart.layout.yaxis.range = (0, 1)
    chart.layout.yaxis.scaleanchor = "x"
    return chart


def pi(inside: np.ndarray) -> go.Figure:
    """Plot how the estimate of π converges: four times the fraction of points inside the quarter circle."""
    chart = settling(
        4 * chance.running_mean(inside.astype(float))[None], math.pi, math.sqrt(math.pi * (4 - math.pi))
    )
    chart.layout.yaxis.range = (2.6, 3.7)
    return chart


def hits(waits: np.ndarray, rate: float, years: float) -> go.Figure:
    """Plot the fraction of satellites that have been hit against the time (years), next to Poisson's formula."""
    at = np.linspace(0, years, 120)
    shares = np.searchsorted(np.sort(waits), at, side="right") / len(waits)
    error = WIDE * np.sqrt(shares * (1 - shares) / len(waits))
    band = {"mode": "lines", "line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    return figure(
        go.Scatter(x=at, y=shares - error, **band),
        go.Scatter(x=at, y=shares + error, fill="tonexty", fillcolor="rgba(31,158,137,.25)", **band),
        go.Scatter(x=at, y=shares, name="flown, with its 95 % band", line={"color": TEAL}),
        go.Scatter(x=at, y=-np.expm1(-rate * at), name="Poisson", line={"color": ORANGE, "dash": "dash"}),
        x="years",
        y="share hit by then",
        height=400,
    )
