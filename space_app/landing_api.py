"""The endpoints of the landing model: what a program calls where a person fills in the form."""

from typing import TypedDict

import pandas as pd

from space_app.endpoints import endpoint
from space_app.watch import Status, Watch
from spacehub.serving.experience import usual

KEY = "landing"


class Field(TypedDict):
    """A field of the model: what it means and may hold."""

    name: str
    label: str
    kind: str
    unit: str
    integer: bool
    optional: bool
    minimum: float | None
    maximum: float | None
    choices: list[str]
    default: float | str | None
    why: str


class Trust(TypedDict):
    """What became of the `n` flights that got a chance from `lowest` to `highest` without having been seen."""

    lowest: float
    highest: float
    n: int
    landed: int
    low: float
    high: float
    sentence: str


class SimilarFlight(TypedDict):
    """A real flight, how it ended, and the chance that the model gave it without having seen it."""

    name: str
    date: str
    booster: str | None
    landed: bool
    unseen_chance: float
    distance: float


class Prediction(TypedDict):
    """An answer, and which model gave it."""

    probability: float
    reliability: Trust
    base: float
    contributions: dict[str, float]
    similar_flights: list[SimilarFlight]
    model: str
    commit: str
    simulated: bool


class RealFlight(TypedDict):
    """A real flight worth trying, with its fields as /predict_landing takes them."""

    title: str
    name: str
    date: str
    landed: bool
    unseen_chance: float
    flight: dict[str, float | str | None]


def offer(watch: Watch) -> None:
    """Offer the endpoints over the newest model that `watch` has pulled.

    They exist, with the same parameters, before there is a model; until then they say what is on its way.
    """

    def predict_landing(
        landing_type: str,
        orbit: str,
        launch_site: str,
        booster_flight: int,
        block: int,
        payload_mass_kg: float | None = None,
        earlier_attempts: int | None = None,
        earlier_attempts_same_type: int | None = None,
        earlier_attempts_same_block: int | None = None,
        landed_share_last_ten: float | None = None,
    ) -> Prediction:
        """Tell the chance that a Falcon 9 booster lands, how far to trust it, and why.

        Choices and ranges of the fields are those of the model's data: /landing_inputs tells them.

        Parameters
        ----------
        landing_type : str
            How it is to land: ASDS (drone ship), RTLS (back at the launch site) or Ocean.
        orbit : str
            Short code of the target orbit: LEO, ISS, SSO, GTO …
        launch_site : str
            The pad, such as CCSFS SLC-40.
        booster_flight : int
            Which flight of this booster it is; 1 is a new one.
        block : int
            Version of the booster, 1 to 5.
        payload_mass_kg : float, optional
            Payload mass in kg; none when it is not known.
        earlier_attempts : int, optional
            Landings tried before, by any booster; none for as many as the data holds.
        earlier_attempts_same_type : int, optional
            Those of the same landing type; none for the model's usual value.
        earlier_attempts_same_block : int, optional
            Those with the same block; none for the model's usual value.
        landed_share_last_ten : float, optional
            Share of the last ten attempts that landed, 0 to 1; none for that of the newest ten.

        Returns
        -------
        Prediction
            probability (0 to 1); reliability (what became of flights that got a similar chance unseen);
            base and contributions, exact Shapley values that add up to the probability; the most similar
            real flights; and the model's repository and commit.
        """
        flight = {name: value for name, value in locals().items() if name != "watch"}
        return _predict(watch.ready(KEY), flight)

    def landing_inputs() -> list[Field]:
        """Tell which fields the landing model takes, what each may hold, its usual value, and why it counts.

        The four of experience (earlier_attempts, those of the same type and block, landed_share_last_ten)
        may be left out, here and as columns of a CSV file: they then have their usual values, those after
        the newest flight of the data. No count of the same type or block may exceed earlier_attempts.
        """
        return [
            Field(
                name=field.name,
                label=field.label,
                kind=field.kind,
                unit=field.unit,
                integer=field.integer,
                optional=field.optional,
                minimum=field.minimum if field.is_number else None,
                maximum=field.maximum if field.is_number else None,
                choices=list(field.choices),
                default=field.default,
                why=field.why,
            )
            for field in watch.ready(KEY).served.fields
        ]

    def landing_examples() -> list[RealFlight]:
        """Tell three real flights worth trying: the surest landing, the surest failure, one against the odds."""
        return [RealFlight(**vars(example)) for example in watch.ready(KEY).served.examples()]

    def landing_template() -> str:
        """Return a CSV file's text for /predict_landing_many: the right first line and three real flights.

        The last four columns, experience, may be left out; see /landing_inputs.
        """
        return watch.ready(KEY).served.template()

    for function in predict_landing, landing_inputs, landing_examples, landing_template:
        endpoint(function)


def _predict(status: Status, given: dict) -> Prediction:
    predictor = status.served
    left_out = usual(predictor.fields)
    flight = predictor.check(
        {name: left_out.get(name) if value is None else value for name, value in given.items()}
    )
    chance = predictor.predict(flight)
    explanation, trust = predictor.explain(flight), predictor.reliability(chance)
    return Prediction(
        probability=chance,
        reliability=Trust(**vars(trust), sentence=trust.sentence),
        base=explanation.base,
        contributions=explanation.shares,
        similar_flights=[_similar(row) for _, row in predictor.similar(flight).iterrows()],
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


def _similar(row: pd.Series) -> SimilarFlight:
    return SimilarFlight(
        name=row["name"],
        date=str(row["date_utc"])[:10],
        booster=row["booster_serial"] if isinstance(row["booster_serial"], str) else None,
        landed=bool(row["landed"]),
        unseen_chance=float(row["probability"]),
        distance=float(row["distance"]),
    )
