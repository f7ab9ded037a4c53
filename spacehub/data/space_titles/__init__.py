"""The dataset space-titles: is a title about space? Top posts of 32 subreddits, cleaned and grouped."""

from spacehub.data.space_titles.build import FILES, VERSION, add_files, build, simulate
from spacehub.data.space_titles.figures import draw
from spacehub.data.space_titles.table import features

__all__ = ["FILES", "VERSION", "add_files", "build", "draw", "features", "simulate"]
