"""The communities that titles come from: seven are about space, and some others are near misses."""

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
# About other subjects, but with words that also occur in texts about space.
NEAR = ("Physics", "askscience", "aviation", "science", "technology")
ALL = tuple(reddit.COMMUNITIES)
LABELS = ("other", "space")


def label(community: str) -> str:
    """Return the subject assumed for a title of `community`."""
    return "space" if community in SPACE else "other"
