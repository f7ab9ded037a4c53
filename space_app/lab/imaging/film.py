"""Record a lander's flight on video, and find the lander in the video. The simulator provides the true position."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from space_app import pull
from space_app.scratch import scratch
from space_app.served.flights import fly
from space_app.served.pilots import PILOTS, Aboard, aboard
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.lab import tracking
from spacehub.serving import stated
from spacehub.serving.lander.conditions import Conditions, check_seed

NEW, PUBLISHED = "a new flight", "the published replay"
FILMS = (NEW, PUBLISHED)
LARGEST_REPLAY, LARGEST_REWARD = 50 * 2**20, 1e9
# A frame counts only if it shows the whole lander, which starts above the top edge.
EDGE = 20
KEPT = 6


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """A film with the detected positions of the lander.

    Attributes
    ----------
    who, seed, outcome : str, int, str
        The pilot, the seed, and how the flight ended.
    still : numpy.ndarray
        The background, uint8 [h, w, 3].
    truth : numpy.ndarray
        The lander's true position in the simulator, x and y in pixels, float [n, 2].
    whole : numpy.ndarray
        Which frames show the whole lander, bool [n].
    tracks : dict of str to tracking.Track
        The detected positions, by method.
    every : float
        Seconds between two frames.
    scale : float
        Pixels per metre.
    """

    who: str
    seed: int
    outcome: str
    still: np.ndarray
    truth: np.ndarray
    whole: np.ndarray
    tracks: dict[str, tracking.Track]
    every: float
    scale: float

    def away(self, method: str) -> np.ndarray:
        """Return the position error in pixels, float [n]; NaN where the lander was not found or not fully visible."""
        apart = np.hypot(*(self.tracks[method].place - self.truth).T)
        return np.where(self.whole, apart, np.nan)


def track(watch: Watch, film: str, pilot: str, seed: int) -> Tracked:
    """Find the lander in the film of a new flight, or in the film that is published with the model.

    Raises
    ------
    SpaceHubError
        If the pilot is not published, or has no replay.
    """
    who = aboard(watch, pilot)
    commit = who.status.commit if who.status else ""
    if film == NEW:
        return _kept(_Film(film, who.pilot.key, seed, commit), functools.partial(_new, who))
    if who.status is None:
        known = ", ".join(key for key, pilot_ in PILOTS.items() if pilot_.model)
        raise SpaceHubError(f"No replay is published for {who.pilot.title}.", f"Choose one of: {known}.")
    return _kept(_Film(film, who.pilot.key, 0, commit), functools.partial(_published, who))


@dataclass(frozen=True)
class _Film:
    """The key under which a film is cached."""

    film: str
    pilot: str
    seed: int
    commit: str


_FILMS: dict[_Film, Tracked] = {}


def _kept(key: _Film, make: Callable[[_Film], Tracked]) -> Tracked:
    if key not in _FILMS:
        film = make(key)
        while len(_FILMS) >= KEPT:
            _FILMS.pop(next(iter(_FILMS)), None)
        _FILMS[key] = film
    return _FILMS[key]


def _new(who: Aboard, film: _Film) -> Tracked:
    from spacehub.serving.lander.video import write_video

    flown = fly(who, seed=film.seed, conditions=Conditions())
    path = scratch() / "flight.mp4"
    write_video([flown.flight], path, names=[who.pilot.title])
    return _tracked(path, who, flown.flight)


def _published(who: Aboard, film: _Film) -> Tracked:
    """Repeat the published replay's first flight with the same seed and policy to get the true positions."""
    entry, facts = who.status.entry, who.status.facts
    data = pull.pull_file(
        entry.repo_id, "replay.mp4", repo_type="model", commit=film.commit, limit=LARGEST_REPLAY
    )
    recorded = first_of_replay(facts)
    if data is None or recorded is None:
        raise SpaceHubError(
            f"{entry.repo_id} has no replay at this commit.",
            "Publish the model again, or record a new flight.",
        )
    first, conditions = recorded
    flown = fly(who, seed=first["seed"], conditions=conditions).flight
    if flown.outcome != first["outcome"] or abs(flown.total_reward - first["reward"]) > 0.01:
        raise SpaceHubError(
            f"The replay of {entry.repo_id} cannot be reproduced, so the true positions are unknown.",
            "Record a new flight.",
        )
    path = scratch() / "replay.mp4"
    path.write_bytes(data)
    return _tracked(path, who, flown)


def first_of_replay(facts: Mapping) -> tuple[Mapping, Conditions] | None:
    """Return the seed, outcome and reward of the first flight in a published replay, and its conditions.

    Returns None if ``results.json`` does not describe such a flight.

    Raises
    ------
    SpaceHubError
        If the simulator does not allow its seed or conditions.
    """
    replay, world = facts.get("replay"), facts.get("environment")
    first = replay[0] if isinstance(replay, list) and replay else None
    if not isinstance(first, dict) or not isinstance(world, dict):
        return None
    if not stated.is_number(first.get("reward"), -LARGEST_REWARD, LARGEST_REWARD):
        return None
    names = ("gravity", "wind_power", "turbulence_power")
    known = {
        "seed": check_seed(first.get("seed")),
        "outcome": first.get("outcome"),
        "reward": first["reward"],
    }
    return known, Conditions(**{name: world.get(name) for name in names})


def _tracked(path: Path, who: Aboard, flight) -> Tracked:
    from spacehub.serving.lander.scene import SCALE, VIEW, Scene
    from spacehub.serving.lander.video import PICTURES_A_SECOND, shown_steps

    scene = Scene(flight, who.pilot.title)
    truth = np.array([scene.place(step) for step in shown_steps(scene.last)])

    def frames():
        return tracking.pictures(path, most=len(truth), rows=VIEW[1])

    still = tracking.background(frames(), len(truth))
    return Tracked(
        who=who.pilot.title,
        seed=flight.seed,
        outcome=flight.outcome,
        still=still,
        truth=truth,
        whole=(truth[:, 1] > EDGE) & (truth[:, 0] > EDGE) & (truth[:, 0] < VIEW[0] - EDGE),
        tracks={method: tracking.follow(frames(), still, method=method) for method in tracking.METHODS},
        every=1 / PICTURES_A_SECOND,
        scale=SCALE,
    )
