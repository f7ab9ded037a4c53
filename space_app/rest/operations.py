"""The operations under ``/api/v1``: each is a function whose definitions provide its validation and documentation."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from space_app import parameters
from space_app.endpoints import describe
from space_app.lander.api import Flight, fly_lander
from space_app.landing import api as landing_api
from space_app.landing.api import Prediction, predict_landing
from space_app.monitoring import drift
from space_app.parameters import List, Text
from space_app.rest.gates import Gate
from space_app.rest.problems import ProblemError
from space_app.satellite import api as satellite_api
from space_app.satellite.api import LandUse, land_use
from space_app.served import satellite as satellite_served
from space_app.served import titles as titles_served
from space_app.served.pilots import PILOTS
from space_app.titles.api import Rows, classify_titles
from space_app.watch import Watch
from space_app.workers import QUICK_QUEUE
from spacehub.errors import SpaceHubError
from spacehub.serving.experience import usual
from spacehub.serving.satellite import decode
from spacehub.serving.words import shorten

MOST_TEXTS, LONGEST_TEXT = 1_000, 20_000
LONGEST_TITLE = 300  # characters; a longer text is not offered to a canary


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One path: the function that answers it, its gate, and the catalogue key of the model that it needs.

    `run` takes the watch and the validated values; `file` names the field of an upload.
    """

    path: str
    run: Callable[..., Any]
    values: Callable
    answer: type
    gate: Gate
    needs: Callable[[Mapping], str | None]
    refine: Callable[[Watch, Mapping], list[tuple[str, str]]] | None = None
    file: str | None = None

    @property
    def summary(self) -> str:
        """A summary of the operation."""
        return describe(self.values).partition(" Returns: ")[0]

    def check(self, given: Mapping) -> dict:
        """Return the values as the function takes them.

        Raises
        ------
        ProblemError
            422, naming each field that is unknown, missing or wrong.
        """
        known = {
            name: parameter for name, parameter in parameters.of(self.values).items() if name != self.file
        }
        errors = [
            (str(name)[:80], f"Unknown field. Use only: {', '.join(known)}.")
            for name in given
            if name not in known
        ]
        checked = {}
        for name, parameter in known.items():
            try:
                checked[name] = parameter.check(given.get(name, parameters.MISSING))
            except SpaceHubError as error:
                errors += _of_parts(name, parameter, given.get(name)) or [(name, str(error))]
        if errors:
            raise wrong(errors[:100])
        return checked


def _of_parts(name: str, one: parameters.Definition, value: object) -> list[tuple[str, str]]:
    """Return the errors of a list's elements; the list itself is valid."""
    kind = one.kind
    if (
        not isinstance(kind, List)
        or not isinstance(value, list)
        or not kind.fewest <= len(value) <= kind.most
    ):
        return []
    errors = []
    for place, part in enumerate(value):
        try:
            kind.each.check(part)
        except (ValueError, OverflowError):
            errors.append((f"{name}[{place}]", f"It is {shorten(part)}. {kind.each.allowed}."))
    return errors


def wrong(errors: list[tuple[str, str]]) -> ProblemError:
    """Return the response for wrong fields."""
    names = ", ".join(dict.fromkeys(name for name, _ in errors))
    return ProblemError(422, f"Fields to correct: {names}.", errors=errors)


def titles(
    watch: Watch,
    texts: Annotated[
        list[str],
        List(
            Text(LONGEST_TEXT, label="Text"),
            1,
            MOST_TEXTS,
            label="Texts",
            help="Titles or longer texts in English.",
        ),
    ],
) -> Rows:
    """Classify several texts as about space or not."""
    answers, status = classify_titles(watch, texts), watch.ready(titles_served.KEY)
    for text, row in zip(texts, answers["titles"], strict=True):
        if row["chance"] is not None:
            drift.observe(status, status.served.features(text) | {drift.ANSWER: row["chance"]})
            if len(text) <= LONGEST_TITLE:
                status.offer(text, row["label"])
    return answers


async def _titles(watch: Watch, texts: list[str]) -> Rows:
    return await asyncio.to_thread(titles, watch, texts)


async def _landing(watch: Watch, **flight: object) -> Prediction:
    return await asyncio.to_thread(predict_landing, watch, **flight)


def _wrong_fields(watch: Watch, given: Mapping) -> list[tuple[str, str]]:
    """Return how each field violates the published model's own bounds."""
    fields = watch.ready(landing_api.KEY).served.fields
    left_out, errors = usual(fields), []
    for field in fields:
        value = given.get(field.name)
        try:
            field.check(left_out.get(field.name) if value is None else value)
        except SpaceHubError as error:
            errors.append((field.name, str(error)))
    return errors


async def _satellite(watch: Watch, file: Path) -> LandUse:
    def look() -> LandUse:
        picture, status = decode.read(file), watch.ready(satellite_served.KEY)
        return land_use(status.served.classify(picture), status)

    return await asyncio.to_thread(look)


def satellite(
    watch: Watch,
    file: Annotated[
        Path,
        parameters.File(
            label="Aerial image",
            help=f"{satellite_api.FORMATS}, 16 to 8,000 pixels per side (JPEG 2000: 11,000), at most 160 MB.",
        ),
    ],
) -> LandUse:
    """Classify the land use that an aerial image shows."""


async def _lander(watch: Watch, **values: object) -> Flight:
    return await fly_lander(watch, **values)


OPERATIONS = (
    Operation(
        path="titles",
        run=_titles,
        values=titles,
        answer=Rows,
        gate=Gate(titles_served.MANY_QUEUE["concurrency_limit"]),
        needs=lambda _: titles_served.KEY,
    ),
    Operation(
        path="landing",
        run=_landing,
        values=predict_landing,
        answer=Prediction,
        gate=Gate(4),
        needs=lambda _: landing_api.KEY,
        refine=_wrong_fields,
    ),
    Operation(
        path="satellite",
        run=_satellite,
        values=satellite,
        answer=LandUse,
        gate=Gate(2),
        needs=lambda _: satellite_served.KEY,
        file="file",
    ),
    Operation(
        path="lander",
        run=_lander,
        values=fly_lander,
        answer=Flight,
        gate=Gate(QUICK_QUEUE["concurrency_limit"]),
        needs=lambda given: PILOTS[given["agent"]].model,
    ),
)
