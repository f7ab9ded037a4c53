"""The dataset eurosat-rgb: land use in Sentinel-2 images of 64 x 64 pixels, ten classes."""

from spacehub.data import pictures
from spacehub.data.pictures.dataset import PictureDataset, add_examples
from spacehub.data.pictures.figures import draw

_DATASET = PictureDataset(
    archives={"full": "eurosat/EuroSAT.zip", "sample": "eurosat/EuroSAT_sample.zip"},
    classes=(
        "AnnualCrop",
        "Forest",
        "HerbaceousVegetation",
        "Highway",
        "Industrial",
        "Pasture",
        "PermanentCrop",
        "Residential",
        "River",
        "SeaLake",
    ),
    # Sentinel-2's bands 2, 3 and 4 (Drusch et al. 2012, Remote Sensing of Environment 120).
    metres_a_pixel=10.0,
)

FILES = {config: (name,) for config, name in _DATASET.archives.items()}
VERSION = "1"
SHARED = (pictures,)
build, simulate, features = _DATASET.build, _DATASET.simulate, _DATASET.features
add_files = add_examples

__all__ = ["FILES", "SHARED", "VERSION", "add_files", "build", "draw", "features", "simulate"]
