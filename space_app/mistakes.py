"""A visitor's mistake becomes a sentence on the page and in the API's answer, never a traceback."""

import functools
import html
from collections.abc import Callable

import gradio as gr

from spacehub.errors import SpaceHubError


def told(function: Callable, *, on_page: bool = False) -> Callable:
    """Wrap an event's function so that its `SpaceHubError` is told as a `gr.Error`.

    `on_page` tells that the page shows it too, as HTML, and so needs it escaped.
    """

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except SpaceHubError as error:
            message = html.escape(str(error), quote=False) if on_page else str(error)
            raise gr.Error(message, title="Please check", duration=20, print_exception=False) from error

    return wrapper
