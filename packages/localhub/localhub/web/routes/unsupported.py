"""Addresses below a repo that no other route serves: 404 if the repo does not exist, otherwise 501. Routed last."""

from urllib.parse import unquote

from starlette.routing import Route

from localhub.errors import HubError, repo_not_found
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def single_segment(call: Call) -> None:
    """Reject ids without a namespace; such ids exist only on huggingface.co."""
    raise repo_not_found()


def below_repo(call: Call) -> None:
    """Report a missing repo first, otherwise that the request is not supported."""
    call.repo()
    path = unquote(call.request.scope["path"])
    raise HubError(501, f"The embedded Hub does not support {call.request.method} {path}.")


routes = [
    Route("/api/{type:type}/{name:part}", endpoint(single_segment), methods=_METHODS),
    Route(API_REPO, endpoint(below_repo), methods=_METHODS),
    Route(f"{API_REPO}/{{path:rest}}", endpoint(below_repo), methods=_METHODS),
    Route("/{type:prefix}{name:part}/resolve/{path:rest}", endpoint(single_segment)),
]
