"""Read the images of the space-images dataset at its newest commit.

`NAMES` lists the images that the dataset may hold. A dataset built without all sources holds fewer, and
``pictures(watch).find`` says which.
"""

from space_app.watch import Served, Watch
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


def pictures(watch: Watch) -> Pictures:
    """Return the images of the newest commit.

    Raises
    ------
    SpaceHubError
        If the dataset is not published yet.
    """
    return watch.ready(KEY).served
