"""Define an endpoint's parameter once: its control on the page, its documentation and its validation.

A function puts the definition next to the type, and everything else follows from it::

    def lab_edges(watch: Watch, blur: Annotated[float, Number(0, 8, label="Blur", unit="pixels")] = 1.4) -> Edges:

`of` reads a function's definitions; `checked` validates a caller's values and converts them for the
function.
"""

import functools
import inspect
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import gradio as gr
from gradio_client.utils import is_file_obj_with_meta

from spacehub.errors import SpaceHubError
from spacehub.serving.words import shorten

MOST_SEED = 2**31 - 1


class Missing:
    """Marks a parameter without a value."""

    def __repr__(self) -> str:
        return "missing"


MISSING = Missing()


@dataclass(frozen=True)
class Parameter(ABC):
    """Common fields of all kinds of parameters.

    Parameters
    ----------
    label : str
        Names the control.
    unit : str
        The unit, shown in brackets after the label.
    help : str
        One or two sentences below the control and in the documentation.
    """

    _: KW_ONLY
    label: str
    unit: str = ""
    help: str = ""

    @property
    def title(self) -> str:
        """The label with its unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    @abstractmethod
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        return {}

    @abstractmethod
    def check(self, value: object) -> object:
        """Return the value as the function takes it; raise a bare `ValueError` if it is not allowed."""

    def control(self, value: object) -> gr.components.Component:
        """Return the control, set to `value`."""
        raise TypeError(f"{self.label}: no control is defined for parameters of type {type(self).__name__}")

    def from_control(self, value: object) -> object:
        """Convert the control's value to the parameter's value."""
        return value

    def describe(self) -> str:
        """Return the documentation of one parameter."""
        return " ".join(filter(None, [f"{self.title}.", self.help, f"{self.allowed}."]))

    @property
    def _shown(self) -> dict:
        return {"label": self.title, "info": self.help or None, "interactive": True}


@dataclass(frozen=True)
class Number(Parameter):
    """A number from `low` to `high`, on a slider if there is a `step`; `whole` numbers reach the function as int."""

    low: float
    high: float
    _: KW_ONLY
    step: float | None = None
    whole: bool = False
    above: bool = False  # `low` itself is not allowed
    below: bool = False  # `high` itself is not allowed
    powers: bool = False  # the slider is logarithmic, over powers of ten

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        kind = "a whole number" if self.whole else "a number"
        low = f"above {_written(self.low)}" if self.above else f"from {_written(self.low)}"
        high = f"below {_written(self.high)}" if self.below else f"to {_written(self.high)}"
        both = " and" if self.above and self.below else ""
        return f"Enter {kind} {low}{both} {high}"

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        low = "exclusiveMinimum" if self.above else "minimum"
        return {low: self.low, "exclusiveMaximum" if self.below else "maximum": self.high}

    def check(self, value: object) -> float | int:
        """Return the number; raise `ValueError` if it is not a number in range."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError
        if value < self.low or value > self.high:
            raise ValueError
        if (self.above and value == self.low) or (self.below and value == self.high):
            raise ValueError
        if self.whole:
            if value != int(value):
                raise ValueError
            return int(value)
        return value

    def control(self, value: object) -> gr.components.Component:
        """Return a slider, or a box if there is no step."""
        if self.step is None:
            return gr.Number(value, precision=0 if self.whole else None, min_width=120, **self._shown)
        if self.powers:
            shown = self._shown | {"label": f"{self.label} (log10)"}
            low, high = math.log10(self.low), math.log10(self.high)
            return gr.Slider(low, high, math.log10(value), step=self.step, **shown)
        return gr.Slider(self.low, self.high, value, step=self.step, **self._shown)

    def from_control(self, value: object) -> object:
        """Convert the control's value to a number."""
        if self.powers and isinstance(value, int | float) and abs(value) < 300:
            return 10.0**value
        return value


def integer(low: int, high: int, *, step: int | None = None, **words: str) -> Number:
    """Return the definition of a whole number."""
    return Number(low, high, step=step, whole=True, **words)


@dataclass(frozen=True)
class Choice(Parameter):
    """One of `options` (values, or displayed text by value); few options become radio buttons, many become a list."""

    options: Sequence[str] | Mapping[str, str]
    _: KW_ONLY
    listed: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        return f"Choose one of: {', '.join(self.options)}"

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        return {"enum": list(self.options)}

    def check(self, value: object) -> str:
        """Return the value; raise `ValueError` if it is not one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def control(self, value: object) -> gr.components.Component:
        """Return radio buttons or a list."""
        if self.listed:
            return gr.Dropdown(_pairs(self.options), value=value, filterable=False, **self._shown)
        return gr.Radio(_pairs(self.options), value=value, **self._shown)


@dataclass(frozen=True)
class Choices(Parameter):
    """At least `fewest` of `options`, each once.

    Options are values or displayed text by value, and many make a list.
    """

    options: Sequence[str] | Mapping[str, str]
    _: KW_ONLY
    fewest: int = 1
    listed: bool = False

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        count = "one or more" if self.fewest else "any"
        return f"Choose {count} of: {', '.join(self.options)} (without duplicates)"

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        return {"minItems": self.fewest, "maxItems": len(self.options), "uniqueItems": True}

    def check(self, value: object) -> list[str]:
        """Return the values; raise `ValueError` if a value is unknown or repeated, or there are none."""
        if not isinstance(value, list | tuple) or not self.fewest <= len(value) <= len(self.options):
            raise ValueError
        if any(not isinstance(option, str) or option not in self.options for option in value):
            raise ValueError
        if len(set(value)) < len(value):
            raise ValueError
        return list(value)

    def control(self, value: object) -> gr.components.Component:
        """Return checkboxes, or a list."""
        if self.listed:
            return gr.Dropdown(_pairs(self.options), value=list(value or ()), multiselect=True, **self._shown)
        return gr.CheckboxGroup(_pairs(self.options), value=list(value or ()), **self._shown)


@dataclass(frozen=True)
class Flag(Parameter):
    """True or false."""

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        return "Enter true or false"

    def check(self, value: object) -> bool:
        """Return the value; raise `ValueError` if it is neither."""
        if not isinstance(value, bool):
            raise ValueError
        return value

    def control(self, value: object) -> gr.components.Component:
        """Return a checkbox."""
        return gr.Checkbox(value, **self._shown)


@dataclass(frozen=True)
class Text(Parameter):
    """A text of at most `longest` characters, chosen from `suggestions` or typed; `lines` sets the box's height."""

    longest: int
    _: KW_ONLY
    lines: int = 1
    suggestions: Sequence[str] = ()

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        return f"Enter text of at most {self.longest:,} characters"

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        return {"maxLength": self.longest}

    def check(self, value: object) -> str:
        """Return the text; raise `ValueError` if it is not a text or is too long."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValueError
        return value

    def control(self, value: object) -> gr.components.Component:
        """Return a text box, or a list to choose from if there are suggestions."""
        if self.suggestions:
            return gr.Dropdown(_pairs(self.suggestions), value=value, allow_custom_value=True, **self._shown)
        return gr.Textbox(value, lines=self.lines, max_length=self.longest, **self._shown)


@dataclass(frozen=True)
class List(Parameter):
    """A list of `fewest` to `most` values that each satisfy `each`."""

    each: Parameter
    fewest: int
    most: int

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        each = self.each.allowed
        return (
            f"Enter a list of {self.fewest:,} to {self.most:,} values; for each: {each[0].lower()}{each[1:]}"
        )

    @property
    def schema(self) -> dict:
        """The constraints as JSON schema keywords."""
        return {"minItems": self.fewest, "maxItems": self.most}

    def check(self, value: object) -> list:
        """Return the list; raise `ValueError` if the list or one of its values is not allowed."""
        if not isinstance(value, list | tuple) or not self.fewest <= len(value) <= self.most:
            raise ValueError
        return [self.each.check(element) for element in value]


@dataclass(frozen=True)
class Checked(Parameter):
    """A value that the function itself checks against a published model's bounds; `allowed_words` describes them."""

    allowed_words: str

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        return self.allowed_words

    def check(self, value: object) -> object:
        """Return the value unchanged."""
        return value


@dataclass(frozen=True)
class File(Parameter):
    """An uploaded file; the function gets its path."""

    @property
    def allowed(self) -> str:
        """The allowed values, as an imperative sentence."""
        return "Upload a file; in Python: gradio_client.handle_file(path)"

    def check(self, value: object) -> str:
        """Return the path of the file; raise `ValueError` if it was not uploaded."""
        # Gradio verifies that a file was uploaded only if the file is described in this form.
        if is_file_obj_with_meta(value):
            value = value["path"]
        elif not isinstance(value, gr.utils.NamedString):
            raise ValueError
        return str(value)

    def control(self, value: object) -> gr.components.Component:
        """Return an upload control."""
        return gr.File(label=self.title, height=140)


@dataclass(frozen=True)
class Definition:
    """A function's parameter: its kind, its default (`MISSING` for none) and whether it may be null."""

    name: str
    kind: Parameter
    hint: Any
    default: object = field(default=MISSING)
    optional: bool = False

    def check(self, value: object) -> object:
        """Return the value as the function takes it.

        Raises
        ------
        SpaceHubError
            If the value is missing or not allowed; the error names the parameter and the allowed values.
        """
        if value is MISSING:
            value = self.default
        if value is MISSING:
            raise SpaceHubError(f"The parameter {self.name} is missing.", f"{self.kind.allowed}.")
        if value is None and self.optional:
            return None
        try:
            return self.kind.check(value)
        except (ValueError, OverflowError) as error:
            given = f"The parameter {self.name} ({self.kind.title}) is {shorten(value)}."
            raise SpaceHubError(given, f"{self.kind.allowed}.") from error

    def read(self, text: str) -> object:
        """Convert the `text` in an address to a value for the control.

        Raises
        ------
        SpaceHubError
            If the text is not allowed.
        """
        value: object = text
        if isinstance(self.kind, Number | Flag):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                value = text
        self.check(self.kind.from_control(value))
        return value

    @property
    def sharable(self) -> bool:
        """Whether an address can hold the parameter's value."""
        return isinstance(self.kind, Number | Choice | Flag | Text)

    def control(self) -> gr.components.Component:
        """Return the control, set to the default."""
        return self.kind.control(None if self.default is MISSING else self.default)


@functools.cache
def of(function: Callable) -> dict[str, Definition]:
    """Return the definitions of a function's parameters, keyed by name.

    Parameters without a definition, such as `watch`, are left out.
    """
    hints = get_type_hints(function, include_extras=True)
    definitions = {}
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints.get(name)
        kind, bare, optional = _read(hint)
        if kind is None:
            continue
        default = MISSING if parameter.default is inspect.Parameter.empty else parameter.default
        definitions[name] = Definition(name=name, kind=kind, hint=bare, default=default, optional=optional)
    return definitions


def checked(function: Callable, values: Mapping[str, object] | Sequence[object]) -> dict[str, object]:
    """Convert a caller's values, given by name or in order, to what the function takes.

    Raises
    ------
    SpaceHubError
        If there are too many values, or a value is missing or not allowed.
    """
    known = of(function)
    if not isinstance(values, Mapping):
        if len(values) > len(known):
            raise SpaceHubError(
                f"{len(values)} values were given for {len(known)} parameters.",
                f"Enter values for: {', '.join(known)}.",
            )
        values = dict(zip(known, values, strict=False))
    return {name: definition.check(values.get(name, MISSING)) for name, definition in known.items()}


def _read(hint: object) -> tuple[Parameter | None, Any, bool]:
    """Split a type hint into its definition, the bare type, and whether None is allowed."""
    if get_origin(hint) is Annotated:
        bare, *extras = get_args(hint)
        kind = next((extra for extra in extras if isinstance(extra, Parameter)), None)
        return kind, bare, NoneType in get_args(bare)
    if NoneType in get_args(hint):
        kinds = [_read(part)[0] for part in get_args(hint) if part is not NoneType]
        bare = functools.reduce(lambda a, b: a | b, (_read(part)[1] for part in get_args(hint)))
        return (kinds[0] if kinds else None), bare, True
    return None, hint, False


def _pairs(options: Sequence[str] | Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each option's displayed text and its value."""
    named = options if isinstance(options, Mapping) else {key: key for key in options}
    return [(shown, key) for key, shown in named.items()]


def _written(value: float) -> str:
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}" if value >= 0 else f"−{-int(value):,}"
    return f"{value:g}".replace("-", "−", 1) if value < 0 else f"{value:g}"


Seed = Annotated[
    int, integer(0, MOST_SEED, label="Seed", help="A different seed gives different random numbers.")
]
