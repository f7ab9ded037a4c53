"""What an experiment of the Lab is: benches that each ask a question, and the endpoints behind them.

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
        A number with its unit, by what it is.
    answer : str
        A sentence that answers the bench's question with a number.
    source : callable
        The function behind it, whose source is shown.
    extra : str
        HTML under the numbers, such as a table; its texts are escaped already.
    """

    figures: Sequence["go.Figure"]
    numbers: Mapping[str, str]
    answer: str
    source: Callable
    extra: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A question, what can be changed, and what then moves.

    Parameters
    ----------
    key : str
        Names its parts on the page and its values in the address.
    question : str
        What the bench answers with a number.
    words : str
        One or two sentences on what there is to see.
    view : callable
        From `watch`, if it asks for it, and the controls' values by name, to a `View`. Each of its parameters is one of
        the endpoint's, or has a definition of its own.
    endpoint : callable, optional
        What a program calls for the same answer; it defines the parameters.
    figures : int
        How many figures it has.
    queue : mapping of str to int or str
        What the page's event and the endpoint wait for in the queue; nothing by default.
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
    """An experiment's benches, and endpoints that belong to none of them."""

    benches: Sequence[Bench]
    endpoints: Sequence[Callable] = field(default=())
