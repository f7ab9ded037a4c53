"""Queues (gradio/queueing.py).

Each page's queue has two loops that look for work hundreds of times a second, which takes 3 % of a core for the
front page alone. Here they sleep while the queue has no job, until a job comes.

A queue keeps the messages of the 2,000 newest sessions, and each API call is a session. The queue drops the
messages of a session whose job still runs or whose stream is open, so the answer is lost. Here only sessions
that nobody waits for are dropped.

If two streams of a session are open, the end of the first cancels the jobs that the second waits for. Here only
the end of the last one does.

Each time a job starts, a queue sends every waiting job its place, so thirty callers get hundreds of messages a
second. The stream of a program's call drops all of them but the answer. Here it gets only the answer.

Upstream: no report found (November 2026).
"""

import asyncio
import contextlib
import types
import weakref
from collections import Counter

from gradio import queueing
from gradio.server_messages import EventMessage, ProcessCompletedMessage, ProcessGeneratingMessage

# The longest sleep of an idle queue, which also has to notice that it was closed.
IDLE_SECONDS = 1.0
# The number of sessions whose messages a queue keeps although nobody waits for them.
MOST_SESSIONS = 2000
_looping: weakref.WeakKeyDictionary[asyncio.Task, "PageQueue"] = weakref.WeakKeyDictionary()


class PageQueue(queueing.Queue):
    """A page's queue: its loops sleep while it has no job, and it keeps the messages that somebody waits for.

    `readers` is the number of open streams by session hash.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._pushed = asyncio.Event()
        self.readers: Counter[str] = Counter()
        self.pending_messages_per_session = Messages(self)

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
        """Sleep between two checks for jobs; without jobs, sleep until the next one comes."""
        if len(self) or any(self.active_jobs):
            await asyncio.sleep(seconds)
            return
        self._pushed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._pushed.wait(), IDLE_SECONDS)

    def send_message(self, event: queueing.Event, event_message: EventMessage) -> None:
        """Send a job's message, if the reader of the job shows messages of this kind."""
        if _shows_progress(event) or isinstance(event_message, _ANSWERS):
            super().send_message(event, event_message)

    def broadcast_estimations(self, concurrency_id: str, after: int | None = None) -> None:
        """Send the waiting jobs their places, if a reader of one of the jobs shows it."""
        if any(map(_shows_progress, self.event_queue_per_concurrency_id[concurrency_id].queue)):
            super().broadcast_estimations(concurrency_id, after)

    async def clean_events(self, *, session_hash: str | None = None, event_id: str | None = None) -> None:
        """Cancel the jobs of a session whose stream ends, unless it has another stream."""
        if session_hash is None or self.readers[session_hash] <= 1:
            await super().clean_events(session_hash=session_hash, event_id=event_id)


# What the stream of a program's call passes on.
_ANSWERS = (ProcessCompletedMessage, ProcessGeneratingMessage)


def _shows_progress(event: queueing.Event) -> bool:
    """Return whether a job's reader shows its place and its progress; the stream of a call without a session does not."""
    return event.session_hash != event._id or event.data is None or not event.data.simple_format


class Messages(dict[str, asyncio.Queue]):
    """The messages of each session of a queue by session hash."""

    def __init__(self, queue: PageQueue):
        super().__init__()
        self._queue = queue

    def __setitem__(self, session: str, messages: asyncio.Queue) -> None:
        if session not in self and len(self) >= MOST_SESSIONS:
            self._drop_oldest()
        super().__setitem__(session, messages)

    def __delitem__(self, session: str) -> None:
        if self._queue.readers[session] <= 1:
            self.pop(session, None)

    def _drop_oldest(self) -> None:
        """Drop the oldest session that has read all its answers, or else the oldest one whose jobs are done."""
        readers, calls = self._queue.readers, self._queue.pending_event_ids_session
        jobs = self._queue.event_ids_to_events.keys()
        for unanswered in (calls.get, lambda session: calls.get(session, set()) & jobs):
            done = (session for session in self if not readers[session] and not unanswered(session))
            if session := next(done, None):
                del self[session]
                calls.pop(session, None)
                return


async def _pause(seconds: float) -> None:
    queue = _looping.get(asyncio.current_task())
    await (asyncio.sleep(seconds) if queue is None else queue.pause(seconds))


queueing.asyncio = types.SimpleNamespace(**vars(asyncio) | {"sleep": _pause})
queueing.Queue = PageQueue
