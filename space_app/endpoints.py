"""Named endpoints for programs: functions of a module, validated and documented from their own definitions."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.context import Context

from space_app import parameters
from space_app.mistakes import error_to_message
from space_app.watch import Watch

SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)


def endpoint(function: Callable, watch: Watch | None = None, **queue: str | int) -> None:
    """Offer a function as an endpoint, named after the function, on the page that is being built.

    The endpoint's parameters are those of `space_app.parameters`; a parameter named `watch` receives the app's
    watch. With a `concurrency_limit` and `concurrency_id` a call waits in the queue; otherwise it runs at
    once.
    """
    words = {"api_name": function.__name__, "api_description": describe(function)}
    gr.api(bind(function, watch), **words, queue=bool(queue), **queue)
    # Gradio derives an endpoint's schema from the type hints alone; this code adds bounds and descriptions.
    blocks = Context.root_block.fns[max(Context.root_block.fns)].inputs
    for parameter, component in zip(parameters.of(function).values(), blocks, strict=True):
        component.api_info().update(parameter.kind.schema, additional_description=parameter.kind.describe())


def bind(function: Callable, watch: Watch) -> Callable:
    """Return the function with `watch` filled in.

    The function then validates its values first, and raises mistakes as Gradio errors.
    """
    known = parameters.of(function)
    given = {"watch": watch} if "watch" in inspect.signature(function).parameters else {}
    missing = set(inspect.signature(function).parameters) - set(known) - set(given)
    if missing:
        raise TypeError(
            f"Parameters of {function.__name__} have no kind, such as Number or Text, in their type hints: {', '.join(missing)}"
        )

    if inspect.iscoroutinefunction(function):

        async def call(*values):
            return await function(**given, **parameters.checked(function, values))
    else:

        def call(*values):
            return function(**given, **parameters.checked(function, values))

    functools.update_wrapper(call, function)
    call.__signature__, call.__annotations__ = _signature(function, known)
    del call.__wrapped__
    return error_to_message(call)


def describe(function: Callable) -> str:
    """Return a docstring's prose, and its numpydoc section *Returns* as one line."""
    parts = SECTION.split(inspect.getdoc(function) or "")
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    prose = " ".join(parts[0].split())
    if "Returns" in sections:
        prose += " Returns: " + " ".join(sections["Returns"].split())
    return prose


def _signature(
    function: Callable, known: Mapping[str, parameters.Definition]
) -> tuple[inspect.Signature, dict[str, Any]]:
    """Return the signature and the type hints for Gradio: bare types, without `watch`."""
    result = inspect.get_annotations(function, eval_str=True).get("return", inspect.Signature.empty)
    listed = [
        inspect.Parameter(
            parameter.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if parameter.default is parameters.MISSING else parameter.default,
            annotation=parameter.hint,
        )
        for parameter in known.values()
    ]
    hints = {parameter.name: parameter.hint for parameter in known.values()}
    return inspect.Signature(listed, return_annotation=result), hints | {"return": result}
