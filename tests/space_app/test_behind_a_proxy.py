"""The app as a Space shows it: behind a proxy that cuts off a prefix, in a frame of a page of another origin."""

import contextlib
import threading
import time

import httpx2 as httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Mount, Route

from tests.processes import free_port, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.lab.pages import drawn

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


def proxy(target: str) -> Starlette:
    """A reverse proxy that serves `target` under /space, and at / a page that frames it from another origin."""
    client = httpx.AsyncClient(base_url=target, timeout=60, trust_env=False)

    async def forward(request):
        path = request.url.path.removeprefix("/space") or "/"
        headers = {name: value for name, value in request.headers.items() if name not in HOP}
        body = await request.body()
        asked = client.build_request(
            request.method, path, params=request.url.query.encode(), headers=headers, content=body
        )
        answer = await client.send(asked, stream=True)
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, kept)

    def frame(request):
        other = str(request.base_url).replace("127.0.0.1", "localhost")
        return HTMLResponse(f'<iframe src="{other}space/" style="width:100%;height:90vh"></iframe>')

    return Starlette(
        routes=[
            Route("/", frame),
            Mount("/space", Route("/{path:path}", forward, methods=["GET", "POST", "HEAD"])),
        ]
    )


@contextlib.contextmanager
def serving(app: Starlette, port: int):
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join()


@pytest.mark.browser
def test_pages_work_under_a_prefix_in_a_frame_of_another_origin(published, tmp_path, chromium):
    app = AppProcess(tmp_path, published, GRADIO_ROOT_PATH="/space")
    try:
        with serving(proxy(app.address), free_port()) as address:
            page = chromium.new_context().new_page()
            page.set_default_timeout(60_000)
            page.goto(address)
            frame = page.frame_locator("iframe")
            frame.get_by_role("tab", name="Landing").click()
            frame.locator(".chance").wait_for()
            frame.get_by_role("tab", name="Lab").click()
            frame.locator('[data-experiment="orbits"]').click()
            frame.get_by_role("heading", name="Orbits").wait_for()
            assert drawn(frame.locator(".bench").first)
            page.context.close()
    finally:
        stop(app.process)
