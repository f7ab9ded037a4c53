"""The dataset space-images: a few images of space, each with its origin, licence and content."""

from spacehub.data import pictures
from spacehub.data.space_images.build import FILES, VERSION, add_files, build, features, simulate
from spacehub.data.space_images.figures import draw

SHARED = (pictures,)

__all__ = ["FILES", "SHARED", "VERSION", "add_files", "build", "draw", "features", "simulate"]
