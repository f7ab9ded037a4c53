"""The benches of Imaging that look for a thing again: a template on a turned picture, a lander in a film."""

from collections.abc import Callable

import gradio as gr
import numpy as np

from space_app.lab import imaging_figures as figures
from space_app.lab import imaging_video, picture_choice
from space_app.lab import imaging_views as views
from space_app.lab.frame import Bench, View
from space_app.lab.quantities import share
from space_app.served.pilots import PILOTS
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import imaging_template, tracking


def template_bench(watch: Watch) -> Bench:
    """Return the bench on template matching."""
    return Bench(
        key="template",
        question="Can a piece of a picture be found again when that is turned and scaled?",
        words="A square is cut out, the picture is turned, scaled and made noisy, and the square is looked for at many "
        "scales and angles: coarse first, then ever finer. A piece of empty sky is found anywhere.",
        controls=lambda: [
            picture_choice.choice(picture_choice.PLAIN),
            picture_choice.upload(),
            gr.Slider(0, 1, 0.42, step=0.01, label="Cut out: from the left, of the width"),
            gr.Slider(0, 1, 0.4, step=0.01, label="Cut out: from the top, of the height"),
            gr.Slider(*views.TEMPLATE_SIDES, 72, step=4, label="Side of the square (pixels)"),
            gr.Slider(-180, 180, 30, step=1, label="Turn the picture by (degrees)"),
            gr.Slider(0.7, 1.4, 1.2, step=0.01, label="Scale it by"),
            gr.Slider(0, 80, 10, step=1, label="Noise (grey levels)"),
        ],
        show=_show_template(watch),
    )


def _show_template(watch: Watch) -> Callable[..., View]:
    def show(name, file, x, y, side, angle, scale, noise) -> View:
        seen = views.brightness(watch, name, file, longest=views.LONGEST_TO_MATCH)
        trial = views.try_template(seen, x=x, y=y, side=int(side), scale=scale, angle=angle, noise=noise)
        match, half = trial.match, trial.template.shape[0] / 2
        turned = np.radians(match.angle)
        corners = half * match.scale * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
        # Counter-clockwise, with y downwards.
        spin = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
        missed = trial.error > half * match.scale
        return View(
            figures=[
                figures.template(
                    trial.template, trial.picture, corners @ spin + (match.x, match.y), trial.wanted
                )
            ],
            numbers={
                "Found at": f"{match.x:.1f}, {match.y:.1f}",
                "True place": f"{trial.wanted[0]:.1f}, {trial.wanted[1]:.1f}",
                "Turned by": f"{(match.angle + 180) % 360 - 180:.1f}°, truly {angle:g}°",
                "Scaled by": f"{match.scale:.3f}, truly {scale:g}",
                "Correlation": f"{match.score:.3f}",
            },
            answer=f"It is found {trial.error:.2f} pixels from its true place"
            + (": that is another place, which looks alike." if missed else "."),
            source=imaging_template.find,
            extra=picture_choice.told(watch, name, file),
        )

    return show


def track_bench(watch: Watch) -> Bench:
    """Return the bench on finding the lander in a film."""
    titles = [(pilot.title, key) for key, pilot in PILOTS.items()]
    return Bench(
        key="track",
        question="How well does a camera know where the lander is?",
        words="A flight is filmed as H.264, and what differs from the still background is the lander. All that moved takes "
        "the flame along; its pale hull alone does not. The simulator knows where the lander truly was. It takes a "
        "few seconds.",
        controls=lambda: [
            gr.Radio(
                list(imaging_video.FILMS),
                value=imaging_video.NEW,
                label="Film",
                info="A replay lies beside each published pilot.",
            ),
            gr.Dropdown(titles, value="heuristic", label="Pilot", filterable=False),
            gr.Number(3, label="Seed", info="Of a new flight. Press Enter.", precision=0, minimum=0),
            gr.Radio(list(tracking.METHODS), value=tracking.HULL, label="What counts as the lander"),
        ],
        show=_show_track(watch),
        figures=2,
    )


def _show_track(watch: Watch) -> Callable[..., View]:
    def show(film, pilot, seed, method) -> View:
        found = imaging_video.track(watch, film, pilot, seed)
        away = {name: found.away(name) for name in tracking.METHODS}
        known = away[method][~np.isnan(away[method])]
        if not len(known):
            raise SpaceHubError(
                "The lander is found in none of the pictures that show all of it.",
                "Try another seed or pilot.",
            )
        offset = np.nanmean(
            np.where(found.whole[:, None], found.tracks[method].place - found.truth, np.nan), axis=0
        )
        middle, rms = float(np.median(known)), float(np.sqrt((known**2).mean()))
        return View(
            figures=[
                figures.track(found.still, found.truth, found.tracks[method].place, found.every),
                figures.errors(away, found.every),
            ],
            numbers={
                "Flight": f"{found.who}, seed {found.seed}: {found.outcome}",
                "Pictures": f"{len(found.truth)}, {found.every * 1000:.0f} ms apart",
                "All of the lander on": f"{int(found.whole.sum())}",
                "Found on": f"{len(known)}, {share(len(known) / max(int(found.whole.sum()), 1))}",
                "Off by, median": f"{middle:.2f} pixels",
                "Off by, root mean square": f"{rms:.2f} pixels",
                "Off by, at most": f"{known.max():.1f} pixels",
                "On average too far right, down": f"{offset[0]:+.2f}, {offset[1]:+.2f} pixels",
            },
            answer=f"It is off by {middle:.1f} pixels in the median, or {100 * middle / found.scale:.0f} cm; it is drawn to "
            f"whole pixels, so half a pixel is the least that can be hoped for.",
            source=tracking.follow,
        )

    return show
