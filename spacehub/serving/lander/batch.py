"""Fly many seeds at once: the agent is called once per step for all landers in flight."""

from collections.abc import Callable, Sequence

import numpy as np

from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import Agent, Episode, Flight

# More simultaneous worlds make no flight faster, and each uses memory.
WIDTH = 100


def fly_many(
    agent: Agent,
    *,
    seeds: Sequence[int],
    conditions: Conditions,
    progress: Callable[[int, int], None] | None = None,
) -> list[Flight]:
    """Fly each seed to its end, and return the flights in the order of `seeds`.

    Parameters
    ----------
    agent : Agent
        Takes observations (N, 8) and returns N actions.
    progress : callable, optional
        Called with the finished flights and their total after each flight; an exception raised in it ends
        all flights.

    Raises
    ------
    SpaceHubError
        If a seed is invalid.
    """
    flights: list[Flight | None] = [None] * len(seeds)
    waiting = iter(enumerate(seeds))
    aloft: dict[int, Episode] = {}
    done = 0
    while done < len(seeds):
        while len(aloft) < WIDTH and (upcoming := next(waiting, None)):
            aloft[upcoming[0]] = Episode(seed=upcoming[1], conditions=conditions)
        actions = agent(np.stack([episode.observation for episode in aloft.values()]))
        for (place, episode), action in zip(list(aloft.items()), actions, strict=True):
            if episode.step(action):
                flights[place] = aloft.pop(place).flight()
                done += 1
                if progress:
                    progress(done, len(seeds))
    return flights
