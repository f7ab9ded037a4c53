"""The parameters that several questions of the Trees experiment share."""

from typing import Annotated

from space_app.lab.launches import CHOICES
from space_app.parameters import Choice, Choices, integer

DEEPEST, MOST_TREES = 20, 40

Criterion = Annotated[
    str,
    Choice(
        {"gini": "Gini", "entropy": "Entropy"},
        label="Impurity",
        help="The impurity measure that each split decreases.",
    ),
]
Fewest = Annotated[int, integer(1, 30, step=1, label="Minimum launches per leaf")]
Numbers = Annotated[list[str], Choices(CHOICES, label="Features used")]
