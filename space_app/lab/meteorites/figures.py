"""Figures for the Meteorites experiment. The maps are flat and include coastlines."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from space_app.lab.figures import AXIS, BLUE, COLOURS, GREY, ORANGE, TEAL, figure
from spacehub.lab.coastline import coastline
from spacehub.lab.meteorites import GROUPS, Meteorites
from spacehub.lab.meteorites_clusters import NOISE, Cluster
from spacehub.lab.meteorites_permutation import Permutations
from spacehub.lab.meteorites_summary import MASS_EDGES, Summary

FELL, FOUND = ORANGE, TEAL
KINDS = (("seen to fall", FELL), ("found", FOUND))
# Beyond this many meteorites, their names would dominate the data that is sent.
MOST_NAMES = 3000
# An axis of years begins so that only this fraction of the finds and falls (or falls) is earlier.
EARLY, EARLY_FALLS = 0.001, 0.03


def world(kept: Meteorites) -> go.Figure:
    """Plot all meteorites with a known position. Visitors can drag and zoom the map, and filters do not change its view."""
    trusted = kept.placed & ~kept.misplaced
    return _map(
        go.Scattergl,
        _places(go.Scattergl, kept[trusted & ~kept.fell], "found", color=FOUND, size=3, opacity=0.6),
        _places(go.Scattergl, kept[trusted & kept.fell], "seen to fall", color=FELL, size=5, opacity=0.85),
        _places(
            go.Scattergl, kept[kept.placed & kept.misplaced], "misplaced", color=GREY, size=8, symbol="x"
        ),
    )


def clusters(falls: Meteorites, labels: np.ndarray, selection: Sequence[Cluster]) -> go.Figure:
    """Plot the falls on a map. Each cluster has its own colour and shows its number."""
    traces = [_places(go.Scatter, falls[labels == NOISE], "in no cluster", color=GREY, size=4, opacity=0.5)]
    for label in range(len(selection)):
        colour = COLOURS[label % (len(COLOURS) - 1)]
        traces.append(
            _places(go.Scatter, falls[labels == label], f"cluster {label + 1}", color=colour, size=6)
        )
    chart = _map(go.Scatter, *traces)
    chart.add_scatter(
        x=[cluster.longitude for cluster in selection],
        y=[cluster.latitude for cluster in selection],
        text=[f"<b>{label + 1}</b>" for label in range(len(selection))],
        mode="text",
        textfont_size=16,
        hoverinfo="skip",
    )
    return chart.update_layout(showlegend=False)


def _places(kind: type, some: Meteorites, name: str, **marker) -> go.Scattergl | go.Scatter:
    named = len(some) <= MOST_NAMES
    return kind(
        x=some.longitude.astype(np.float32),
        y=some.latitude.astype(np.float32),
        mode="markers",
        marker=marker,
        name=f"{name}, {len(some):,}",
        text=some.name if named else None,
        hovertemplate=f"{'%{text}<br>' if named else ''}%{{y:.2f}}°, %{{x:.2f}}°<extra>{name}</extra>",
    )


def _map(kind: type, *traces: go.Scattergl | go.Scatter) -> go.Figure:
    """Plot positions on a map with coastlines.

    Use Scattergl as `kind` only for many positions, because a page can hold few WebGL canvases.
    """
    x, y = coastline()
    coast = kind(x=x, y=y, mode="lines", line={"color": AXIS, "width": 1}, hoverinfo="skip", showlegend=False)
    # On a wide screen, a degree is as high as it is wide; on a phone, the map is stretched vertically.
    chart = figure(coast, *traces, height=390)
    shared = {"ticksuffix": "°", "fixedrange": False, "zeroline": False}
    return chart.update_layout(
        dragmode="pan",
        uirevision="map",
        margin={"l": 40, "b": 30},
        xaxis={"range": [-180, 180], "dtick": 60, **shared},
        yaxis={"range": [-90, 90], "dtick": 30, **shared},
    )


def masses(summary: Summary) -> go.Figure:
    """Plot the mass distribution of falls and of finds, each normalised to its own total."""
    centres = np.sqrt(MASS_EDGES[:-1] * MASS_EDGES[1:])
    traces = []
    for counts, (name, colour) in zip(summary.masses, KINDS, strict=True):
        share = 100 * counts / max(counts.sum(), 1)
        traces.append(
            go.Scatter(
                x=centres,
                y=share,
                customdata=counts,
                name=f"{name}, {counts.sum():,}",
                line={"shape": "hvh", "color": colour, "width": 2},
                hovertemplate="%{customdata:,} of about %{x:.2g} g<extra>" + name + "</extra>",
            )
        )
    return figure(*traces, x="mass, g", y="% of the kind", height=320, log_x=True)


def mass_by_year(kept: Meteorites) -> go.Figure:
    """Plot mass against year: finds as a density and each fall as a point."""
    known = np.isfinite(kept.mass_g) & np.isfinite(kept.year)
    finds, fell = kept[known & ~kept.fell], kept[known & kept.fell]
    chart = figure(x="year", y="mass, g", height=360)
    if len(finds):
        chart.add_trace(_density(finds))
    chart.add_trace(
        go.Scatter(
            x=fell.year.astype(np.float32),
            y=np.log10(fell.mass_g).astype(np.float32),
            mode="markers",
            marker={"color": FELL, "size": 5},
            name=f"seen to fall, {len(fell):,}",
            text=fell.name,
            hovertemplate="%{text}, %{x}<extra></extra>",
        )
    )
    _from_early(chart, kept.year[known], EARLY)
    powers = list(range(-2, 9, 2))
    chart.update_yaxes(tickvals=powers, ticktext=[f"10<sup>{power}</sup>" for power in powers])
    chart.update_layout(showlegend=True)
    return chart


def _density(finds: Meteorites) -> go.Heatmap:
    """Return a heat map of finds by decade or, for a short period, by year, with a logarithmic colour scale."""
    low, high = finds.year.min(), finds.year.max()
    step = 5 if high - low > 60 else 1
    years = np.arange(low // step * step, high + step + 1, step)
    powers = np.log10(MASS_EDGES)
    counts, _, _ = np.histogram2d(np.log10(finds.mass_g), finds.year, [powers, years])
    with np.errstate(divide="ignore"):
        shade = np.where(counts > 0, np.log10(counts), np.nan)
    return go.Heatmap(
        x=years[:-1] + step / 2,
        y=(powers[:-1] + powers[1:]) / 2,
        z=shade.astype(np.float32),
        customdata=counts.astype(np.int32),
        colorscale=[[0, "rgba(31,158,137,.16)"], [1, TEAL]],
        showscale=False,
        name=f"found, {len(finds):,}",
        showlegend=True,
        hovertemplate="%{customdata:,} found<extra></extra>",
    )


def decades(summary: Summary) -> go.Figure:
    """Plot the number of observed falls per decade."""
    fell = summary.by_decade[0]
    bars = go.Bar(
        x=summary.decades + 5,
        y=fell,
        width=8.5,
        marker_color=FELL,
        customdata=summary.decades,
        hovertemplate="%{y:,} in the %{customdata}s<extra></extra>",
    )
    chart = figure(bars, x="decade", y="seen to fall", height=300)
    _from_early(chart, np.repeat(summary.decades, fell), EARLY_FALLS)
    return chart


def _from_early(chart: go.Figure, years: np.ndarray, share: float) -> None:
    """Start the axis at a quantile of the years, and state in the axis title how many years are earlier."""
    if not len(years):
        return
    low, high = np.quantile(years, share), years.max()
    low = low // 10 * 10
    before = int((years < low).sum())
    if before:
        chart.update_xaxes(title_text=f"year ({before:,} before {low:.0f}: drag to the right)")
    chart.update_layout(dragmode="pan")
    chart.update_xaxes(range=[low - 2, high + 12], fixedrange=False, tickformat="d")


def groups(summary: Summary) -> go.Figure:
    """Plot the number of falls and finds in each group, with the most common group on top."""
    present = np.flatnonzero(summary.by_group.sum(axis=0))[::-1]
    names = [GROUPS[place] for place in present]
    bars = [
        go.Bar(
            orientation="h",
            y=names,
            x=counts[present],
            name=name,
            marker_color=colour,
            hovertemplate="%{y}: %{x:,} " + name + "<extra></extra>",
        )
        for counts, (name, colour) in zip(summary.by_group, KINDS, strict=True)
    ]
    chart = figure(*bars, x="meteorites", height=110 + 24 * len(names), log_x=True)
    chart.update_layout(margin_l=124, barmode="group", bargap=0.2)
    chart.update_xaxes(range=[-0.1, np.log10(summary.by_group.max()) + 0.15], dtick=1)
    return chart


def relabelled(test: Permutations | None, no_test: str) -> go.Figure:
    """Plot the permutation distribution and the observed difference, or show why there is no test."""
    if test is None:
        chart = figure(height=160)
        chart.add_annotation(
            text=no_test.replace("; ", ";<br>"), showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper"
        )
        return chart.update_xaxes(visible=False).update_yaxes(visible=False)
    counts, edges = np.histogram(test.null, 30)
    bars = go.Bar(
        x=(edges[:-1] + edges[1:]) / 2,
        y=counts,
        width=np.diff(edges),
        marker_color=BLUE,
        name="permuted labels",
        hovertemplate="%{y:,} near %{x:.3f}<extra></extra>",
    )
    real = go.Scatter(
        x=[test.difference] * 2,
        y=[0, counts.max()],
        mode="lines",
        line={"color": FELL, "width": 3},
        name="observed",
        hovertemplate="%{x:.3f}<extra>observed</extra>",
    )
    chart = figure(bars, real, x="difference in log10 of the mass", y="relabellings", height=280)
    low, high = min(edges[0], test.difference), max(edges[-1], test.difference)
    room = 0.06 * (high - low)
    return chart.update_xaxes(range=[low - room, high + room])
