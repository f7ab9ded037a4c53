"""Describe the page's content in ``space.json``: the models' files at their commits, settings and sentences.

Everything comes from the published models and from the definitions that the app itself uses.
"""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from huggingface_hub import hf_hub_url

from space_app.satellite import view as satellite_view
from space_app.satellite import words as satellite_words
from space_app.served.title_examples import some
from space_app.static_space.characters import classes
from space_app.titles import view as titles_view
from space_app.titles import words as titles_words
from space_app.watch import Status
from spacehub.errors import SpaceHubError
from spacehub.serving import experience, reliability, tables
from spacehub.serving.satellite import decode, doubts
from spacehub.serving.titles import passages, reader, texts
from spacehub.serving.words import percent

# The browser preloads the files of models that nobody has opened yet if they total no more than this many
# bytes.
UNASKED_BYTES = 40 * 2**20
LARGEST_PICTURE_BYTES = 32 * 2**20
EXAMPLES = 20  # images
INPUTS = "onnx/inputs.json"


def described(landing: Status, satellite: Status, pictures: Status, titles: Status, examples: Status) -> dict:
    """Return the content of ``space.json``, from the models and datasets that the watch has loaded."""
    return {
        "models": {
            "landing": _model(landing, {"network": "onnx/model.onnx"}) | _landing(landing),
            "satellite": _model(satellite, {"network": "onnx/model.onnx"}) | _satellite(satellite, pictures),
            "titles": _model(
                titles,
                {
                    "network": f"onnx/{'model_int8' if titles.served.int8_agrees else 'model'}.onnx",
                    "tokenizer": "tokenizer.json",
                    "linear": "linear/model.json",
                },
            )
            | _titles(titles, examples),
        },
        "template": landing.served.template(),
        "limits": {"rows": tables.MAX_ROWS, "cells": tables.MAX_CELLS, "bytes": tables.MAX_BYTES},
        "unasked_bytes": UNASKED_BYTES,
    }


def _model(status: Status, files: dict[str, str]) -> dict[str, Any]:
    return {
        "title": status.entry.title,
        "files": {
            name: {
                "url": hf_hub_url(status.entry.repo_id, quote(path), revision=status.commit),
                "size": (status.folder / path).stat().st_size,
                "sha256": _sha256(status.folder / path),
            }
            for name, path in files.items()
        },
    }


def _landing(status: Status) -> dict[str, Any]:
    served = status.served
    flights = served.flights[["probability", "landed"]].itertuples(index=False)
    return {
        "sentences": reliability.SENTENCES,
        "settings": {
            "fields": [
                {
                    "name": field.name,
                    "title": field.title,
                    "kind": field.kind,
                    "integer": field.integer,
                    "optional": field.optional,
                    "default": field.default,
                    "choices": list(field.choices),
                    "allowed": field.allowed,
                }
                | ({"minimum": field.minimum, "maximum": field.maximum} if field.is_number else {})
                for field in served.fields
            ],
            "examples": [
                {"flight": example.flight, "said": example_sentence(example, served.kind)}
                for example in served.examples()
            ],
            "experience": {
                "all": experience.ALL,
                "parts": experience.PARTS,
                "share": experience.EXPERIENCE[-1],
            },
            "reliability": {
                "windows": reliability.WINDOWS,
                "fewest": reliability.FEWEST,
                "flights": [[float(chance), int(landed)] for chance, landed in flights],
            },
        },
    }


def example_sentence(example: Any, kind: str) -> str:
    """Describe an example flight and how it ended."""
    ending = "landed" if example.landed else "was lost during the landing"
    return (
        f"This is {example.name} ({example.date}), a {kind} flight. The booster {ending}. A model that was "
        f"not trained on this flight predicted a landing probability of {percent(example.unseen_chance)}. The fields "
        "under “Experience before this flight” now contain the values from the day of the flight."
    )


def _satellite(status: Status, pictures: Status) -> dict[str, Any]:
    inputs = json.loads((status.folder / INPUTS).read_text("utf-8"))
    served, known = status.served, inputs["known"]
    return {
        "sentences": satellite_words.SENTENCES,
        "settings": {
            "classes": served.classes,
            "spoken": [satellite_words.spoken(name) for name in served.classes],
            "size": served.size,
            "mean": inputs["mean"],
            "std": inputs["std"],
            "temperature": inputs.get("temperature", 1),
            "listed": satellite_view.LISTED,
            "bins": [vars(item) for item in served.bins],
            "examples": [
                {"label": satellite_words.spoken(item.label), "file": f"examples/{item.path.name}"}
                for item in pictures.served.pictures[:EXAMPLES]
            ],
            "limits": {
                "bytes": LARGEST_PICTURE_BYTES,
                "longest": decode.LONGEST_SIDE,
                "shortest": decode.SHORTEST_SIDE,
            },
            "doubts": {
                "known": {name: known[name] for name in ("side", "means", "precision", "threshold", "grain")},
                "few": doubts.FEW,
                "floor": doubts.FLOOR,
                "contrast": doubts.LEAST_CONTRAST,
                "colour": doubts.LEAST_COLOUR,
                "scales": doubts.SCALES,
            },
        },
    }


def _titles(status: Status, examples: Status) -> dict[str, Any]:
    served = status.served
    inputs = json.loads((status.folder / INPUTS).read_text("utf-8"))
    return {
        "sentences": titles_words.SENTENCES,
        "characters": classes(),
        "settings": {
            "labels": served.labels,
            "about": {label: titles_words.about(label) for label in served.labels},
            "threshold": served.threshold,
            "length": served.length,
            "longest": texts.LONGEST,
            "inputs": list(inputs["inputs"]),
            "prior": served.prior,
            "most_words": reader.MOST_WORDS,
            "passages": {
                "words": served.words_a_passage,
                "fewest": passages.FEWEST,
                "most": passages.MOST,
                "sentences": reader.MOST_SENTENCES,
                "independent": passages.INDEPENDENT,
            },
            "fewest_words": titles_words.FEWEST,
            "known_words": titles_words.KNOWN,
            "bins": [vars(item) for item in served.bins],
            "examples": [
                {"title": item.title, "community": item.community, "label": item.label}
                for item in some(examples.served, titles_view.EXAMPLES)
            ],
        },
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require(status: Status) -> Status:
    """Return a status that can answer.

    Raises
    ------
    SpaceHubError
        If the Hub has nothing to serve, or it cannot be used.
    """
    if status.served is None:
        reason = status.problem or f"{status.entry.repo_id} is not published."
        raise SpaceHubError(
            f"The static Space needs {status.entry.key}: {reason}", f"Publish {status.entry.key} first."
        )
    return status
