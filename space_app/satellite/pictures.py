"""Serve each example image at its own address: a browser requests it when the tab opens, and keeps it."""

import io
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from space_app.assets import LASTING
from space_app.served.satellite import DATASET
from space_app.watch import Watch
from spacehub.errors import SpaceHubError
from spacehub.serving.satellite import decode

_MOST = 100


def address(commit: str, number: int) -> str:
    """Return the address of a dataset image at `commit`, relative to the front page."""
    return f"satellite/pictures/{commit}/{number}.png"


def route(watch: Watch) -> Route:
    """Return the route that serves the images of the dataset's newest commit."""

    # The function is not a coroutine, so it runs in a thread.
    def picture(request: Request) -> Response:
        status = watch.status(DATASET)
        known = status.served.pictures if status.served else ()
        if request.path_params["commit"] == status.commit:
            for one in known:
                if one.number == request.path_params["number"]:
                    return _response(one.path)
        return PlainTextResponse("This image is no longer available. Reload the page.", 404)

    return Route("/satellite/pictures/{commit}/{number:int}.png", picture)


def _response(path: Path) -> Response:
    try:
        return Response(_as_png(path), media_type="image/png", headers=LASTING)
    except SpaceHubError as error:
        return PlainTextResponse(str(error), 404)


@lru_cache(_MOST)
def _as_png(path: Path) -> bytes:
    """Return a re-encoded image: browsers get an image, whatever bytes the repository holds."""
    file = io.BytesIO()
    decode.as_rgb(decode.read(path)).save(file, "PNG", optimize=True)
    return file.getvalue()
