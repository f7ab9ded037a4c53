"""Map a visitor's scene: cut it into the model's tiles, classify them, and sum up areas."""

from collections.abc import Callable

from PIL import Image

from space_app.served.satellite_pictures import Examples
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.satellite.scene import LandUse, doubted, grid, look, resolution

ACROSS = 5


def survey(
    predictor: SatellitePredictor,
    data: Examples,
    picture: Image.Image,
    metres_a_pixel: object,
    progress: Callable[[int, int], None] | None = None,
) -> LandUse:
    """Map a scene; its resolution is the given one, else the file's, else the dataset's.

    Raises
    ------
    SpaceHubError
        If the scene does not fit the model.
    """
    given, reduced = resolution(metres_a_pixel), picture.info.get("reduced", 1)
    known = given * reduced if given else resolution(picture.info.get("metres_a_pixel"))
    cut = grid(picture, metres=data.metres, metres_a_pixel=known or data.metres_a_pixel * reduced)
    rows = []
    for row in look(predictor, picture, cut):
        rows.append(row)
        if progress:
            progress(len(rows), cut.rows)
    return LandUse.of(rows, cut, predictor.classes, known, doubted(predictor, picture, cut))


def mosaic(examples: Examples) -> Image.Image:
    """Arrange the test images as a scene whose tiles all have a known class."""
    down = -(-len(examples.pictures) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * examples.side, down * examples.side))
    for place, one in enumerate(examples.pictures):
        with Image.open(one.path) as picture:
            sheet.paste(
                picture.convert("RGB"), (place % ACROSS * examples.side, place // ACROSS * examples.side)
            )
    return sheet
