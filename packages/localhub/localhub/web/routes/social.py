"""Likes and collections."""

from functools import partial
from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.errors import HubError
from localhub.ids import RepoId, RepoType
from localhub.storage import likes
from localhub.storage.collections import ITEM_TYPES, Collections, slug
from localhub.web.addresses import API_REPO
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.faces import face, owner_face
from localhub.web.visible import unless_broken, visible_repos

COLLECTIONS_PER_PAGE = 100
ITEMS_LISTED = 4  # per collection in a list; a single collection shows all


def like(call: Call) -> dict[str, Any]:
    """Like a repo."""
    likes.like(call.repo(), call.account.name)
    return {}


def unlike(call: Call) -> dict[str, Any]:
    """Remove a like."""
    repo = call.repo()
    likes.unlike(repo, call.account.name)
    return {}


def likers(call: Call) -> JSONResponse:
    """List the accounts that like a repo, in pages, newest first."""
    names = list(likes.likes(call.repo()))
    accounts = call.hub.accounts.by_name
    return call.page([face(accounts[name]) for name in names if name in accounts], PAGE_SIZE)


def liked(call: Call) -> JSONResponse:
    """List the repos that an account likes and the caller may see, in pages, newest first."""
    name = call.path("user")
    if name not in call.hub.accounts.by_name:
        raise HubError(404, "This user does not exist.")
    liked_repos: list[dict[str, Any]] = []
    for kind in RepoType:
        for repo, _ in visible_repos(call, kind):
            if since := (unless_broken(repo, partial(likes.likes, repo)) or {}).get(name):
                liked_repos.append(
                    {"createdAt": since, "repo": {"name": str(repo.id), "type": kind.singular}}
                )
    liked_repos.sort(key=lambda item: item["createdAt"], reverse=True)
    return call.page(liked_repos, PAGE_SIZE)


def collections(call: Call) -> JSONResponse:
    """List the collections that the caller may see, in pages, filtered by owner and item."""
    owners = set(call.request.query_params.getlist("owner"))
    items = call.request.query_params.getlist("item")
    collections = [
        collection
        for collection in Collections(call.hub.store.root).all()
        if call.caller.may_read(collection["owner"], collection["private"])
        and (not owners or collection["owner"] in owners)
        and all(
            any(item == f"{there['type']}s/{there['id']}" for there in collection["items"]) for item in items
        )
    ]
    collections.sort(key=lambda collection: collection["lastUpdated"], reverse=True)
    listed = [
        _described(call, {**collection, "items": collection["items"][:ITEMS_LISTED]})
        for collection in collections
    ]
    for collection in listed:
        collection.pop("position")  # the client counts itself
    return call.page(listed, COLLECTIONS_PER_PAGE)


def collection(call: Call) -> dict[str, Any]:
    """Return a collection with all its items."""
    return _described(call, _readable(call))


def create_collection(call: Call) -> dict[str, Any]:
    """Create an empty collection."""
    owner = call.field("namespace", str) or call.account.name
    call.caller.check_write(owner, private=False)
    collection = Collections(call.hub.store.root).create(
        owner,
        call.field("title", str, ""),
        description=call.field("description", str),
        private=call.field("private", bool, False),
    )
    return _described(call, collection)


def update_collection(call: Call) -> dict[str, Any]:
    """Change a collection's title, position, theme or visibility."""
    kinds = {"title": str, "description": str, "private": bool, "theme": str, "position": int}
    changes = {key: call.field(key, kind) for key, kind in kinds.items() if call.body.get(key) is not None}
    id = _writable(call)["id"]
    return {"success": True, "data": _described(call, Collections(call.hub.store.root).update(id, changes))}


def delete_collection(call: Call) -> dict[str, Any]:
    """Delete a collection."""
    Collections(call.hub.store.root).delete(_writable(call)["id"])
    return {"success": True}


def add_item(call: Call) -> dict[str, Any]:
    """Add an item that the caller can see to a collection."""
    collection = _writable(call)
    item = call.field("item", dict, {})
    kind, name = item.get("type"), item.get("id")
    if kind not in ITEM_TYPES or not isinstance(name, str) or not 0 < len(name) <= 300:
        raise HubError(
            400, f"An item must have an id and a type. The type must be one of: {', '.join(ITEM_TYPES)}."
        )
    if kind == "collection":
        name = slug(_readable(call, name))
    elif kind in (known.singular for known in RepoType):
        call.find(RepoId.parse(RepoType.of(kind), name))
    elif kind != "paper":
        raise HubError(501, f"The embedded Hub does not support {kind}s.")
    return _described(
        call, Collections(call.hub.store.root).add(collection["id"], name, kind, call.field("note", str))
    )


def change_item(call: Call) -> dict[str, Any]:
    """Change the note or the position of an item."""
    changed = Collections(call.hub.store.root).change_item(
        _writable(call)["id"],
        call.path("item"),
        note=call.field("note", str),
        position=call.field("position", int),
    )
    return {"success": True, "data": _described(call, changed)}


def remove_item(call: Call) -> dict[str, Any]:
    """Remove an item from a collection."""
    Collections(call.hub.store.root).remove_item(_writable(call)["id"], call.path("item"))
    return {"success": True}


def _readable(call: Call, name: str | None = None) -> dict[str, Any]:
    found = Collections(call.hub.store.root).get(name or f"{call.path('namespace')}/{call.path('slug')}")
    if not call.caller.may_read(found["owner"], found["private"]):
        raise HubError(404, "Collection not found.")
    return found


def _writable(call: Call) -> dict[str, Any]:
    found = _readable(call)
    call.caller.check_write(found["owner"], private=False)
    return found


def _described(call: Call, found: dict[str, Any]) -> dict[str, Any]:
    items = []
    for position, item in enumerate(found["items"]):
        described = {"_id": item["_id"], "id": item["id"], "type": item["type"], "position": position}
        if "note" in item:
            described["note"] = {"text": item["note"], "html": None}
        if item["type"] == "collection":
            described["slug"] = item["id"]
        items.append(described)
    return {
        "slug": slug(found),
        "title": found["title"],
        "description": found["description"],
        "owner": owner_face(call, found["owner"]),
        "private": found["private"],
        "theme": found["theme"],
        "position": found["position"],
        "lastUpdated": found["lastUpdated"],
        "upvotes": 0,
        "gating": False,
        "isUpvotedByUser": False,
        "items": items,
    }


_COLLECTION = "/api/collections/{namespace:part}/{slug:part}"

routes = [
    Route(f"{API_REPO}/like", endpoint(like), methods=["POST"]),
    Route(f"{API_REPO}/like", endpoint(unlike), methods=["DELETE"]),
    Route(f"{API_REPO}/likers", endpoint(likers)),
    Route("/api/users/{user:part}/likes", endpoint(liked)),
    Route("/api/collections", endpoint(collections)),
    Route("/api/collections", endpoint(create_collection, body="json"), methods=["POST"]),
    Route(_COLLECTION, endpoint(collection)),
    Route(_COLLECTION, endpoint(update_collection, body="json"), methods=["PATCH"]),
    Route(_COLLECTION, endpoint(delete_collection), methods=["DELETE"]),
    Route(f"{_COLLECTION}/items", endpoint(add_item, body="json"), methods=["POST"]),
    Route(f"{_COLLECTION}/item", endpoint(add_item, body="json"), methods=["POST"]),
    Route(f"{_COLLECTION}/items/{{item:part}}", endpoint(change_item, body="json"), methods=["PATCH"]),
    Route(f"{_COLLECTION}/items/{{item:part}}", endpoint(remove_item), methods=["DELETE"]),
]
