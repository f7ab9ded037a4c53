"""Collections: titled lists of repos and other items, each in ``ROOT/collections/<id>.json``."""

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from localhub.errors import HubError
from localhub.files.durable import fsync_folder
from localhub.storage.records import Record
from localhub.times import now

ITEM_TYPES = ("model", "dataset", "space", "paper", "collection", "bucket")
THEMES = ("orange", "blue", "green", "purple", "pink", "indigo")
TITLE_CHARACTERS = 60
NOTE_CHARACTERS = 500
DESCRIPTION_CHARACTERS = 150

_ID = re.compile(r"[0-9a-f]{24}")
_LOCK = threading.RLock()  # collections are few and small, so one lock is enough


class Collections:
    """All collections of a Hub.

    A stored collection is ``{"id", "title", "owner", "description", "private", "theme", "position", "lastUpdated",
    "items": [{"_id", "id", "type", "note"}]}``.

    Parameters
    ----------
    root : Path
        The Hub's folder.
    """

    def __init__(self, root: Path):
        self._root = root
        self._folder = root / "collections"

    def all(self) -> Iterator[dict[str, Any]]:
        """Return every collection."""
        for path in sorted(self._folder.glob("*.json")):
            if record := self._record(path.stem).read():
                yield record

    def get(self, slug: str) -> dict[str, Any]:
        """Return the collection for a slug; only the id at its end matters.

        Raises
        ------
        HubError
            404 if the collection does not exist.
        """
        record = self._record(_id_of(slug)).read()
        if not record:
            raise HubError(404, "Collection not found.")
        return record

    def create(self, owner: str, title: str, *, description: str | None, private: bool) -> dict[str, Any]:
        """Create an empty collection."""
        collection = {
            "id": secrets.token_hex(12),
            "title": _text("title", title, TITLE_CHARACTERS),
            "owner": owner,
            "description": _text("description", description, DESCRIPTION_CHARACTERS),
            "private": private,
            "theme": secrets.choice(THEMES),
            "position": 0,
            "lastUpdated": now(),
            "items": [],
        }
        with self._record(collection["id"]).change() as record:
            record.update(collection)
        return collection

    def update(self, id: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change title, description, private, theme or position."""
        if "title" in changes:
            _text("title", changes["title"], TITLE_CHARACTERS)
        if "description" in changes:
            _text("description", changes["description"], DESCRIPTION_CHARACTERS)
        if changes.get("theme", THEMES[0]) not in THEMES:
            raise HubError(400, f"`theme` must be one of {', '.join(THEMES)}.")
        return self._change(id, lambda record: record.update(changes))

    def add(self, id: str, item_id: str, item_type: str, note: str | None) -> dict[str, Any]:
        """Append an item.

        Raises
        ------
        HubError
            409 if the collection already has it.
        """
        item: dict[str, Any] = {"_id": secrets.token_hex(12), "id": item_id, "type": item_type}
        if note is not None:
            item["note"] = _text("note", note, NOTE_CHARACTERS)

        def add(record: dict[str, Any]) -> None:
            if any((there["id"], there["type"]) == (item_id, item_type) for there in record["items"]):
                raise HubError(409, "This item is already in the collection.")
            record["items"].append(item)

        return self._change(id, add)

    def change_item(
        self, id: str, object_id: str, *, note: str | None, position: int | None
    ) -> dict[str, Any]:
        """Change an item's note or position (404 if it does not exist)."""

        def change(record: dict[str, Any]) -> None:
            item = _item(record, object_id)
            if note is not None:
                item["note"] = _text("note", note, NOTE_CHARACTERS)
            if position is not None:
                record["items"].remove(item)
                record["items"].insert(min(max(position, 0), len(record["items"])), item)

        return self._change(id, change)

    def remove_item(self, id: str, object_id: str) -> dict[str, Any]:
        """Remove an item (404 if it does not exist)."""
        return self._change(id, lambda record: record["items"].remove(_item(record, object_id)))

    def delete(self, id: str) -> None:
        """Delete a collection permanently."""
        with _LOCK:
            self._path(id).unlink(missing_ok=True)
            fsync_folder(self._folder)

    def _change(self, id: str, change: Callable[..., Any]) -> dict[str, Any]:
        with self._record(id).change() as record:
            if not record:
                raise HubError(404, "Collection not found.")
            change(record)
            record["lastUpdated"] = now()
        return record

    def _record(self, id: str) -> Record:
        return Record(self._path(id), lock=_LOCK, below=self._root)

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.json"


def slug(collection: dict[str, Any]) -> str:
    """Return the collection's name in addresses: ``owner/title-in-small-letters-id``."""
    words = re.sub(r"[^a-z0-9]+", "-", collection["title"].lower()).strip("-")
    return (
        f"{collection['owner']}/{words}-{collection['id']}"
        if words
        else f"{collection['owner']}/{collection['id']}"
    )


def _id_of(slug: str) -> str:
    id = slug.rsplit("-", 1)[-1].rsplit("/", 1)[-1]
    if not _ID.fullmatch(id):
        raise HubError(404, "Collection not found.")
    return id


def _item(record: dict[str, Any], object_id: str) -> dict[str, Any]:
    for item in record["items"]:
        if item["_id"] == object_id:
            return item
    raise HubError(404, "This item is not in the collection.")


def _text(name: str, value: Any, most: int) -> str | None:
    if value is None and name != "title":
        return None
    if not isinstance(value, str) or len(value) > most or (name == "title" and not value.strip()):
        raise HubError(400, f"`{name}` must be a string of at most {most} characters.")
    return value
