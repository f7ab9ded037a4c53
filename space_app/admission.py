"""Limits for heavy work: a few jobs per visitor, a bounded queue, and an error that states the waiting time."""

import math
from collections.abc import Callable

from gradio.data_classes import PredictBodyInternal
from gradio.queueing import Queue

from space_app.monitoring import requests
from space_app.workers import HEAVY_QUEUE

MOST_WAITING, MOST_A_VISITOR, MOST_QUICK = 32, 3, 400
FIRST_GUESS_SECONDS = 2.0
HEAVY = HEAVY_QUEUE["concurrency_id"]


def guard(queue: Queue) -> None:
    """Make a page's queue refuse jobs that would wait too long."""
    push = queue.push

    async def guarded(body: PredictBodyInternal, request, username):
        fn = queue.blocks.fns.get(body.fn_index)
        refusal = _refusal(queue, fn, _visitor(request)) if fn is not None else None
        if refusal:
            requests.busy(f"/{fn.api_name}" if fn.api_visibility == "public" else f"page {fn.name}")
        return refusal or await push(body, request, username)

    queue.push = guarded


def _refusal(queue: Queue, fn, visitor: str) -> tuple[bool, str, str] | None:
    if fn.concurrency_id != HEAVY:
        if len(queue) < MOST_QUICK:
            return None
        return False, "The app is very busy. Try again in a few seconds.", "queue_full"
    waiting = queue.event_queue_per_concurrency_id.get(HEAVY)
    events = list(waiting.queue) if waiting else []
    running = [event for job in queue.active_jobs if job for event in job]
    theirs = [
        event
        for event in [*events, *running]
        if event.concurrency_id == HEAVY and _visitor(event.request) == visitor
    ]
    if len(theirs) >= MOST_A_VISITOR:
        words = f"You already have {len(theirs)} jobs of this kind. Wait until a job ends, or cancel a job."
        return False, words, "queue_full"
    if len(events) >= MOST_WAITING:
        seconds = math.ceil(_seconds(queue, fn) * len(events) / HEAVY_QUEUE["concurrency_limit"])
        words = f"{len(events)} jobs of this kind are already waiting. Try again in about {seconds} seconds."
        return False, words, "queue_full"
    return None


def _seconds(queue: Queue, fn: Callable) -> float:
    """Return the mean run time of this kind of job in seconds, or a guess before its first run."""
    known = queue.process_time_per_fn.get(fn)
    return (known.avg_time if known else None) or FIRST_GUESS_SECONDS


def _visitor(request) -> str:
    """Return the address that a request comes from, as the nearest proxy reports it."""
    client = getattr(request, "client", None)
    return client.host if client else ""
