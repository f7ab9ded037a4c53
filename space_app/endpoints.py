"""Named endpoints for programs, documented from the functions' own docstrings, and the files sent to them."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import gradio as gr
from gradio.context import Context
from gradio_client.utils import is_file_obj_with_meta

from space_app.mistakes import told
from spacehub.errors import SpaceHubError

SECTION = re.compile(r"^(\w+)\n-{3,}\n", re.MULTILINE)
PARAMETER = re.compile(r"^([\w, ]+?) :[^\n]*\n((?:[ \t]+[^\n]*\n?)+)", re.MULTILINE)


def endpoint(function: Callable, **queue: str | int) -> None:
    """Offer a typed function as the endpoint of its name.

    Given a `concurrency_limit` and `concurrency_id` it waits its turn in the queue; otherwise it is called
    at once. The API page shows the docstring's prose as the endpoint's description, and what its numpydoc
    section *Parameters* says beside each parameter.
    """
    prose, parameters = split_docstring(inspect.getdoc(function) or "")
    words = {"api_name": function.__name__, "api_description": prose}
    gr.api(told(function), **words, queue=bool(queue), **queue)
    # Gradio derives an endpoint's schema from the type hints alone; here the words join it.
    newest = max(Context.root_block.fns)
    names = [name for name in inspect.signature(function).parameters]
    for name, component in zip(names, Context.root_block.fns[newest].inputs, strict=True):
        component.api_info()["additional_description"] = parameters.get(name, "")


def sent(file: object) -> Path:
    """Return where a file lies that was sent to an endpoint.

    Gradio makes sure of a file's description that names its type, and of no other, that what it names was sent.

    Raises
    ------
    SpaceHubError
        When it is no such description.
    """
    if not is_file_obj_with_meta(file):
        raise SpaceHubError("There is no file.", "Send one: in Python, gradio_client.handle_file(path).")
    return Path(file["path"])


def split_docstring(text: str) -> tuple[str, dict[str, str]]:
    """Split a numpydoc docstring into its prose and what it says of each parameter, each as one line."""
    parts = SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    words = {}
    for names, said in PARAMETER.findall(sections.get("Parameters", "")):
        words |= dict.fromkeys(names.split(", "), " ".join(said.split()))
    prose = " ".join(parts[0].split())
    if "Returns" in sections:
        prose += " Returns: " + " ".join(sections["Returns"].split())
    return prose, words
