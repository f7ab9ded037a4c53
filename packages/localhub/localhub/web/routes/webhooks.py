"""Webhooks: list, create, change and delete them, and read the log of deliveries."""

from typing import Any

from starlette.routing import Route

from localhub.storage.webhooks import Webhooks, check
from localhub.web.call import Call, endpoint


def listing(call: Call) -> list[dict[str, Any]]:
    """List the caller's webhooks."""
    return _own(call).all()


def create(call: Call) -> dict[str, Any]:
    """Create a webhook."""
    return {"webhook": _own(call).create(call.body)}


def get(call: Call) -> dict[str, Any]:
    """Return a webhook."""
    return {"webhook": _own(call).get(call.path("id"))}


def update(call: Call) -> dict[str, Any]:
    """Change a webhook."""
    return {"webhook": _own(call).update(call.path("id"), check(call.body))}


def enable(call: Call) -> dict[str, Any]:
    """Enable a webhook."""
    return {"webhook": _own(call).update(call.path("id"), {"disabled": False})}


def disable(call: Call) -> dict[str, Any]:
    """Disable a webhook."""
    return {"webhook": _own(call).update(call.path("id"), {"disabled": True})}


def delete(call: Call) -> dict[str, Any]:
    """Delete a webhook."""
    _own(call).delete(call.path("id"))
    return {"success": True}


def activity(call: Call) -> list[dict[str, Any]]:
    """Return a webhook's sent and waiting payloads with the responses, oldest first."""
    webhook = _own(call).get(call.path("id"))
    return call.hub.events.log(webhook["id"])


def _own(call: Call) -> Webhooks:
    return Webhooks(call.hub.store.root, call.account.name)


_ALL = "/api/settings/webhooks"
_ONE = f"{_ALL}/{{id:part}}"

routes = [
    Route(_ALL, endpoint(listing)),
    Route(_ALL, endpoint(create, body="json"), methods=["POST"]),
    Route(_ONE, endpoint(get)),
    Route(_ONE, endpoint(update, body="json"), methods=["POST"]),
    Route(_ONE, endpoint(delete), methods=["DELETE"]),
    Route(f"{_ONE}/activity", endpoint(activity)),
    Route(f"{_ONE}/enable", endpoint(enable), methods=["POST"]),
    Route(f"{_ONE}/disable", endpoint(disable), methods=["POST"]),
]
