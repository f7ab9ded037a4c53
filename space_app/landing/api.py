"""The endpoints of the landing model, for programs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypedDict

from gradio import FileData

from space_app.landing import view
from space_app.monitoring import drift
from space_app.parameters import Checked, File
from space_app.scratch import scratch
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.experience import EXPERIENCE, usual

KEY = "landing"


class Field(TypedDict):
    """A field of the model: its meaning and its allowed values."""

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
    """Of `n` held-out flights with a predicted probability from `lowest` to `highest`, the number that landed."""

    lowest: float
    highest: float
    n: int
    landed: int
    low: float
    high: float
    sentence: str


class SimilarFlight(TypedDict):
    """A real flight, its outcome, and the probability from a model that was not trained on that flight."""

    name: str
    date: str
    booster: str | None
    landed: bool
    unseen_chance: float
    distance: float


class Prediction(TypedDict):
    """A prediction, and the model that returned it."""

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


def predict_landing(
    watch: Watch,
    landing_type: Annotated[
        str,
        Checked(
            "Choose a value that /landing_inputs lists",
            label="Landing type",
            help="ASDS means a landing on a drone ship, RTLS a return to the launch site, and Ocean a landing in the open sea.",
        ),
    ],
    orbit: Annotated[
        str,
        Checked(
            "Choose a value that /landing_inputs lists",
            label="Target orbit",
            help="The orbit of the payload, such as LEO, ISS, SSO or GTO.",
        ),
    ],
    launch_site: Annotated[
        str,
        Checked(
            "Choose a value that /landing_inputs lists",
            label="Launch site",
            help="The launch site, such as CCSFS SLC-40.",
        ),
    ],
    booster_flight: Annotated[
        int,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Flight of this booster",
            help="The first flight of a new booster is number 1.",
        ),
    ],
    block: Annotated[
        int,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Block",
            help="The version of the booster, from 1 to 5.",
        ),
    ],
    payload_mass_kg: Annotated[
        float | None,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Payload mass",
            unit="kg",
            help="Leave out the mass if it is unknown.",
        ),
    ] = None,
    earlier_attempts: Annotated[
        int | None,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Earlier landing attempts",
            help="The number of earlier landing attempts by all boosters. Default: the number of landing attempts in the data.",
        ),
    ] = None,
    earlier_attempts_same_type: Annotated[
        int | None,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Earlier attempts of this landing type",
            help="Default: the number of landing attempts of the default landing type in the data.",
        ),
    ] = None,
    earlier_attempts_same_block: Annotated[
        int | None,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Earlier attempts with this block",
            help="Default: the number of landing attempts by boosters of the default block in the data.",
        ),
    ] = None,
    landed_share_last_ten: Annotated[
        float | None,
        Checked(
            "Enter a number in the range that /landing_inputs lists",
            label="Share of successful landings in the last ten attempts",
            help="A fraction from 0 to 1. Default: the share of successful landings in the latest ten attempts.",
        ),
    ] = None,
) -> Prediction:
    """Predict the probability that a Falcon 9 booster lands, how reliable the probability is, and which fields matter.

    /landing_inputs lists each field's choices and range, which come from the model's data.

    Returns
    -------
    Prediction
        probability (0 to 1); reliability (how many held-out flights with a similar probability landed);
        base and contributions, exact Shapley values that add up to the probability; the most similar
        real flights; and the model's repository and commit.
    """
    flight = {name: value for name, value in locals().items() if name != "watch"}
    return _predict(watch.ready(KEY), flight)


def landing_inputs(watch: Watch) -> list[Field]:
    """Return the fields of the landing model: allowed values, usual value, and why each field matters.

    You may leave out the four experience fields (earlier_attempts, earlier_attempts_same_type,
    earlier_attempts_same_block, landed_share_last_ten), here and as columns of a CSV file. The fields then
    have their usual values: the counts after the newest flight in the data. No count of the same type or
    block may exceed earlier_attempts.
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


def landing_examples(watch: Watch) -> list[RealFlight]:
    """Return three real flights to try: the most likely landing, the most likely failure, and an unlikely outcome."""
    return [RealFlight(**vars(example)) for example in watch.ready(KEY).served.examples()]


def landing_template(watch: Watch) -> str:
    """Return the text of a CSV file for /predict_landing_many: the correct first line and three real flights.

    You may leave out the last four columns (experience); see /landing_inputs.
    """
    return watch.ready(KEY).served.template()


def predict_landing_many(
    watch: Watch,
    file: Annotated[
        FileData,
        File(
            label="Flights (CSV)",
            help="Separate cells with commas, semicolons or tabs. Use UTF-8, or UTF-16 with a byte-order "
            "mark. Each file is limited to 100,000 rows and 20 MB.",
        ),
    ],
) -> tuple[FileData, str]:
    """Predict the landings in a CSV file of flights.

    The first line names the columns; /landing_inputs lists the columns and their allowed values. The four
    experience columns may be absent, but not blank. If they are absent, every row has the usual values.

    Returns
    -------
    tuple
        The file as uploaded, with the added column landing_probability and, if a row has an error,
        problem (landing_probability_2 if the file already has such a column); and a summary that lists
        the first rows with an error.
    """
    path, summary = answer_file(watch, file)
    return FileData(path=str(path)), summary


ENDPOINTS = (predict_landing, landing_inputs, landing_examples, landing_template, predict_landing_many)


def answer_file(watch: Watch, file: str | None) -> tuple[Path, str]:
    """Predict a CSV file of flights; return the path of the completed file, and a summary in Markdown.

    Raises
    ------
    SpaceHubError
        If the file is missing or cannot be read.
    """
    if not file:
        raise SpaceHubError("The file is missing.", "Choose a CSV file.")
    answered = watch.ready(KEY).served.predict_table(Path(file))
    path = scratch() / "landing_predictions.csv"
    names = answered.sheet.save(path, answered.answers)
    absent = [name for name in EXPERIENCE if name not in answered.sheet.rows]
    return path, view.many_summary(len(answered.answers), answered.problems, absent, names)


def _predict(status: Status, given: dict) -> Prediction:
    predictor = status.served
    left_out = usual(predictor.fields)
    flight = predictor.check(
        {name: left_out.get(name) if value is None else value for name, value in given.items()}
    )
    chance = predictor.predict(flight)
    drift.observe(status, flight | {drift.ANSWER: chance})
    status.offer(flight, chance)
    explanation, trust = predictor.explain(flight), predictor.reliability(chance)
    return Prediction(
        probability=chance,
        reliability=Trust(**vars(trust), sentence=trust.sentence),
        base=explanation.base,
        contributions=explanation.shares,
        similar_flights=[_similar(row) for row in predictor.similar(flight)],
        model=status.entry.repo_id,
        commit=status.commit,
        simulated=status.simulated,
    )


def _similar(row: Mapping) -> SimilarFlight:
    return SimilarFlight(
        name=row["name"],
        date=str(row["date_utc"])[:10],
        booster=row["booster_serial"] if isinstance(row["booster_serial"], str) else None,
        landed=bool(row["landed"]),
        unseen_chance=float(row["probability"]),
        distance=float(row["distance"]),
    )
