"""The endpoints of the Lander tab, for programs."""

from typing import Annotated, TypedDict

from gradio import FileData

from space_app.lander import view
from space_app.parameters import Choice, Number, integer
from space_app.served import flight_jobs as jobs
from space_app.served.flights import Flown
from space_app.served.pilots import PILOTS, Aboard, Pilot, aboard, absence, crew
from space_app.watch import Watch
from space_app.workers import HEAVY_QUEUE, QUICK_QUEUE
from spacehub.serving.lander.conditions import GRAVITY, LARGEST_SEED, TURBULENCE, WIND, Conditions

AgentName = Annotated[
    str,
    Choice(
        {key: pilot.title for key, pilot in PILOTS.items()},
        label="Agent",
        help="/lander_agents lists the available agents.",
    ),
]
SEED = integer(
    0, LARGEST_SEED, label="Seed", help="The seed determines the terrain, the initial push and the wind."
)
FIRST_SEED = integer(
    0, LARGEST_SEED, label="First seed", help="The other flights use the seeds that follow the first seed."
)
Gravity = Annotated[float, Number(*GRAVITY, above=True, below=True, label="Gravity", unit="m/s²")]
Wind = Annotated[
    float, Number(*WIND, label="Wind", unit="N", help="The maximum force of the wind. Gymnasium suggests 15.")
]
Turbulence = Annotated[
    float,
    Number(
        *TURBULENCE,
        label="Turbulence",
        unit="N m",
        help="The maximum torque that turbulence can apply. Gymnasium suggests 1.5.",
    ),
]


class Agent(TypedDict):
    """An agent that can fly; if it cannot yet, `note` explains why."""

    agent: str
    title: str
    ready: bool
    note: str
    model: str | None
    commit: str | None


class Flight(TypedDict):
    """How a flight ended. `model` and `commit` are set for a trained agent."""

    agent: str
    seed: int
    outcome: str
    landed: bool
    sentence: str
    total_reward: float
    fuel: float
    steps: int
    seconds: float
    model: str | None
    commit: str | None


class Film(TypedDict):
    """One or two flights, their video side by side, and their telemetry in one table."""

    flights: list[Flight]
    video: FileData
    telemetry: FileData


class Flights(TypedDict):
    """How many flights ended in each way; `low` and `high` are the 95 % Wilson interval of the share that landed."""

    agent: str
    first_seed: int
    flights: int
    landed: int
    share: float
    low: float
    high: float
    mean: float
    std: float | None
    fuel: float
    outcomes: dict[str, int]
    returns: list[float]
    model: str | None
    commit: str | None


def lander_agents(watch: Watch) -> list[Agent]:
    """List the agents that can fly LunarLander-v3: the published trained agents, Gymnasium's heuristic, and random."""
    return [_agent(watch, pilot) for pilot in PILOTS.values()]


async def fly_lander(
    watch: Watch,
    agent: AgentName,
    seed: Annotated[int, SEED] = 42,
    gravity: Gravity = -10.0,
    wind_power: Wind = 0.0,
    turbulence_power: Turbulence = 0.0,
) -> Flight:
    """Fly LunarLander-v3 once, and return how the flight ended.

    The same seed and conditions give every agent the same terrain, first push and wind.

    Returns
    -------
    Flight
        outcome (landed, off the pad, crashed, flew off, ran out of time), the sum of rewards, and the
        fuel that the engines used, in points of reward.
    """
    conditions = Conditions(gravity=gravity, wind_power=wind_power, turbulence_power=turbulence_power)
    [flown] = await jobs.fly([aboard(watch, agent)], seed=seed, conditions=conditions)
    return _flight(flown)


async def film_lander(
    watch: Watch,
    agent: AgentName,
    beside: Annotated[
        str | None,
        Choice(
            {key: pilot.title for key, pilot in PILOTS.items()},
            label="Second agent",
            help="The second agent flies with the same seed.",
        ),
    ] = None,
    seed: Annotated[int, SEED] = 42,
    gravity: Gravity = -10.0,
    wind_power: Wind = 0.0,
    turbulence_power: Turbulence = 0.0,
) -> Film:
    """Fly LunarLander-v3 with one agent, or two on the same seed; return the video and the telemetry.

    Returns
    -------
    Film
        How each flight ended; video, an MP4 (H.264) with 25 frames a second; telemetry, a CSV with 50
        rows a second of flight and the units in the column names.
    """
    conditions = Conditions(gravity=gravity, wind_power=wind_power, turbulence_power=turbulence_power)
    flown, video, sheet = await jobs.film(crew(watch, agent, beside), seed=seed, conditions=conditions)
    return Film(
        flights=[_flight(flight) for flight in flown],
        video=FileData(path=str(video)),
        telemetry=FileData(path=str(sheet)),
    )


async def fly_lander_many(
    watch: Watch,
    agent: AgentName,
    first_seed: Annotated[int, FIRST_SEED] = 0,
    flights: Annotated[int, integer(1, 100, label="Flights")] = 100,
    gravity: Gravity = -10.0,
    wind_power: Wind = 0.0,
    turbulence_power: Turbulence = 0.0,
) -> Flights:
    """Fly LunarLander-v3 on consecutive seeds, and count the landings.

    Returns
    -------
    Flights
        How many flights landed, with the 95 % Wilson interval of their share; mean and standard deviation
        of the returns; mean fuel; the count of each outcome; and each seed's return.
    """
    conditions = Conditions(gravity=gravity, wind_power=wind_power, turbulence_power=turbulence_power)
    return await _many(aboard(watch, agent), first_seed, flights, conditions)


# The queue that each endpoint waits in.
ENDPOINTS = {
    lander_agents: {},
    fly_lander: QUICK_QUEUE,
    film_lander: HEAVY_QUEUE,
    fly_lander_many: HEAVY_QUEUE,
}


def _agent(watch: Watch, pilot: Pilot) -> Agent:
    status, note = watch.status(pilot.model) if pilot.model else None, absence(watch, pilot)
    return Agent(
        agent=pilot.key,
        title=pilot.title,
        ready=not note,
        note=note,
        model=status.entry.repo_id if status else None,
        commit=status.commit if status else None,
    )


def _flight(flown: Flown) -> Flight:
    flight = flown.flight
    return Flight(
        agent=flown.who.pilot.key,
        seed=flight.seed,
        outcome=flight.outcome,
        landed=flight.landed,
        sentence=view.outcome(flown),
        total_reward=flight.total_reward,
        fuel=flight.fuel,
        steps=flight.steps,
        seconds=flight.steps / 50,
        **_source(flown.who),
    )


async def _many(who: Aboard, first_seed: int, count: int, conditions: Conditions) -> Flights:
    result = await jobs.fly_many(who, first_seed=first_seed, flights=count, conditions=conditions)
    low, high = result.interval
    return Flights(
        agent=who.pilot.key,
        first_seed=result.first_seed,
        flights=result.flights,
        landed=result.landed,
        share=result.landed / result.flights,
        low=low,
        high=high,
        mean=float(result.returns.mean()),
        std=float(result.returns.std(ddof=1)) if result.flights > 1 else None,
        fuel=float(result.fuel.mean()),
        outcomes=result.outcomes,
        returns=result.returns.tolist(),
        **_source(who),
    )


def _source(who: Aboard) -> dict[str, str | None]:
    """Return the repository and commit of a trained agent."""
    if who.status is None:
        return {"model": None, "commit": None}
    return {"model": who.status.entry.repo_id, "commit": who.status.commit}
