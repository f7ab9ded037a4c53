"""Read a week of the course: the built page in this package's `pages` folder."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parent / "pages"
WEEKS = 12
# The Lab's experiments: the title on the pages, and the name in the address.
EXPERIMENTS = {
    "Orbits": "orbits",
    "Many bodies": "many-bodies",
    "Numerics": "numerics",
    "Chance": "chance",
    "Bayes": "bayes",
    "Meteorites": "meteorites",
    "Regression": "regression",
    "Trees": "trees",
    "Imaging": "imaging",
    "Segmentation": "segmentation",
    "PCA": "pca",
    "Telemetry": "telemetry",
    "Neural nets": "networks",
    "Convolution": "convolution",
    "Tokens and attention": "tokens",
    "Exploration": "exploration",
    "Checkpoints": "checkpoints",
}
LAB = re.compile(f"Lab › ({'|'.join(EXPERIMENTS)})")
_TITLE = re.compile(r"\A# Week \d+: (.+)$", re.MULTILINE)
_GOAL = re.compile(r"^## Goal\n+(.+?)(?:\s+By\s+the\s+end|\n\n)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Week:
    """A built page: `title` without "Week n", the first sentences of its `goal`, and its text in Markdown."""

    number: int
    title: str
    goal: str
    markdown: str

    @property
    def experiments(self) -> list[tuple[str, str]]:
        """Title and address of the week's Lab experiments, in the page's order."""
        return [(title, EXPERIMENTS[title]) for title in dict.fromkeys(LAB.findall(self.markdown))]


def slug(heading: str) -> str:
    """Return a heading's name in an address, as GitHub makes it: letters, digits, - and _ remain."""
    kept = [
        letter
        for letter in heading.lower()
        if letter in " -"
        or unicodedata.category(letter) in ("Nd", "Pc")
        or unicodedata.category(letter)[0] in "LM"
    ]
    return "".join(kept).strip().replace(" ", "-")


def text_of(name: str) -> str | None:
    """Return the Markdown of a built page such as ``week-01``; None if it was not built."""
    try:
        return (PAGES / f"{name}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def read(number: int) -> Week | None:
    """Return a week's page; None if it was not built."""
    text = text_of(f"week-{number:02}")
    if text is None:
        return None
    title, goal = _TITLE.search(text), _GOAL.search(text)
    return Week(
        number=number,
        title=title[1] if title else f"Week {number}",
        goal=" ".join(goal[1].split()) if goal else "",
        markdown=text,
    )
