"""Scripts of Gradio's pages. Patterns find the places to change in the minified files.

Clocks (StatusTracker.svelte). While a page loads, a status tracker counts the seconds. The tracker is removed
while its clock still runs. The clock then requests sixty frames a second as long as the page is open, which
takes 6 to 9 % of a core in every visitor's browser. Here a removed tracker's clock stops.

Streams (client/js/src/utils/stream.ts and submit.ts). A page closes its stream when its last job is done. If it has
sent a job in the meantime and learned the job's number before the stream was closed, nobody reads that job's
answer. Here the page then opens a stream again. If the answer arrives before the number, the page opens
a stream that nobody closes, which takes one of the browser's six connections. Here it opens none.

Upstream: https://github.com/gradio-app/gradio/pull/13585 (open) lets a page continue after its stream was lost.
"""

import re
from pathlib import Path

import gradio
from gradio.brotli_middleware import BrotliMiddleware
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

# The folder of all pages' scripts.
ASSETS = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"

# In a tracker's script: the element, and the clock's next turn.
_ELEMENT = re.compile(r"\{(\w+)&&\w+\(\)&&\(\w+\.status===`pending`\|\|")
_TURN = re.compile(r"(performance\.now\(\)-\w+\(\w+\)\)/1e3\),\w+)&&(\w+\(\))")
# In the client's script: what it does when the server closes the stream, and when it learns a job's number.
_CLOSED = re.compile(r"(if\(\w+\.msg===`close_stream`\)\{\w+\(\w+,(\w+)\.abort_controller\));")
_LEARNED = re.compile(
    r"(?<=;)(?P<early>(?P<id>\w+) in (?P<kept>\w+)&&\(.{0,80}?\)),(?P<wait>\w+\[(?P=id)\]=\w+,.{0,60}?\.open_stream\(\))"
)


def stop_clocks(script: str) -> str:
    """Return the script of Gradio's status trackers in which a clock stops once its tracker was removed."""
    element = _ELEMENT.search(script)
    return _TURN.sub(rf"\1&&{element[1]}&&\2", script) if element else script


def read_every_answer(script: str) -> str:
    """Return the script of Gradio's client in which a stream is open exactly while a job has no answer."""
    script = _CLOSED.sub(r"\1,\2.unclosed_events.size&&\2.open_stream();", script)
    return _LEARNED.sub(
        r"(\g<kept>[\g<id>]||[]).some(m=>m.msg===`process_completed`)?\g<early>:(\g<early>,\g<wait>)", script
    )


def routes() -> list[Route]:
    """Return the routes of the changed scripts."""
    changed = {"statustracker-*.js": stop_clocks, "index-*.js": read_every_answer}
    return [_route(path, change) for name, change in changed.items() for path in ASSETS.glob(name)]


def _route(path: Path, change) -> Route:
    script = change(path.read_text(encoding="utf-8"))
    return Route(
        f"/assets/{path.name}",
        lambda _: Response(script, media_type="text/javascript"),
        middleware=[Middleware(BrotliMiddleware)],
    )
