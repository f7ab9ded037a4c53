"""The build and run logs of a Space, as server-sent events."""

from starlette.responses import StreamingResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.ids import RepoId, RepoType
from localhub.web.call import Call, endpoint
from localhub.web.following import follow


def get_log(call: Call) -> StreamingResponse:
    """Send the log of a Space's build or app. The response ends when the build or the app ends."""
    repo = call.find(RepoId.of_path(RepoType.SPACE, call.path("namespace"), call.path("name")), write=True)
    kind, runner = call.path("kind"), call.hub.spaces
    if kind not in ("build", "run"):
        raise HubError(404, "A Space has only two logs: build and run.")
    log = runner.log(repo.id, kind) if runner else None
    if runner is None or log is None:
        raise HubError(404, "This Hub has not started this Space, so the Space has no log.")
    return follow(log, lambda: runner.closed, end="\n")


routes = [Route("/api/spaces/{namespace:part}/{name:part}/logs/{kind:part}", endpoint(get_log))]
