"""What the tab Satellite says in words: names of classes, and why an answer may mean little."""

import re

from spacehub.serving.satellite.doubts import BLANK, GREY, NOISE, SIZE, UNLIKE
from spacehub.serving.satellite.predictor import Seen
from spacehub.serving.satellite.scene import LandUse
from spacehub.serving.words import percent

# Of tiles of the test split one in twenty raises a doubt.
MOST_DOUBTED = 0.25

_DOUBTS = {
    BLANK: "There is nothing on it but one colour: don't rely on the answer.",
    GREY: "It has no colour, and the model learned from pictures in colour: don't rely on the answer.",
    NOISE: "It changes more from pixel to pixel than the pictures that the model learned from, as noise does: don't rely on "
    "the answer.",
    UNLIKE: "Its colours and texture are unlike those of the pictures that the model learned from: don't rely on the answer.",
}


def spoken(name: str) -> str:
    """Write a class as people do: ``AnnualCrop`` as annual crop."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ").lower()


def doubts(seen: Seen, side: int) -> list[str]:
    """Explain why the answer may mean little; `side` is the width of the pictures that the model learned from."""
    width, height = seen.size
    ground = f", {seen.metres:,.0f} m of ground a side" if seen.metres else ""
    size = (
        f"It is {width:,} × {height:,} pixels{ground}, and the model learned from pictures of {side} × {side}: what it sees is scaled "
        "to that. Map it as a scene if it shows more ground than one of those."
    )
    return [size if kind == SIZE else _DOUBTS[kind] for kind in seen.doubts]


def scene_doubts(found: LandUse) -> list[str]:
    """Explain why the map of a scene may mean little."""
    if found.doubted <= MOST_DOUBTED:
        return []
    return [
        f"{percent(found.doubted)} of the tiles are unlike the pictures that the model learned from, in colour or texture: don't "
        "rely on the map. Check the resolution."
    ]
