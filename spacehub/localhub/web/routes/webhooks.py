"""Webhooks: who wants to be told of what, and a log of what was sent."""

from starlette.routing import Route

from spacehub.localhub.storage.webhooks import Webhooks, check
from spacehub.localhub.web.call import Call, endpoint


def listing(call: Call) -> list[dict]:
    """All webhooks of the caller."""
    return _own(call).all()


def create(call: Call) -> dict:
    """Make one."""
    return {"webhook": _own(call).create(call.body)}


def get(call: Call) -> dict:
    """One of them."""
    return {"webhook": _own(call).get(call.path("id"))}


def update(call: Call) -> dict:
    """Change one."""
    return {"webhook": _own(call).update(call.path("id"), check(call.body))}


def enable(call: Call) -> dict:
    """Switch one on."""
    return {"webhook": _own(call).update(call.path("id"), {"disabled": False})}


def disable(call: Call) -> dict:
    """Switch one off."""
    return {"webhook": _own(call).update(call.path("id"), {"disabled": True})}


def delete(call: Call) -> dict:
    """Delete one."""
    _own(call).delete(call.path("id"))
    return {"success": True}


def activity(call: Call) -> list[dict]:
    """What was sent to one, what came back, and what waits, oldest first."""
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
