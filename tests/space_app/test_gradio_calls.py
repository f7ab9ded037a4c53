"""The short way of a call gives Gradio's answers, and Gradio's own way is still long."""

import asyncio
import re

import gradio
import httpx2 as httpx
import pytest
from fastapi.routing import APIRoute
from gradio import route_utils
from gradio.data_classes import PredictBody
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware

from space_app import gradio_fixes  # noqa: F401
from space_app.gradio_fixes import calls, unknown
from tests.processes import finish

DOUBLE, FORM = "/gradio_api/call/double", {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc\r\n--x--\r\n'
UUID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
JOIN = {"data": [3], "fn_index": 0, "session_hash": "s"}
REQUESTS = {
    "call": ("POST", DOUBLE, {"json": {"data": [3]}}),
    "call of a function that fails": ("POST", DOUBLE, {"json": {"data": [-1]}}),
    "unknown function": ("POST", "/gradio_api/call/nothing", {"json": {"data": [3]}}),
    "no data": ("POST", DOUBLE, {"json": {}}),
    "data of a wrong kind": ("POST", DOUBLE, {"json": {"data": 3}}),
    "list": ("POST", DOUBLE, {"json": [3]}),
    "not JSON": ("POST", DOUBLE, {"content": b"{", "headers": {"Content-Type": "application/json"}}),
    "too deep": ("POST", DOUBLE, {"content": b"[" * 10**5, "headers": {"Content-Type": "application/json"}}),
    "empty": ("POST", DOUBLE, {"headers": {"Content-Type": "application/json"}}),
    "other content type": ("POST", DOUBLE, {"content": b'{"data": [3]}', "headers": {"Content-Type": "a/b"}}),
    "charset": (
        "POST",
        DOUBLE,
        {"content": b'{"data": [3]}', "headers": {"Content-Type": "application/json; charset=utf-8"}},
    ),
    "from this page": ("POST", DOUBLE, {"json": {"data": [3]}, "headers": {"Origin": "http://app"}}),
    "from another site": ("POST", DOUBLE, {"json": {"data": [3]}, "headers": {"Origin": "http://evil.org"}}),
    "to localhost from another site": (
        "POST",
        DOUBLE,
        {"json": {"data": [3]}, "headers": {"Origin": "http://evil.org", "Host": "localhost"}},
    ),
    "with a slash at the end": ("POST", f"{DOUBLE}/", {"json": {"data": [3]}}),
    "second version": ("POST", "/gradio_api/call/v2/double", {"json": {"number": 3}}),
    "wrong method": ("PUT", DOUBLE, {"json": {"data": [3]}}),
    "method of the answer": ("GET", DOUBLE, {}),
    "unknown event": ("GET", f"{DOUBLE}/nothing", {}),
    "join": ("POST", "/gradio_api/queue/join", {"json": JOIN}),
    "join without a session": ("POST", "/gradio_api/queue/join", {"json": {"data": [3], "fn_index": 0}}),
    "join with an unknown function": ("POST", "/gradio_api/queue/join", {"json": JOIN | {"fn_index": 99}}),
    "upload": ("POST", "/gradio_api/upload", {"content": FILE, "headers": FORM}),
    "upload with progress": ("POST", "/gradio_api/upload?upload_id=a", {"content": FILE, "headers": FORM}),
    "upload cut short": ("POST", "/gradio_api/upload", {"content": FILE[:60], "headers": FORM}),
    "upload of another kind": ("POST", "/gradio_api/upload", {"content": FILE}),
}


def double(number: int) -> int:
    if number < 0:
        raise gradio.Error("too small", print_exception=False)
    return 2 * number


def page() -> gradio.routes.App:
    with gradio.Blocks(analytics_enabled=False) as blocks:
        gradio.api(double)
    blocks.max_file_size = 1024  # as where a page is mounted
    return gradio.routes.App.create_app(blocks)


def ask(way, requests) -> list[list[tuple]]:
    """Send requests to a page by Gradio's way or the short one; after a call, also read its answer.

    Each response is its status, its content type, its headers for other sites, and its body without ids.
    """

    async def run():
        app = page()
        transport = httpx.ASGITransport(ServerErrorMiddleware(way(app)), raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://app") as client,
        ):
            app.get_blocks().run_startup_events()
            await app.get_blocks().run_extra_startup_events()
            return [await _responses(client, *request) for request in requests]

    return finish(asyncio.wait_for(run(), 120))


async def _responses(client: httpx.AsyncClient, method: str, path: str, given: dict) -> list[tuple]:
    responses = [await client.request(method, path, **given)]
    if path.startswith(DOUBLE) and method == "POST" and responses[0].is_success:
        responses.append(await client.get(f"{DOUBLE}/{responses[0].json()['event_id']}"))
    return [_shown(response) for response in responses]


def _shown(answer: httpx.Response) -> tuple:
    kept = {
        name: answer.headers.get(name) for name in ("content-type", "access-control-allow-origin", "allow")
    }
    return answer.status_code, kept, UUID.sub("ID", answer.text)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The responses to each request, by the short way and by Gradio's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        both = [ask(way, REQUESTS.values()) for way in (calls.Calls, lambda app: app)]
    return dict(zip(REQUESTS, zip(*both, strict=True), strict=True))


@pytest.mark.parametrize("request_", REQUESTS)
def test_the_short_way_gives_gradios_answer(answers, request_):
    short, gradios = answers[request_]
    assert short == gradios
    assert all(status < 500 for status, *_ in short)


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://app"}, {"Origin": "http://evil.org"}])
@pytest.mark.parametrize(
    "path", ["/gradio_api/call/nothing", "/gradio_api/call/v2/nothing", "/gradio_api/run/nothing"]
)
def test_an_endpoint_that_a_page_does_not_have_is_named(path, headers):
    [[(status, _, text)]] = ask(calls.Calls, [("POST", path, {"json": {"data": []}, "headers": headers})])
    assert status == 404
    assert "This page has no endpoint named 'nothing'." in text


def test_gradio_still_fails_for_an_unknown_endpoint():
    known = unknown._get_fn
    with pytest.raises(route_utils.FnIndexInferError):
        known(page().get_blocks(), "nothing", PredictBody(data=[]))


def test_an_upload_is_kept(answers):
    [(status, _, text)] = answers["upload"][0]
    assert (status, text.endswith('a.txt"]')) == (200, True)
    [(status, *_)] = answers["upload of another kind"][0]
    assert status == 400


def test_a_call_is_answered(answers):
    [(status, _, _), (_, _, answer)] = answers["call"][0]
    assert (status, answer) == (200, "event: complete\ndata: [6]\n\n")


def _compared(way, monkeypatch) -> int:
    """Return with how many routes a call and its answer are compared."""
    compared, matches = [], APIRoute.matches
    monkeypatch.setattr(APIRoute, "matches", lambda *given: compared.append(given) or matches(*given))
    ask(way, [REQUESTS["call"]])
    return len(compared)


def test_the_short_way_compares_no_routes(monkeypatch):
    assert _compared(calls.Calls, monkeypatch) == 0


def test_gradios_way_is_still_long(monkeypatch):
    assert _compared(lambda app: app, monkeypatch) > 40, "Gradio no longer needs the fix for calls: remove it"


def test_a_page_with_a_login_takes_gradios_way():
    def with_login(app):
        app.auth, app.get_blocks().auth_message = {"someone": "secret"}, ""
        return calls.Calls(app)

    [[(status, _, _)]] = ask(with_login, [REQUESTS["call"]])
    assert status == 401


def test_a_body_that_becomes_too_large_is_refused():
    async def receive():
        raise HTTPException(413, "too large")

    async def run():
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": "POST", "path": DOUBLE, "query_string": b"", "root_path": "",
            "headers": [(b"content-type", b"application/json")],
        }  # fmt: skip
        await calls.Calls(page())(scope, receive, send)
        return sent

    sent = finish(run())
    assert (sent[0]["status"], sent[1]["body"]) == (413, b'{"detail":"too large"}')
