"""Work around costs of Gradio 6.31, each with its reason. Import this module before Gradio.

A test in ``tests/space_app/test_gradio_fixes.py``, or for the clocks in ``test_assets.py``, fails once one of the
workarounds is no longer needed.

1. Type stubs (gradio/component_meta.py). On every import Gradio parses the source of its components and rewrites
   ``.pyi`` files in site-packages, which takes 2 s of 3.5 s, and processes that start together write the
   same files. Gradio skips a component whose file is unknown, so during the import no file is known. It
   would also write a stub next to each component of the app, so afterwards it writes none.
   Upstream: https://github.com/gradio-app/gradio/issues/7791
2. Sessions (gradio/state_holder.py). For every session, and every call without one, `SessionState` builds the
   configuration of every component of the page in the event loop, and keeps it; only deep links and
   components that an event changes read it. Here each configuration is built when it is first read, and a
   value is stored only in a configuration that exists.
   Upstream: https://github.com/gradio-app/gradio/issues/11602
3. Finished calls (gradio/queueing.py). The queue keeps a set for every past session, empty once its
   calls are done. Here the set is removed with the session.
   Upstream: https://github.com/gradio-app/gradio/pull/13756
4. Streams (gradio/routes.py). A closing page closes its stream of messages, but its timer may open
   another stream. Gradio has forgotten the session by then and raises an error inside the stream, after its
   first message, so uvicorn prints a traceback. Here the stream ends.
5. Checks in threads (gradio/routes.py). `login_check` is a plain function, so FastAPI runs it in a thread for each
   request, two or three times per call, only to read two attributes. Here it runs at once.
6. Disconnected? (gradio/routes.py). Between two messages a stream checks whether its reader has left,
   which opens a scope and cancels it. Starlette's response checks for that anyway, and ends the stream.
7. Idle queues (gradio/queueing.py). Each page's queue has two loops that look for work hundreds of times a second,
   which takes 3 % of a core for the front page alone. Here they sleep while the queue has no job, until a
   job comes.
8. Clocks (StatusTracker.svelte). While a page loads, a status tracker counts the seconds. It is removed with its
   clock running, and the clock then asks for sixty frames a second as long as the page is open, which takes 6 to
   9 % of a core in every visitor's browser. `stop_clocks` changes the script so that a removed tracker's clock
   stops.
"""

import asyncio
import contextlib
import inspect
import itertools
import re
import types
import weakref

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

from fastapi.dependencies import utils as dependencies  # noqa: E402
from gradio import blocks_events, component_meta, queueing, state_holder  # noqa: E402
from gradio.blocks import Blocks, BlocksConfig  # noqa: E402
from starlette.exceptions import HTTPException  # noqa: E402
from starlette.requests import Request  # noqa: E402

component_meta.create_or_modify_pyi = blocks_events.create_or_modify_pyi = lambda *_: None


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


_keep_value = state_holder.SessionState._update_value_in_config


def _keep_value_if_read(self: state_holder.SessionState, key: int, value: object) -> None:
    """Store a component's value in its configuration if that has been built; only deep links read it."""
    if key in self.config_values:
        _keep_value(self, key, value)


state_holder.SessionState._update_value_in_config = _keep_value_if_read


_update = state_holder.StateHolder.update


def _forget(self: state_holder.StateHolder, session: str) -> None:
    """Remove the oldest session as Gradio does, together with what the queue stores for it."""
    # At most one is removed: the first, or the second if the first is now the newest.
    oldest = list(itertools.islice(self.session_data, 2))
    _update(self, session)
    queue = self.blocks._queue
    for gone in oldest:
        if gone not in self.session_data and not queue.pending_event_ids_session.get(gone):
            queue.pending_event_ids_session.pop(gone, None)


state_holder.StateHolder.update = _forget


_in_thread = dependencies.run_in_threadpool


async def _at_once(function, *args, **kwargs):
    if function.__qualname__ == "App.create_app.<locals>.login_check":
        return function(*args, **kwargs)
    return await _in_thread(function, *args, **kwargs)


dependencies.run_in_threadpool = _at_once


_is_disconnected = Request.is_disconnected


async def _known_disconnected(self: Request) -> bool:
    """Return whether the reader is known to have left; streams end by themselves, so they are not checked."""
    if self.scope["path"].endswith("/queue/data") or "/call/" in self.scope["path"]:
        return self._is_disconnected
    return await _is_disconnected(self)


Request.is_disconnected = _known_disconnected


# How long an idle queue sleeps at most; it also has to notice that it was closed.
IDLE_SECONDS = 1.0
_looping: weakref.WeakKeyDictionary[asyncio.Task, "IdleQueue"] = weakref.WeakKeyDictionary()


class IdleQueue(queueing.Queue):
    """A page's queue, whose loops sleep while it has no job."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._pushed = asyncio.Event()

    async def push(self, *args, **kwargs):
        """Add a job as Gradio does, and wake the loops."""
        answer = await super().push(*args, **kwargs)
        self._pushed.set()
        return answer

    async def start_processing(self) -> None:
        """Start the jobs one after another."""
        _looping[asyncio.current_task()] = self
        await super().start_processing()

    async def start_progress_updates(self) -> None:
        """Send the progress of the jobs."""
        _looping[asyncio.current_task()] = self
        await super().start_progress_updates()

    async def pause(self, seconds: float) -> None:
        """Sleep between two looks at the jobs; without any, until the next one comes."""
        if len(self) or any(self.active_jobs):
            await asyncio.sleep(seconds)
            return
        self._pushed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._pushed.wait(), IDLE_SECONDS)


async def _pause(seconds: float) -> None:
    queue = _looping.get(asyncio.current_task())
    await (asyncio.sleep(seconds) if queue is None else queue.pause(seconds))


queueing.asyncio = types.SimpleNamespace(**vars(asyncio) | {"sleep": _pause})
queueing.Queue = IdleQueue


# In a tracker's script: the element, and the clock's next turn.
_ELEMENT = re.compile(r"\{(\w+)&&\w+\(\)&&\(\w+\.status===`pending`\|\|")
_TURN = re.compile(r"(performance\.now\(\)-\w+\(\w+\)\)/1e3\),\w+)&&(\w+\(\))")


def stop_clocks(script: str) -> str:
    """Return the script of Gradio's status trackers in which a clock stops once its tracker was removed."""
    element = _ELEMENT.search(script)
    return _TURN.sub(rf"\1&&{element[1]}&&\2", script) if element else script


async def end_quietly(app, scope, receive, send) -> None:
    """Serve a request; a stream whose session Gradio has forgotten ends without a traceback."""
    try:
        await app(scope, receive, send)
    except RuntimeError as error:
        cause = error.__cause__
        if not (scope["path"].endswith("/queue/data") and isinstance(cause, HTTPException)):
            raise
        await send({"type": "http.response.body", "body": b""})
