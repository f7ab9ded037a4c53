"""The communities that titles come from: seven about space, the others not, some of them near misses."""

from spacehub.data import reddit

SPACE = (
    "space",
    "nasa",
    "spaceflight",
    "Astronomy",
    "astrophotography",
    "KerbalSpaceProgram",
    "aerospace",
)
# About other things, but things that words of space come up in.
NEAR = ("Physics", "askscience", "aviation", "science", "technology")
ALL = tuple(reddit.COMMUNITIES)
LABELS = ("other", "space")


def label(community: str) -> str:
    """Return what a title of `community` is taken to be about."""
    return "space" if community in SPACE else "other"
