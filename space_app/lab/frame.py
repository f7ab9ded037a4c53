"""Define an experiment of the Lab: benches that each ask a question, and their endpoints.

An experiment is a package ``space_app/lab/NAME`` whose `EXPERIMENT` lists its benches. A bench's endpoint is a function
of a module whose parameters are defined once, by `space_app.parameters`; its `view` takes the same parameters and returns
a `View`. The controls, the endpoint's documentation and every check follow from the definitions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, kw_only=True)
class View:
    """What a bench shows for one setting of its controls.

    Parameters
    ----------
    figures : sequence of go.Figure
        As many as the bench has.
    numbers : mapping of str to str
        Each number with its unit, by its description.
    answer : str
        A sentence that answers the bench's question with a number.
    source : callable
        The function that computed the answer; its source is shown.
    extra : str
        HTML below the numbers, such as a table; its texts are already escaped.
    """

    figures: Sequence["go.Figure"]
    numbers: Mapping[str, str]
    answer: str
    source: Callable
    extra: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A question, its controls, and the figures that they change.

    Parameters
    ----------
    key : str
        Names its parts on the page and its values in the address.
    question : str
        The question that the bench answers with a number.
    words : str
        One or two sentences on what the figures show.
    view : callable
        Computes a `View` from the controls' values by name, and from `watch` if it asks for it. Each of
        its parameters is one of the endpoint's, or has its own definition.
    endpoint : callable, optional
        The function that a program calls for the same answer; it defines the parameters.
    figures : int
        How many figures the bench has.
    queue : mapping of str to int or str
        The queue that the page's event and the endpoint wait in; none by default.
    """

    key: str
    question: str
    words: str
    view: Callable[..., View]
    endpoint: Callable | None = None
    figures: int = 1
    queue: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """An experiment's benches, and the endpoints that do not belong to a bench."""

    benches: Sequence[Bench]
    endpoints: Sequence[Callable] = field(default=())
