"""Render an image's answer for the Satellite tab: class probabilities, their reliability, and what supports them."""

import base64
import io

import numpy as np
from PIL import Image

from space_app.feedback import asked as feedback
from space_app.html import render
from space_app.satellite.overlay import activation, data_address
from space_app.satellite.pictures import address
from space_app.satellite.words import SENTENCES, doubts, sentence_case, spoken
from space_app.served.satellite_pictures import Example, Examples
from space_app.watch import Status
from spacehub.serving.satellite.predictor import Bin, Seen
from spacehub.serving.words import percent, percent_span

LISTED = 5
IN_DOUBT = 0.5


def intro(examples: Examples) -> str:
    """Explain which images the model knows, and how others are prepared."""
    return render("satellite/intro.html", side=examples.side, metres=examples.metres)


def gallery(examples: Examples, commit: str) -> str:
    """Draw the images of the test split as buttons; the answer shows the class."""
    pictures = [(example.number, address(commit, example.number)) for example in examples.pictures]
    return render("satellite/gallery.html", pictures=pictures)


def verdict(seen: Seen, names: list[str], status: Status, example: Example | None = None) -> str:
    """Draw the image under its activation maps, the class probabilities, and how reliable they are."""
    strength = largest(seen)
    classes = [
        {
            "name": spoken(names[k]),
            "chance": float(seen.chances[k]),
            "is_true": example is not None and example.label == names[k],
            "film": data_address(activation(seen.maps[k], largest=strength)) if place < LISTED else "",
        }
        for place, k in enumerate(seen.order)
    ]
    chance = classes[0]["chance"]
    return render(
        "satellite/verdict.html",
        classes=classes,
        picture=data_address(Image.fromarray(seen.pixels)),
        unlikely=chance < IN_DOUBT,
        truth=spoken(example.label) if example else "",
        # The test images say nothing about an image that differs from all of them.
        doubts=doubts(seen, status.served.known.side),
        trust=trust(status.served.trust(chance)),
        read_as=sentence_case(seen.read_as),
        status=status,
        feedback="" if example else _feedback(seen, names, status),
    )


def _feedback(seen: Seen, names: list[str], status: Status) -> str:
    if not feedback.is_on():
        return ""
    file = io.BytesIO()
    Image.fromarray(seen.pixels).save(file, "PNG")
    answer = names[seen.order[0]]
    return feedback.form(
        status,
        given=base64.b64encode(file.getvalue()).decode(),
        answer=answer,
        labels=names,
        question=f"Is the answer “{spoken(answer)}” right?",
        spoken=spoken,
        what=f"the {seen.pixels.shape[0]} × {seen.pixels.shape[1]} pixels that the model saw",
    )


def trust(accuracy: Bin) -> str:
    """Report the model's accuracy on test images with a similar confidence."""
    return SENTENCES["trust"].format(
        n=accuracy.n,
        sure=percent(accuracy.sure),
        right=percent(accuracy.right),
        span=percent_span(accuracy.low, accuracy.high),
    )


def largest(seen: Seen) -> float:
    """Return the full strength for all maps of an image: the largest contribution to the top class."""
    return float(np.abs(seen.maps[seen.order[0]]).max())
