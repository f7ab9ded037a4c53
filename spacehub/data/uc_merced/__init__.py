"""The dataset uc-merced: land use in aerial images of 256 x 256 pixels, 21 classes."""

from spacehub.data import pictures
from spacehub.data.pictures.dataset import PictureDataset, add_examples
from spacehub.data.pictures.figures import draw

_DATASET = PictureDataset(
    archives={"full": "uc_merced/UCMerced_LandUse.zip", "jpeg": "uc_merced/UCMerced_LandUse_jpg.zip"},
    classes=(
        "agricultural",
        "airplane",
        "baseballdiamond",
        "beach",
        "buildings",
        "chaparral",
        "denseresidential",
        "forest",
        "freeway",
        "golfcourse",
        "harbor",
        "intersection",
        "mediumresidential",
        "mobilehomepark",
        "overpass",
        "parkinglot",
        "river",
        "runway",
        "sparseresidential",
        "storagetanks",
        "tenniscourt",
    ),
    # One foot (Yang and Newsam 2010, ACM SIGSPATIAL).
    metres_a_pixel=0.3048,
)

FILES = {config: (name,) for config, name in _DATASET.archives.items()}
VERSION = "1"
SHARED = (pictures,)
build, simulate, features = _DATASET.build, _DATASET.simulate, _DATASET.features
add_files = add_examples

__all__ = ["FILES", "SHARED", "VERSION", "add_files", "build", "draw", "features", "simulate"]
