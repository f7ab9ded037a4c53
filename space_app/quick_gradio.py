"""Imports Gradio without letting it rewrite its type stubs, which is half of its start-up.

On every import Gradio 6.31 parses the source of each of its components and writes ``.pyi`` files into
site-packages (gradio/component_meta.py). It skips a component whose file cannot be told; so for the
length of the import none can. That saves about 2 s of 3.5 s, and processes that start together no
longer write the same files.
"""

import inspect

_getfile = inspect.getfile


def _no_stubs(thing: object) -> str:
    if isinstance(thing, type) and thing.__module__.startswith("gradio."):
        raise OSError(f"{thing.__name__} needs no stub")
    return _getfile(thing)


inspect.getfile = _no_stubs
try:
    import gradio  # noqa: F401
finally:
    inspect.getfile = _getfile
