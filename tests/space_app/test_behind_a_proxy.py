"""The app as a Space shows it: behind the proxy that cuts off a prefix, in a frame of a page of another origin."""

import contextlib
import http.server
import threading

import pytest

from spacehub.localhub.spaces.proxy import Proxy
from tests.processes import stop
from tests.space_app.conftest import AppProcess
from tests.space_app.lab.pages import drawn

SPACE = "spacehub/app"


@contextlib.contextmanager
def framing(address: str):
    """A page that frames `address` from another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{address}" style="width:100%;height:90vh"></iframe>'.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.browser
def test_pages_work_under_a_prefix_in_a_frame_of_another_origin(published, tmp_path, chromium):
    app = AppProcess(tmp_path, published, GRADIO_ROOT_PATH=f"/{SPACE}")
    proxy = Proxy(lambda _: app.port, lambda _: "RUNNING", lambda id, _: id, lambda _: None, lambda _: True)
    try:
        with framing(f"{proxy.address.replace('127.0.0.1', 'localhost')}/{SPACE}/") as address:
            page = chromium.new_page()
            page.set_default_timeout(120_000)
            page.goto(address)
            frame = page.frame_locator("iframe")
            frame.get_by_role("tab", name="Landing").click()
            frame.locator(".chance").wait_for()
            frame.get_by_role("tab", name="Lab").click()
            frame.locator('[data-experiment="orbits"]').click()
            frame.get_by_role("heading", name="Orbits").wait_for()
            assert drawn(frame.locator(".bench").first)
            page.close()
    finally:
        proxy.close()
        stop(app.process)
