"""The film experiment: how accurately a camera can locate a lander."""

from typing import Annotated, TypedDict

import numpy as np

from space_app.lab.frame import Bench, View
from space_app.lab.imaging import figures, film
from space_app.lab.quantities import share
from space_app.parameters import Choice, Seed
from space_app.served.pilots import PILOTS
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import tracking


class LanderTrack(TypedDict):
    """Detected and true positions of a lander in each frame of a film, x and y in pixels; null where not found.

    Errors refer to the frames that show the whole lander.
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


def lab_track(
    watch: Watch,
    film: Annotated[
        str, Choice(film.FILMS, label="Film", help="Each published pilot includes a replay.")
    ] = film.NEW,
    pilot: Annotated[
        str, Choice({key: one.title for key, one in PILOTS.items()}, listed=True, label="Pilot")
    ] = "heuristic",
    seed: Seed = 3,
    method: Annotated[str, Choice(list(tracking.METHODS), label="What counts as the lander")] = tracking.HULL,
) -> LanderTrack:
    """Find the lander in each frame of a film of its flight, and compare with its true position in the simulator.

    The seed applies to a new flight.

    Returns
    -------
    LanderTrack
        Both tracks, and the errors in pixels.
    """
    tracked, known = _track(watch, film, pilot, seed, method)
    return LanderTrack(
        pilot=tracked.who,
        seed=tracked.seed,
        outcome=tracked.outcome,
        method=method,
        pictures=len(tracked.truth),
        whole=int(tracked.whole.sum()),
        found=len(known),
        median_error_pixels=float(np.median(known)) if len(known) else None,
        rms_error_pixels=_rms(known) if len(known) else None,
        largest_error_pixels=float(known.max()) if len(known) else None,
        track=[None if np.isnan(x) else [x, y] for x, y in tracked.tracks[method].place.tolist()],
        truth=tracked.truth.tolist(),
    )


def view(watch: Watch, film: str, pilot: str, seed: int, method: str) -> View:
    """Show where the lander was found and the distance from its true position."""
    tracked, known = _track(watch, film, pilot, seed, method)
    if not len(known):
        raise SpaceHubError(
            "The tracker did not find the lander in any frame in which the lander is fully visible.",
            "Try another seed or pilot.",
        )
    offset = np.nanmean(
        np.where(tracked.whole[:, None], tracked.tracks[method].place - tracked.truth, np.nan), axis=0
    )
    middle = float(np.median(known))
    return View(
        figures=[
            figures.track(tracked.still, tracked.truth, tracked.tracks[method].place, tracked.every),
            figures.errors({name: tracked.away(name) for name in tracking.METHODS}, tracked.every),
        ],
        numbers={
            "Flight": f"{tracked.who}, seed {tracked.seed}: {tracked.outcome}",
            "Frames": f"{len(tracked.truth)}, {tracked.every * 1000:.0f} ms apart",
            "Frames that show the whole lander": f"{int(tracked.whole.sum())}",
            "Detections in frames that show the whole lander": f"{len(known)} of {int(tracked.whole.sum())}, {share(len(known) / max(int(tracked.whole.sum()), 1))}",
            "Error, median": f"{middle:.2f} pixels",
            "Error, root mean square": f"{_rms(known):.2f} pixels",
            "Error, maximum": f"{known.max():.1f} pixels",
            "Mean offset (right, down)": f"{offset[0]:+.2f}, {offset[1]:+.2f} pixels",
        },
        answer=f"The median position error is {middle:.1f} pixels, or {100 * middle / tracked.scale:.0f} cm. The lander is "
        f"drawn at whole-pixel positions, so half a pixel is the smallest error that you can expect.",
        source=tracking.follow,
    )


def _track(watch: Watch, name: str, pilot: str, seed: int, method: str) -> tuple[film.Tracked, np.ndarray]:
    """Return the film with the detected positions, and the position errors of a method in pixels, float [found]."""
    tracked = film.track(watch, name, pilot, seed)
    away = tracked.away(method)
    return tracked, away[~np.isnan(away)]


def _rms(errors: np.ndarray) -> float:
    return float(np.sqrt((errors**2).mean()))


BENCH = Bench(
    key="track",
    question="How accurately can a camera locate the lander?",
    words="A flight is recorded as H.264 video, and the lander is located from the pixels that differ from the "
    "still background. You can use all pixels that differ from the background, including the flame, or only the pixels "
    "of the pale hull. The "
    "estimated position is compared with the true position from the simulator. The computation takes a few seconds.",
    endpoint=lab_track,
    view=view,
    figures=2,
    queue={"concurrency_id": "lab-heavy", "concurrency_limit": 1},
)
