"""The pictures that the Lab's experiments share: those of the dataset space-images at its newest commit.

An experiment reads one with ``space_pictures.read(watch, name)``: RGB, uint8 [height, width, 3]; where a visitor
may choose or send one, ``picture_choice.read`` returns either. `NAMES` are those that the dataset may hold; on a machine that
could not have them all it holds fewer, and `read` says which. What is told of a picture (title, licence, metres
a pixel) is ``pictures(watch).find(name)``. ``KEY: SERVED`` in ``space_app/lab/tab.py`` brings them.
"""

import numpy as np

from space_app.lab import provenance as shared
from space_app.watch import Served, Status, Watch
from space_app.words import esc
from spacehub.serving import space_pictures
from spacehub.serving.space_pictures import Pictures

KEY = "space-images"
SERVED = Served(files=space_pictures.FILES, load=space_pictures.load)
NAMES = {
    "landsat-bahamas": "Andros, the Bahamas, from Landsat",
    "earth": "The Earth",
    "moon": "The Moon",
    "sun": "The Sun",
    "lunar-surface": "A plain on the Moon",
    "rocket": "Falcon 9 on the pad",
    "hubble-deep-field": "Hubble eXtreme Deep Field",
}
# For a dropdown: what is seen, and what is handed over.
CHOICES = [(title, name) for name, title in NAMES.items()]


def pictures(watch: Watch) -> Pictures:
    """Return the pictures of the newest commit.

    Raises
    ------
    SpaceHubError
        When the dataset is not there yet.
    """
    return watch.ready(KEY).served


def read(watch: Watch, name: str) -> np.ndarray:
    """Return the picture `name` at the newest commit in RGB, uint8 [height, width, 3]; not to be written to.

    Raises
    ------
    SpaceHubError
        When the dataset is not there yet, or holds no such picture.
    """
    return pictures(watch).read(name)


def provenance(status: Status, name: str) -> str:
    """Tell as HTML where a picture comes from and under which licence, loudly when it is simulated."""
    picture = status.served.find(name)
    told = (
        f"{picture.title}. {picture.shows} Author: {picture.author}. Origin: {picture.origin}. "
        f"Licence: {picture.licence}."
    )
    loud = "This picture was generated, because the real one could not be had. Nothing on it was ever seen."
    return f'<p class="provenance">{esc(told)}</p>{shared.provenance(status, simulated=loud)}'
