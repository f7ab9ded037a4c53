"""Define the parts of an experiment in the Lab: benches, which each ask a question, and their endpoints.

An experiment is a package ``space_app/lab/NAME`` whose `EXPERIMENT` lists its benches. A bench's endpoint is a
module-level function whose parameters are defined once, with `space_app.parameters`. The bench's `view` takes
the same parameters and returns a `View`. The controls, the endpoint's documentation and all checks follow from
these definitions.
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
        The figures, as many as the bench has.
    numbers : mapping of str to str
        Each number with its unit, by its description.
    answer : str
        A sentence that answers the bench's question with a number.
    source : callable
        The function that computed the answer; the page shows its source code.
    extra : str
        HTML below the numbers, such as a table; its text is already escaped.
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
        The prefix for the bench's parts on the page and for its values in the address.
    question : str
        The question that the bench answers with a number.
    words : str
        One or two sentences on what the figures show.
    view : callable
        The function that computes a `View` from the controls' values, passed by name, and from `watch` if it has
        that parameter. Each parameter belongs to the endpoint or has its own definition.
    endpoint : callable, optional
        The function that API clients call for the same answer; it defines the parameters.
    figures : int
        The number of figures.
    queue : mapping of str to int or str
        The queue settings of the page's event and the endpoint; by default, none.
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
    """The `Bench`es of an experiment, and the endpoints that do not belong to any of them."""

    benches: Sequence[Bench]
    endpoints: Sequence[Callable] = field(default=())
