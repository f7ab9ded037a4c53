"""``spacehub predict``: query a published model. The command downloads, checks and loads it as the app does."""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from spacehub import catalogue, parts
from spacehub.errors import SpaceHubError
from spacehub.serving.words import percent, shorten

# The name of each family's inputs in the help text.
INPUTS = {
    "titles": "TEXT ...",
    "landing": "FIELD=VALUE ...",
    "satellite": "IMAGE ...",
    "lander": "SEED ...",
}


def add_predict(commands) -> None:
    """Add ``predict`` to a parser's commands."""
    listed = "; ".join(f"{family}: {inputs}" for family, inputs in INPUTS.items())
    predict = commands.add_parser(
        "predict",
        help="query a published model",
        description="Query a model on the Hub at its newest usable commit (or at the commit in SPACEHUB_PIN). "
        f"Inputs: {listed}.",
    )
    predict.add_argument(
        "key", metavar="MODEL", help="key of the model: titles, landing, satellite, lander, lander-dqn, …"
    )
    predict.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="inputs of the model: text, FIELD=VALUE pairs, image files or seeds",
    )
    predict.add_argument("--json", action="store_true", help="print one line of JSON for each input")
    predict.set_defaults(run=_predict)


def _predict(options: argparse.Namespace) -> None:
    model = catalogue.MODELS.get(options.key)
    if model is None:
        raise SpaceHubError(
            f"Unknown model: {shorten(options.key)}.", f"Use one of: {', '.join(catalogue.MODELS)}."
        )
    served = parts.app("served.one").load(model.key)
    for answer, sentence in FAMILIES[model.module](served, options.inputs):
        print(json.dumps(answer, ensure_ascii=False) if options.json else sentence, flush=True)


def _titles(served, texts: Sequence[str]) -> Iterator[tuple[dict, str]]:
    from spacehub.serving.titles.texts import UNREADABLE

    for text, chance in zip(texts, served.chances(texts).tolist(), strict=True):
        if chance != chance:
            yield {"text": text, "problem": UNREADABLE}, f"{'':>18}  {text}  ({UNREADABLE})"
            continue
        label = served.label(chance)
        yield {"text": text, "label": label, "chance": chance}, f"{label:8} {percent(chance):>9}  {text}"


def _landing(served, given: Sequence[str]) -> Iterator[tuple[dict, str]]:
    from spacehub.serving.experience import usual

    flight: dict[str, object] = dict(usual(served.fields))
    numbers = {field.name for field in served.fields if field.is_number}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals:
            raise SpaceHubError(
                f"{shorten(part)} does not have the form FIELD=VALUE.",
                f"Use these fields: {', '.join(served.names)}.",
            )
        flight[name] = value
        if name in numbers and value:
            try:
                flight[name] = float(value)
            except ValueError:
                continue  # the check of the field reports the allowed values
    chance = served.predict(served.check(flight))
    yield {"probability": chance}, f"{percent(chance)} probability of landing"


def _satellite(served, paths: Sequence[str]) -> Iterator[tuple[dict, str]]:
    from spacehub.serving.satellite import decode

    for path in paths:
        if not Path(path).is_file():
            raise SpaceHubError(f"The file {shorten(path)} does not exist.", "Enter the path of an image.")
        seen = served.classify(decode.read(Path(path)))
        chances = {served.classes[at]: float(seen.chances[at]) for at in seen.order}
        label, chance = next(iter(chances.items()))
        doubts = f"  (doubtful: {', '.join(seen.doubts)})" if seen.doubts else ""
        answer = {"file": path, "label": label, "chances": chances, "doubts": seen.doubts}
        yield answer, f"{label:22} {percent(chance):>9}  {path}{doubts}"


def _lander(served, seeds: Sequence[str]) -> Iterator[tuple[dict, str]]:
    from spacehub.serving.lander.conditions import LARGEST_SEED, Conditions
    from spacehub.serving.lander.flight import fly

    for seed in seeds:
        if not seed.isdecimal() or int(seed) > LARGEST_SEED:
            raise SpaceHubError(
                f"{shorten(seed)} is not a valid seed.", f"Enter whole numbers from 0 to {LARGEST_SEED:,}."
            )
        flight = fly(served, seed=int(seed), conditions=Conditions(continuous=served.continuous))
        answer = {"seed": flight.seed, "outcome": flight.outcome, "total_reward": flight.total_reward}
        yield answer, f"seed {flight.seed}: {flight.outcome}, {flight.total_reward:.1f} points"


FAMILIES: dict[str, Callable[[object, Sequence[str]], Iterator[tuple[dict, str]]]] = {
    "titles": _titles,
    "landing": _landing,
    "satellite": _satellite,
    "lander": _lander,
}
