"""Gated repos: request access, and accept or reject requests."""

from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.storage.access import STATUSES, AccessRequests
from localhub.web.addresses import API_REPO, WEB_REPO
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.faces import face


def ask(call: Call) -> dict[str, Any]:
    """Request access to a gated repo; an automatic gate opens at once."""
    repo = call.repo()
    return {"status": AccessRequests(repo).ask(call.account.name)}


def requests(call: Call) -> JSONResponse:
    """List the requests of one status, in pages, for people who may write to the repo."""
    repo, status = call.repo(write=True), call.path("status")
    if status not in STATUSES:
        raise HubError(400, f"The status of an access request must be one of {', '.join(STATUSES)}.")
    found = [_described(call, name, request) for name, request in AccessRequests(repo).all(status)]
    return call.page(found, PAGE_SIZE)


def handle(call: Call) -> dict[str, Any]:
    """Accept a request, reject it, or reset it to pending."""
    repo, status = call.repo(write=True), call.field("status", str)
    name, request_id = call.field("user", str), call.field("requestId", str)
    if status not in STATUSES:
        raise HubError(400, f"`status` must be one of {', '.join(STATUSES)}.")
    if (name is None) == (request_id is None):
        raise HubError(400, "Send either `user` or `requestId`.")
    reason = call.field("rejectionReason", str)
    AccessRequests(repo).handle(status, account=name, request_id=request_id, reason=reason)
    return {}


def grant(call: Call) -> dict[str, Any]:
    """Give access to an account that has not requested it."""
    repo, name = call.repo(write=True), call.field("user", str, "")
    if name not in call.hub.accounts.by_name:
        raise HubError(404, "This user does not exist.")
    AccessRequests(repo).grant(name)
    return {}


def _described(call: Call, name: str, request: dict[str, Any]) -> dict[str, Any]:
    account = call.hub.accounts.by_name.get(name)
    user = face(account) if account else {"user": name, "fullname": name}
    if account and not request.get("granted"):  # only a request shares the email address
        user["email"] = account.email
    kept = {
        key: request[key] for key in ("requestId", "status", "timestamp", "rejectionReason") if key in request
    }
    return {**kept, "user": user}


routes = [
    Route(f"{WEB_REPO}/ask-access", endpoint(ask), methods=["POST"]),
    Route(f"{API_REPO}/user-access-request/handle", endpoint(handle, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/user-access-request/grant", endpoint(grant, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/user-access-request/{{status:part}}", endpoint(requests)),
]
