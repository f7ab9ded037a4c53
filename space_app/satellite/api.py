"""The endpoints of the tab Satellite: what a program calls where a person drops a picture."""

from pathlib import Path
from typing import TypedDict

from gradio import FileData
from gradio_client.utils import is_file_obj_with_meta

from space_app.endpoints import endpoint
from space_app.satellite import view
from space_app.satellite.overlay import activation, over
from space_app.scratch import scratch
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode
from spacehub.serving.satellite.predictor import Seen
from spacehub.serving.words import shorten

KEY = "satellite"
# The queue's name for all that looks at pictures, and how many do so at once.
QUEUE = {"concurrency_id": "satellite", "concurrency_limit": 2}


class Trust(TypedDict):
    """What became of the `n` test pictures of which the model was about as `sure`; `low`, `high` hold `right`."""

    n: int
    sure: float
    right: float
    low: float
    high: float
    sentence: str


class Classified(TypedDict):
    """What a picture shows: the chances of all classes, the likeliest first, and how far to trust them.

    `map` says what each place added to the class `map_of` beyond the classes on average, in units of its logit, rows
    from the top; `overlay` is a PNG of it over the picture.
    """

    label: str
    chances: dict[str, float]
    trust: Trust
    map_of: str
    map: list[list[float]]
    overlay: FileData
    model: str
    commit: str
    simulated: bool


def offer(watch: Watch) -> None:
    """Offer the endpoints over the newest model that `watch` has pulled."""

    def classify_picture(file: FileData, map_of: str | None = None) -> Classified:
        """Tell which land use a picture from above shows.

        The model sees the middle square, scaled to its size. It names one of its classes whatever it is shown.

        Parameters
        ----------
        file : FileData
            BMP, GIF, JPEG, PNG, TIFF or WebP, eight bits a channel, 16 to 8,000 pixels a side, at most 100 MB.
        map_of : str, optional
            The class whose activation map to return; none for the likeliest.

        Returns
        -------
        Classified
            The label and the chances of all classes, calibrated; what became of test pictures of which the model was
            as sure; the activation map; and that map over the picture, as PNG.
        """
        picture, status = decode.read(sent(file)), watch.ready(KEY)
        classes, seen = status.served.classes, status.served.classify(picture)
        order, chosen = seen.order, _chosen(map_of, classes, seen)
        chance = float(seen.chances[order[0]])
        found = status.served.trust(chance)
        path = scratch() / "activation_map.png"
        over(seen.pixels, activation(seen.maps[chosen], largest=view.largest(seen))).save(path)
        return Classified(
            label=classes[order[0]],
            chances={classes[k]: float(seen.chances[k]) for k in order},
            trust=Trust(**vars(found), sentence=view.trust(found)),
            map_of=classes[chosen],
            map=seen.maps[chosen].tolist(),
            overlay=FileData(path=str(path)),
            model=status.entry.repo_id,
            commit=status.commit,
            simulated=status.simulated,
        )

    endpoint(classify_picture, **QUEUE)


def sent(file: object) -> Path:
    """Return where a file lies that was sent to an endpoint.

    Gradio makes sure of a file's description that names its type, and of no other, that what it names was sent.

    Raises
    ------
    SpaceHubError
        When it is no such description.
    """
    if not is_file_obj_with_meta(file):
        raise SpaceHubError("There is no file.", "Send one: in Python, gradio_client.handle_file(path).")
    return Path(file["path"])


def _chosen(name: object, classes: list[str], seen: Seen) -> int:
    if not name:
        return seen.order[0]
    if name not in classes:
        raise SpaceHubError(f"There is no class {shorten(name)}.", f"Use one of: {', '.join(classes)}.")
    return classes.index(name)
