"""The endpoints of Imaging that look for a thing again: a template on a turned picture, a lander in a film."""

from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np
from gradio import FileData

from space_app.lab import imaging_video
from space_app.lab import imaging_views as views
from space_app.lab.picture_choice import PLAIN
from space_app.lab.provenance import Source
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import tracking


class TemplateFound(TypedDict):
    """Where a template was found on the turned picture, and where it truly is."""

    x: float
    y: float
    scale: float
    angle: float
    score: float
    true_x: float
    true_y: float
    error_pixels: float
    source: Source | None


class LanderTrack(TypedDict):
    """Where a lander was found in each picture of a film and where it was, x and y in pixels; null where not found.

    Errors count pictures that show all of the lander.
    """

    pilot: str
    seed: int
    outcome: str
    method: str
    pictures: int
    whole: int
    found: int
    median_error_pixels: float | None
    rms_error_pixels: float | None
    largest_error_pixels: float | None
    track: list[list[float] | None]
    truth: list[list[float]]


def endpoints(watch: Watch) -> Sequence[Callable]:
    """Return the endpoints over the pictures and pilots that `watch` has pulled."""

    def lab_template(
        picture: str = PLAIN,
        file: FileData | None = None,
        x: float = 0.5,
        y: float = 0.5,
        side: int = 72,
        scale: float = 1.2,
        angle: float = 30,
        noise: float = 10,
    ) -> TemplateFound:
        """Cut a template out of a picture, turn and scale the picture, and find the template on it.

        Parameters
        ----------
        picture : str
            A picture of the dataset space-images by its name, such as lunar-surface, or of EuroSAT by its class.
        file : FileData, optional
            A picture to look at in place of it.
        x, y : float
            Where the template's middle is, as shares of width and height.
        side : int
            Its side in pixels of the picture, scaled to 256 pixels; 56 to 120.
        scale, angle : float
            How the picture is then scaled, 0.7 to 1.4, and turned, in degrees counter-clockwise.
        noise : float
            Standard deviation of the noise that is added, in grey levels.

        Returns
        -------
        TemplateFound
            Where it was found, how scaled and turned, its score, and how far off in pixels.
        """
        brightness, source = views.given(watch, picture, file, longest=views.LONGEST_TO_MATCH)
        trial = views.try_template(brightness, x=x, y=y, side=side, scale=scale, angle=angle, noise=noise)
        return TemplateFound(
            **{name: float(value) for name, value in vars(trial.match).items()},
            true_x=trial.wanted[0],
            true_y=trial.wanted[1],
            error_pixels=trial.error,
            source=source,
        )

    def lab_track(
        film: str = imaging_video.NEW, pilot: str = "heuristic", seed: int = 3, method: str = tracking.HULL
    ) -> LanderTrack:
        """Find the lander in each picture of a film of its flight, against where the simulator had it.

        Parameters
        ----------
        film : str
            "a new flight", or "the published replay" of a pilot that is a model on the Hub.
        pilot : str
            Who flies: an agent of the tab Lander, such as heuristic.
        seed : int
            That of a new flight.
        method : str
            "its pale hull alone" or "all that moved".

        Returns
        -------
        LanderTrack
            Both tracks, and the errors in pixels.
        """
        if method not in tracking.METHODS:
            raise SpaceHubError(
                f"There is no method {method!r}.", f"Use one of: {', '.join(tracking.METHODS)}."
            )
        found = imaging_video.track(watch, film, pilot, seed)
        away = found.away(method)
        known = away[~np.isnan(away)]
        return LanderTrack(
            pilot=found.who,
            seed=found.seed,
            outcome=found.outcome,
            method=method,
            pictures=len(found.truth),
            whole=int(found.whole.sum()),
            found=len(known),
            median_error_pixels=float(np.median(known)) if len(known) else None,
            rms_error_pixels=float(np.sqrt((known**2).mean())) if len(known) else None,
            largest_error_pixels=float(known.max()) if len(known) else None,
            track=[None if np.isnan(x) else [x, y] for x, y in found.tracks[method].place.tolist()],
            truth=found.truth.tolist(),
        )

    return [lab_template, lab_track]
