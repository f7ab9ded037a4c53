"""The front door: one server for the front page, one page for each Lab experiment, and plain routes.

The module does not use Gradio's `launch`, which requests its own address with a limit of three seconds and
gives up on a busy machine.
"""

import asyncio
import contextlib
import gc
import logging
import os
import re
import threading
from collections.abc import Callable, Coroutine
from importlib.util import find_spec

import uvicorn
from gradio.routes import App
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

from space_app import admission, proxies, theme, workers
from space_app.assets import Assets
from space_app.blocks import Page
from space_app.bodies import BodyLimit
from space_app.feedback.routes import Feedback
from space_app.gradio_fixes import streams
from space_app.gradio_fixes.calls import Calls
from space_app.headers import Headers
from space_app.monitoring.routes import Monitoring
from spacehub.serving.satellite import decode

# The address of the app behind a proxy that removes a path prefix, as in Gradio's own setting.
ROOT_PATH = os.environ.get("GRADIO_ROOT_PATH", "").rstrip("/")
# Agents can call the front page's endpoints as tools of an MCP server. GRADIO_MCP_SERVER=False switches it off.
MCP = os.environ.get("GRADIO_MCP_SERVER", "").lower() != "false" and find_spec("mcp") is not None
# Gradio keeps this many sessions per page, and each call without a session counts as one. A visitor's
# page sends a request every two seconds, so it stays among the newest.
MOST_SESSIONS = 1000
# Gradio's queue looks for work a thousand times a second; twenty pages would use a tenth of a core.
PAUSE_SECONDS, SHORT_PAUSE_SECONDS = 0.01, 0.002


class PageApp:
    """An ASGI app that builds its Gradio page at the first request.

    Parameters
    ----------
    build : callable
        Lays out the page.
    path : str
        The path where it is mounted.
    css : sequence of Path
        Its style sheets, after the common one.
    pause : float
        Seconds between two checks of its queue; a call waits half of that on average.
    """

    def __init__(self, build: Callable[[], Page], path: str, css=(), *, pause: float = PAUSE_SECONDS):
        self._build, self._path, self._css, self._pause = build, path, css, pause
        self._app: App | None = None
        self._calls: Calls | None = None
        self._lock = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()

    @property
    def waiting(self) -> int:
        """The number of events that wait in its queue."""
        return len(self._app.get_blocks()._queue) if self._app else 0

    async def start(self) -> None:
        """Build the page and start its queue, once."""
        async with self._lock:
            if self._app is None:
                app = await asyncio.to_thread(self._create)
                await self._stack.enter_async_context(app.router.lifespan_context(app))
                app.get_blocks().run_startup_events()
                await app.get_blocks().run_extra_startup_events()
                self._app, self._calls = app, Calls(app)

    async def stop(self) -> None:
        """Stop the page's queue and remove its visitors' files."""
        await self._stack.aclose()

    async def __call__(self, scope, receive, send) -> None:
        """Serve a request."""
        if self._app is None:
            await self.start()
        _let_agents_call_here(self._app.get_blocks(), scope)
        if ROOT_PATH and scope["type"] != "lifespan":
            # Gradio then knows the whole prefix, and expects the path to begin after it.
            path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
            scope = scope | {"path": path, "root_path": ""}
        await streams.serve(self._calls, self._app.get_blocks()._queue, scope, receive, send)

    def _create(self) -> App:
        # Gradio keeps the page that is being built in a global variable.
        with _BUILDING:
            page = self._build()
            page.queue(default_concurrency_limit=4)
            page.state_session_capacity = MOST_SESSIONS
            page._queue.sleep_when_free = self._pause
            admission.guard(page._queue)
            return _gradio_app(page, self._path, self._css)


_BUILDING = threading.Lock()


def _let_agents_call_here(page: Page, scope) -> None:
    """Give a page's MCP server the address of this server; without it, Gradio takes the one that a visitor's headers state."""
    tools = page.mcp_server_obj
    if tools is not None and tools.local_url is None and scope.get("server"):
        host, port = scope["server"]
        tools._local_url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _gradio_app(page: Page, path: str, css) -> App:
    """Return Gradio's ASGI app for a page, as `gradio.mount_gradio_app` creates it."""
    import gradio as gr
    from fastapi import FastAPI

    parent = FastAPI()
    gr.mount_gradio_app(
        parent,
        page,
        path,
        root_path=f"{ROOT_PATH}{path.rstrip('/')}" if ROOT_PATH else None,
        footer_links=["api"],
        run_history=False,
        show_error=False,
        max_file_size=decode.MAX_BYTES,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=path == "/" and MCP,
        theme=theme.theme(),
        css_paths=[theme.CSS, *css],
    )
    return next(route.app for route in parent.routes if isinstance(route, Mount))


class Compression(GZipMiddleware):
    """Compress long responses. Responses to calls are short, and streams are never compressed."""

    async def __call__(self, scope, receive, send) -> None:
        """Serve a request."""
        called = scope["type"] != "http" or _CALL.search(scope["path"])
        await (self.app if called else super().__call__)(scope, receive, send)


_CALL = re.compile(r"/gradio_api/(?:queue|call|upload|heartbeat)")


def application(
    front: PageApp,
    pages: dict[str, PageApp],
    routes: list[BaseRoute],
    warm_up: Callable[[], Coroutine],
    monitoring: Monitoring,
    feedback: Feedback,
) -> Starlette:
    """Return the ASGI app: `front` at the root, `pages` by path; plain routes take precedence over both.

    `warm_up` is awaited while the first requests are served.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_):
        await front.start()
        feedback.start()
        # Garbage collections then skip the modules and the front page; a full collection took an eighth of a
        # second.
        gc.freeze()
        warming = asyncio.create_task(warm_up())
        try:
            async with monitoring.running():
                yield
        finally:
            warming.cancel()
            await asyncio.to_thread(feedback.stop)
            for pool in (workers.QUICK, workers.HEAVY):
                pool.close()
            for page in (front, *pages.values()):
                await page.stop()

    def with_slash(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(request.url.path.rsplit("/", 1)[-1] + "/" + query)

    mounts = [mount for path, page in pages.items() for mount in (Route(path, with_slash), Mount(path, page))]
    middleware = [
        Middleware(Headers),
        Middleware(BodyLimit),
        Middleware(Assets),
        # Compression shrinks text to a tenth.
        Middleware(Compression, compresslevel=4, minimum_size=5_000),
    ]
    routes = [*monitoring.routes(), *routes]
    return Starlette(routes=[*routes, *mounts, Mount("/", front)], middleware=middleware, lifespan=lifespan)


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until the process is asked to stop."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        proxy_headers=True,
        forwarded_allow_ips=proxies.trusted(),
    )
    server = uvicorn.Server(config)
    # Pages keep a stream open: it is not an error to end it.
    logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
    print(f"SpaceHub answers at http://{host}:{port}", flush=True)
    server.run()
