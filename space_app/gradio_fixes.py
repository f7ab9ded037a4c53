"""Workarounds for costs of Gradio 6.31, each with its reason. Import this module before Gradio.

A test in ``tests/space_app/test_gradio_fixes.py`` fails once one of them is no longer needed.

1. Type stubs (gradio/component_meta.py). On every import Gradio parses the source of its components and rewrites
   ``.pyi`` files in site-packages, 2 s of 3.5 s, and processes that start together write the same files. It skips a
   component whose file is unknown, so for the length of the import no file is known.
   Upstream: https://github.com/gradio-app/gradio/issues/7791
2. Sessions (gradio/state_holder.py). For every session, and every call without one, `SessionState` builds the
   configuration of every component of the page in the event loop, and keeps it; only deep links and components that an
   event changes read it. Here each is built when it is first read.
   Upstream: https://github.com/gradio-app/gradio/issues/11602
3. Finished calls (gradio/queueing.py). The queue keeps a set for every session that ever was, empty once its calls
   are done. Here it goes with the session. Upstream: https://github.com/gradio-app/gradio/pull/13756
4. Streams (gradio/routes.py). A page that is left closes its stream of messages, and its timer may open another one.
   Gradio has forgotten the session by then and raises an error inside the stream, after its first message: uvicorn
   prints a traceback. Here the stream ends.
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

from copy import copy  # noqa: E402

from gradio import state_holder  # noqa: E402
from gradio.blocks import Blocks, BlocksConfig  # noqa: E402
from starlette.exceptions import HTTPException  # noqa: E402


class LazyConfigs(dict):
    """The configuration of each component of a session by id, built when it is read."""

    def __init__(self, config: BlocksConfig, blocks: Blocks):
        super().__init__()
        self._config, self._blocks = config, blocks

    def items(self):
        """Return the configurations of all components."""
        for key, block in self._config.blocks.items():
            if key in self._blocks.blocks and key not in self:
                self[key] = self._config.config_for_block(key, [], block)
        return super().items()


def _begin(self: state_holder.SessionState, blocks: Blocks) -> None:
    self.blocks_config = copy(blocks.default_config)
    self.config_values = LazyConfigs(self.blocks_config, blocks)
    self.state_data, self._state_ttl, self.is_closed = {}, {}, False
    self.STATE_TTL_WHEN_CLOSED = 3600


state_holder.SessionState.__init__ = _begin


_update = state_holder.StateHolder.update


def _forget(self: state_holder.StateHolder, session: str) -> None:
    """Let the oldest session go as Gradio does, and with it what the queue keeps of it."""
    known = set(self.session_data) if len(self.session_data) > self.capacity else ()
    _update(self, session)
    queue = self.blocks._queue
    for gone in set(known) - set(self.session_data):
        if not queue.pending_event_ids_session.get(gone):
            queue.pending_event_ids_session.pop(gone, None)


state_holder.StateHolder.update = _forget


async def end_quietly(app, scope, receive, send) -> None:
    """Serve a request; a stream of a session that Gradio has forgotten ends without a traceback."""
    try:
        await app(scope, receive, send)
    except RuntimeError as error:
        cause = error.__cause__
        if not (scope["path"].endswith("/queue/data") and isinstance(cause, HTTPException)):
            raise
        await send({"type": "http.response.body", "body": b""})
