"""Count the training images in bins, so that the app can measure the drift of its inputs."""

from spacehub.models.satellite.pictures import Pictures
from spacehub.serving import drift
from spacehub.serving.satellite.doubts import statistics
from spacehub.serving.satellite.features import EDGES, describe


def report(shown: Pictures) -> dict:
    """Return the part of ``results.json`` that `spacehub.serving.drift.published` reads."""
    rows = shown.rows("train")
    described = describe(statistics(shown.pixels[rows].transpose(0, 2, 3, 1)), shown.sides[rows])
    return {drift.PART: drift.count(EDGES, described)}
