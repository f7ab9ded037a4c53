"""The list of the Lab's experiments, in the order of the course's weeks."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Listing:
    """An experiment's entry in the index. The page is built from ``space_app.lab.MODULE`` when a visitor first opens it."""

    key: str
    title: str
    week: int
    question: str

    @property
    def module(self) -> str:
        """The name of the experiment's package."""
        return f"space_app.lab.{self.key.replace('-', '_')}"

    @property
    def path(self) -> str:
        """The address of the experiment's page."""
        return f"/lab/{self.key}"


def _listed(key: str, title: str, week: int, question: str) -> Listing:
    return Listing(key=key, title=title, week=week, question=question)


EXPERIMENTS = (
    _listed("orbits", "Orbits", 1, "How far does an integrator stray from an orbit?"),
    _listed("many-bodies", "Many bodies", 1, "At which points near two large bodies can a small body stay?"),
    _listed("numerics", "Numerics", 1, "How small should the step size be?"),
    _listed("chance", "Chance", 2, "How many samples does an estimate need?"),
    _listed("bayes", "Bayes", 2, "How does evidence change a belief?"),
    _listed("meteorites", "Meteorites", 2, "Where do meteorites fall, and where are they found?"),
    _listed("regression", "Regression", 3, "What can a line fitted to data explain?"),
    _listed("trees", "Trees", 4, "Which questions separate landings from failures?"),
    _listed("imaging", "Imaging", 4, "What can a program find in an image?"),
    _listed("segmentation", "Segmentation", 5, "Which pixels belong together?"),
    _listed("pca", "PCA", 5, "How many numbers are needed to store an image?"),
    _listed("telemetry", "Telemetry", 5, "Which flight is unlike the others?"),
    _listed("networks", "Neural nets", 6, "What does a neural network learn?"),
    _listed("convolution", "Convolution", 7, "What does a convolutional network look for?"),
    _listed("tokens", "Tokens and attention", 8, "What does an attention head attend to?"),
    _listed("exploration", "Exploration", 9, "When should you try something new?"),
    _listed("checkpoints", "Checkpoints", 12, "What do you remember from the course?"),
)
