"""Each workaround for Gradio: what it does, and that Gradio still needs it."""

import asyncio
import functools
import inspect
import json
import subprocess
import sys

import gradio
import pytest
from gradio import queueing, route_utils, server_messages, state_holder
from gradio.data_classes import PredictBodyInternal
from gradio.utils import LRUCache
from starlette.requests import Request
from starlette.testclient import TestClient

from space_app.gradio_fixes import addresses, checks, queues, sessions, streams
from tests.processes import ROOT, finish

# Prints what a page of forty parts costs a session, and what importing Gradio opens.
PROBE = """
import json, sys
opened = []
sys.addaudithook(lambda event, found: event == "open" and opened.append(str(found[0])))
if sys.argv[1] == "fixed":
    from space_app.gradio_fixes import addresses, checks, queues, sessions, streams
import gradio
from gradio.state_holder import SessionState
stubs = sum(name.endswith(".pyi") for name in opened)
with gradio.Blocks(analytics_enabled=False) as page:
    for number in range(40):
        gradio.HTML(str(number))
session = SessionState(page)
kept = len(session.config_values)
listed = len(list(session.components))
from gradio.state_holder import StateHolder
page.state_session_capacity = 10
holder = StateHolder()
holder.set_blocks(page)
for number in range(100):
    page._queue.pending_event_ids_session[str(number)] = set()
    holder[str(number)]
sets = len(page._queue.pending_event_ids_session)
searched, delete = [], holder.delete_state
holder.delete_state = lambda name, **given: (searched.append(name), delete(name, **given))
holder.delete_all_expired_state()
print(json.dumps({"stubs": stubs, "kept": kept, "listed": listed, "sets": sets, "searched": len(searched)}))
"""


@pytest.fixture(scope="module")
def cost():
    def measure(which: str) -> dict:
        command = [sys.executable, "-c", PROBE, which]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(run.stdout.splitlines()[-1])

    return {which: measure(which) for which in ("fixed", "as it is")}


def test_the_fixes_do_what_they_say(cost):
    assert cost["fixed"] == {"stubs": 0, "kept": 0, "listed": 40, "sets": 10, "searched": 0}


@pytest.mark.parametrize(("what", "least"), [("stubs", 1), ("kept", 40), ("sets", 100), ("searched", 10)])
def test_gradio_still_needs_each_fix(cost, what, least):
    assert cost["as it is"][what] >= least, f"Gradio no longer needs the fix for {what}: remove it"


@pytest.mark.parametrize(("seconds", "kept"), [(0, 0), (3600, 1)])
def test_an_expired_state_is_deleted(seconds, kept):
    with gradio.Blocks(analytics_enabled=False) as page:
        state = gradio.State("value", time_to_live=seconds)
    holder = state_holder.StateHolder()
    holder.set_blocks(page)
    holder["someone"][state._id] = "their value"
    holder.delete_all_expired_state()
    assert len(holder["someone"].state_data) == kept


ADDRESSES = [
    ("http", "space.org", "/gradio_api/call/a", {}, "http://space.org"),
    ("http", "space.org", "/gradio_api/call/b", {}, "http://space.org"),
    ("https", "space.org:81", "/gradio_api/call/a", {}, "https://space.org:81"),
    ("http", "space.org", "/gradio_api/call/a", {"x-forwarded-host": "other.org"}, "http://other.org"),
    ("http", "space.org", "/gradio_api/call/a", {"x-forwarded-proto": "https"}, "https://space.org"),
]


def _request(scheme: str, host: str, path: str, headers: dict) -> Request:
    listed = [(name.encode(), value.encode()) for name, value in ({"host": host} | headers).items()]
    scope = {
        "type": "http", "method": "POST", "scheme": scheme, "server": ("127.0.0.1", 80), "path": path,
        "root_path": "", "query_string": b"", "headers": listed,
    }  # fmt: skip
    return Request(scope)


@pytest.mark.parametrize("round_", ["first", "remembered"])
def test_each_visitor_gets_their_own_address(round_):
    for scheme, host, path, headers, expected in ADDRESSES:
        request = _request(scheme, host, path, headers)
        assert route_utils.get_root_url(request, path, None) == expected
        assert route_utils.get_root_url(request, path, "/below") == f"{expected}/below"


def test_an_address_is_parsed_once(monkeypatch):
    parsed, url = [], route_utils.httpx.URL
    monkeypatch.setattr(route_utils.httpx, "URL", lambda *given: parsed.append(given) or url(*given))
    given = _request("http", "once.org", "/gradio_api/call/a", {}), "/gradio_api/call/a", None
    route_utils.get_root_url(*given)
    first = len(parsed)
    assert first > 0
    route_utils.get_root_url(*given)
    assert len(parsed) == first
    addresses._get_root_url(*given)
    assert len(parsed) > first, "Gradio no longer needs the fix for addresses: remove it"


def test_few_addresses_are_remembered():
    for number in range(2 * addresses.MOST_REMEMBERED):
        route_utils.get_root_url(_request("http", f"{number}.org", "/", {}), "/", None)
    assert len(addresses._remembered) == addresses.MOST_REMEMBERED


async def _stream(app, session: str, *, leave: bool = False) -> tuple[list, str]:
    """Ask for a session's stream, and perhaps leave at once; return what was sent and the error's name."""
    left = [{"type": "http.disconnect"}] * leave
    sent, asked = [], iter([{"type": "http.request", "body": b""}, *left])

    async def receive():
        for message in asked:
            return message
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/gradio_api/queue/data",
        "raw_path": b"/gradio_api/queue/data",
        "root_path": "",
        "scheme": "http",
        "query_string": f"session_hash={session}".encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    try:
        await app(scope, receive, send)
    except RuntimeError as error:
        return sent, type(error).__name__
    return sent, ""


@pytest.mark.parametrize(("fixed", "error"), [(True, ""), (False, "RuntimeError")])
def test_a_forgotten_session_ends_its_stream_without_a_traceback(fixed, error):
    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.HTML("")
    page = gradio.routes.App.create_app(blocks)
    app = functools.partial(streams.serve, page, page.get_blocks()._queue) if fixed else page
    sent, raised = finish(_stream(app, "gone"))
    assert raised == error, "Gradio no longer needs the fix for streams: remove it"
    assert b"404" in b"".join(message.get("body", b"") for message in sent)
    assert sent[-1].get("more_body", False) is (not fixed)


def test_a_call_runs_gradios_login_check_in_no_thread(monkeypatch):
    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.HTML("")
    page = gradio.routes.App.create_app(blocks)
    in_threads, run = [], checks._in_thread

    async def noted(function, *args, **kwargs):
        in_threads.append(function.__name__)
        return await run(function, *args, **kwargs)

    monkeypatch.setattr(checks, "_in_thread", noted)
    assert TestClient(page).get("/config").status_code == 200
    assert "login_check" not in in_threads
    monkeypatch.setattr(checks.dependencies, "run_in_threadpool", noted)
    assert TestClient(page).get("/config").status_code == 200
    assert "login_check" in in_threads, "Gradio no longer needs the fix for checks: remove it"


def test_gradio_still_asks_between_two_messages_whether_the_reader_left():
    source = inspect.getsource(gradio.routes.App.create_app)
    assert "if await request.is_disconnected():" in source, "Gradio no longer needs that fix: remove it"


def test_a_stream_ends_when_its_reader_leaves():
    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.HTML("")
    page = gradio.routes.App.create_app(blocks)

    async def leave() -> list:
        waiting = blocks._queue.pending_messages_per_session
        waiting["here"] = asyncio.Queue()
        await asyncio.wait_for(_stream(page, "here", leave=True), 20)
        return list(waiting)

    assert finish(leave()) == []


def test_a_value_that_nobody_reads_builds_no_configuration():
    with gradio.Blocks(analytics_enabled=False) as blocks:
        part = gradio.HTML("a")
    session = sessions.state_holder.SessionState(blocks)
    session._update_value_in_config(part._id, "b")
    assert session.config_values == {}
    list(session.config_values.items())
    session._update_value_in_config(part._id, "c")
    assert session.config_values[part._id]["props"]["value"] == "c"
    sessions.LazyConfigs.clear(session.config_values)
    sessions._keep_value(session, part._id, "d")
    assert len(session.config_values) == 1, "Gradio no longer needs the fix for values: remove it"


@pytest.mark.parametrize("fixed", [True, False])
def test_an_idle_queue_sleeps(fixed):
    looks = []

    class Counted(queues.PageQueue if fixed else queues.PageQueue.__base__):
        def __len__(self):
            looks.append(self)
            return super().__len__()

    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.HTML("")
    blocks._queue.__class__ = Counted

    async def wait() -> int:
        blocks._queue.start()
        await asyncio.sleep(0.3)
        blocks._queue.close()
        return len(looks)

    assert (finish(wait()) < 10) is fixed, (
        "if both are few, Gradio no longer needs sleeping queues: remove them"
    )


def _queue(fixed: bool) -> queueing.Queue:
    """Return the queue of a page with one function, as the app has it or as Gradio makes it."""
    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.Button().click(lambda: None, api_name="work")
    if not fixed:
        blocks._queue.pending_messages_per_session = LRUCache(queues.MOST_SESSIONS)
    return blocks._queue


async def _send_job(queue: queueing.Queue, session: str) -> None:
    body = PredictBodyInternal(session_hash=session, data=[], fn_index=0)
    assert (await queueing.Queue.push(queue, body, None, None))[0]


def _fill(queue: queueing.Queue) -> None:
    """Let as many sessions come as Gradio keeps; all have read their answers."""
    for number in range(queues.MOST_SESSIONS):
        queue.pending_messages_per_session[f"short {number}"] = asyncio.Queue()


@pytest.mark.parametrize("fixed", [True, False])
def test_a_session_that_waits_for_an_answer_is_not_dropped(fixed):
    queue = _queue(fixed)

    async def run() -> list[str]:
        await _send_job(queue, "waits")
        _fill(queue)
        return list(queue.pending_messages_per_session)

    kept = finish(run())
    assert len(kept) == queues.MOST_SESSIONS
    assert ("waits" in kept) is fixed, "Gradio no longer needs the fix of its messages: remove it"
    assert "short 0" not in kept or not fixed


def test_a_session_that_reads_is_kept_and_one_that_never_reads_is_dropped():
    queue = _queue(True)
    queue.readers["reads"] += 1
    queue.pending_messages_per_session["reads"] = asyncio.Queue()

    async def run() -> list[str]:
        for number in range(queues.MOST_SESSIONS):
            await _send_job(queue, f"unread {number}")
        queue.event_ids_to_events.clear()  # all jobs are done, and nobody asks for their answers
        queue.pending_messages_per_session["new"] = asyncio.Queue()
        return list(queue.pending_messages_per_session)

    kept = finish(run())
    assert len(kept) <= queues.MOST_SESSIONS + 1
    assert {"reads", "new"} <= set(kept)
    assert "unread 0" not in kept
    assert "unread 0" not in queue.pending_event_ids_session


@pytest.mark.parametrize("fixed", [True, False])
def test_the_first_of_two_streams_to_end_cancels_nothing(fixed):
    queue = _queue(fixed)
    page = gradio.routes.App.create_app(queue.blocks)
    app = functools.partial(streams.serve, page, page.get_blocks()._queue) if fixed else page

    async def run() -> tuple[int, bool]:
        await _send_job(queue, "here")
        reads = asyncio.create_task(_stream(app, "here"))
        await asyncio.sleep(0)
        await _stream(app, "here", leave=True)
        kept = len(queue), "here" in queue.pending_messages_per_session
        reads.cancel()
        await asyncio.wait([reads])
        return kept

    assert finish(run()) == ((1, True) if fixed else (0, False)), "Gradio no longer needs this: remove it"
    assert not queue.readers


@pytest.mark.parametrize(
    ("session", "simple", "kinds"),
    [
        (None, True, ["process_generating", "process_completed"]),
        (
            "a page",
            False,
            ["estimation", "estimation", "process_starts", "process_generating", "process_completed"],
        ),
        (
            "a page",
            True,
            ["estimation", "estimation", "process_starts", "process_generating", "process_completed"],
        ),
    ],
)
def test_a_reader_gets_the_messages_that_it_shows(session, simple, kinds):
    assert _messages(_queue(fixed=True), session, simple) == kinds


def test_gradio_sends_calls_messages_that_nobody_reads(monkeypatch):
    for name in ("send_message", "broadcast_estimations"):
        monkeypatch.delattr(queues.PageQueue, name)
    kinds = _messages(_queue(fixed=True), None, simple=True)
    assert "estimation" in kinds, "Gradio no longer needs the fix for places in the queue: remove it"


def _messages(queue: queueing.Queue, session: str | None, simple: bool) -> list[str]:
    """Return the kinds of messages that a job's reader gets."""

    async def run() -> list[str]:
        body = PredictBodyInternal(session_hash=session, data=[], fn_index=0, simple_format=simple)
        await queueing.Queue.push(queue, body, None, None)
        [event] = queue.event_ids_to_events.values()
        queue.broadcast_estimations(event.concurrency_id)
        for message in (
            server_messages.ProcessStartsMessage(),
            server_messages.ProcessGeneratingMessage(output={}, success=True),
            server_messages.ProcessCompletedMessage(output={}, success=True),
        ):
            queue.send_message(event, message)
        sent = queue.pending_messages_per_session[event.session_hash]
        return [sent.get_nowait().msg.value for _ in range(sent.qsize())]

    return finish(run())
