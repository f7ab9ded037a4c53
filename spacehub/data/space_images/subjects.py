"""List the images: the raw file of each, what it shows, and whom to credit."""

from dataclasses import dataclass

_UNNAMED = "NASA (the file does not name the mission or the photographer)"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """An image: its short `name`, its raw `file`, and the facts about it.

    `carried` images come with scikit-image, so every machine that builds datasets has them.
    `metres_a_pixel` is a pixel's width on the ground, None if it varies or is unknown.
    """

    name: str
    file: str
    title: str
    shows: str
    author: str
    carried: bool = False
    metres_a_pixel: float | None = None


SUBJECTS = (
    Subject(
        name="landsat-bahamas",
        file="images/landsat_bahamas_RGB.byte.tif",
        title="Andros, the Bahamas, from Landsat 7",
        shows="The island of Andros lies between the shallow Great Bahama Bank (turquoise) and a deep strait, the Tongue "
        "of the Ocean (dark blue). White clouds cast shadows. The black areas are outside the satellite's view.",
        author="USGS (Landsat 7 ETM+)",
        # The file's own georeference: UTM zone 18N, ModelPixelScale.
        metres_a_pixel=300.04,
    ),
    Subject(
        name="earth",
        file="images/nasa_earth.jpg",
        title="The Earth",
        shows="The whole disc of the Earth, with North America in the middle: land, sea, clouds and the thin blue edge "
        "of the atmosphere.",
        author=_UNNAMED,
    ),
    Subject(
        name="moon",
        file="images/nasa_moon.jpg",
        title="The Moon",
        shows="The near side of the full Moon, with dark lava plains, bright highlands, and craters with rays.",
        author=_UNNAMED,
    ),
    Subject(
        name="sun",
        file="images/nasa_sun.jpg",
        title="The Sun",
        shows="The disc of the Sun in false colours, with bright active regions and arcs of hot gas at the edge. "
        "The thin, computer-generated lines follow the magnetic field.",
        author=_UNNAMED,
    ),
    Subject(
        name="lunar-surface",
        file="images/moon.png",
        title="A plain on the Moon, seen from above",
        shows="Large and small craters, lit from one side, with little contrast.",
        author="not stated",
        carried=True,
    ),
    Subject(
        name="rocket",
        file="images/rocket.jpg",
        title="Falcon 9 on the pad",
        shows="A Falcon 9 with the DSCOVR satellite at dusk, between lightning towers made of steel lattice. Rays "
        "of light spread from the lamps.",
        author="SpaceX",
        carried=True,
    ),
    Subject(
        name="hubble-deep-field",
        file="images/hubble_deep_field.jpg",
        title="Hubble eXtreme Deep Field",
        shows="A patch of sky with almost no stars of our own galaxy. Nearly every speck is a galaxy.",
        author="NASA, ESA and the HUDF09 team (HubbleSite 2012-37)",
        carried=True,
    ),
)
