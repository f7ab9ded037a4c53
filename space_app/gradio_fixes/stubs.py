"""Type stubs (gradio/component_meta.py).

On every import Gradio parses the source of its components and rewrites ``.pyi`` files in site-packages, which
takes 2 s of 3.5 s. Processes that start together write the same files. Gradio skips a component whose file is
unknown, so during the import no file is known. Gradio would also write a stub next to each component of the
app, so after the import it writes none.

Upstream: https://github.com/gradio-app/gradio/issues/7791
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

from gradio import blocks_events, component_meta  # noqa: E402

component_meta.create_or_modify_pyi = blocks_events.create_or_modify_pyi = lambda *_: None
