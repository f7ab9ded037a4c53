"""Sentences of the Satellite tab: class names, and why an answer may mean little."""

import re

from spacehub.serving.satellite.doubts import BLANK, GREY, NOISE, SIZE, UNLIKE
from spacehub.serving.satellite.predictor import Seen
from spacehub.serving.satellite.scene import LandUse
from spacehub.serving.words import percent

# One test tile in twenty raises a doubt.
MOST_DOUBTED = 0.25

# The static Space's script also fills in these templates.
SENTENCES = {
    "trust": "Of the {n} test images with a similar confidence ({sure} on average), {right} were classified correctly "
    "(95 % confidence interval {span}).",
    SIZE: "The image has {width} × {height} pixels{ground}, but the model was trained on {side} × {side} pixels, "
    "so the image was resized. If the image shows more ground than a training image, map it as a scene instead.",
    BLANK: "The image has only one colour. Don't rely on the answer.",
    GREY: "The image is greyscale, but the model was trained on colour images. Don't rely on the answer.",
    NOISE: "The image looks like noise: neighbouring pixels differ more than in the training images. Don't "
    "rely on the answer.",
    UNLIKE: "The image's colours and texture are unlike those of the training images. Don't rely on the answer.",
}


def spoken(name: str) -> str:
    """Write a class name in words: ``AnnualCrop`` becomes annual crop."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ").lower()


def sentence_case(text: str) -> str:
    """Return a sentence with its first letter capitalised and the rest unchanged."""
    return text[:1].upper() + text[1:]


def doubts(seen: Seen, side: int) -> list[str]:
    """Explain why the answer may mean little; `side` is the width of the training images."""
    width, height = seen.size
    ground = f", {seen.metres:,.0f} m of ground per side" if seen.metres else ""
    values = {"width": f"{width:,}", "height": f"{height:,}", "ground": ground, "side": side}
    return [SENTENCES[kind].format(**values) for kind in seen.doubts]


def scene_doubts(scene_use: LandUse) -> list[str]:
    """Explain why the map of a scene may mean little."""
    if scene_use.doubted <= MOST_DOUBTED:
        return []
    return [
        f"{percent(scene_use.doubted)} of the tiles are unlike the training images in colour or texture. Don't "
        "rely on the map. Check the resolution."
    ]
