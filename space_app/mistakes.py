"""Turn a visitor's mistake into a sentence on the page and in the API's response, never a traceback."""

import functools
import html
import inspect
from collections.abc import Callable

import gradio as gr

from space_app.html import render
from spacehub.errors import NotYetError, SpaceHubError


def error_to_message(function: Callable, *, on_page: bool = False) -> Callable:
    """Wrap an event's function so that its `SpaceHubError` is raised as a `gr.Error`.

    With `on_page` the page also shows the message as HTML, so the message is escaped.
    """

    def as_error(error: SpaceHubError) -> gr.Error:
        message = html.escape(str(error), quote=False) if on_page else str(error)
        return gr.Error(message, title="Please check", duration=20, print_exception=False)

    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            try:
                return await function(*args, **kwargs)
            except SpaceHubError as error:
                raise as_error(error) from error

        return wrapper

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except SpaceHubError as error:
            raise as_error(error) from error

    return wrapper


def mistake(error: SpaceHubError) -> str:
    """Draw a visitor's mistake in place of the answer, or the note that the model is not published yet."""
    return render("shared/mistake.html", error=error, is_mistake=not isinstance(error, NotYetError))
