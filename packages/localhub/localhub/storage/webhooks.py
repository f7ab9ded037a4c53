"""Webhooks, stored per account in ``ROOT/webhooks/ACCOUNT.json``."""

import secrets
import threading
from pathlib import Path
from typing import Any

from localhub.errors import HubError
from localhub.storage.records import Record

DOMAINS = ("repo", "discussion")
WATCHED = ("bucket", "dataset", "model", "org", "space", "user")
MOST = 1000
_LOCK = threading.RLock()


def accounts_with_webhooks(root: Path) -> list[str]:
    """Return the accounts that have a file of webhooks."""
    try:
        return sorted(path.stem for path in (root / "webhooks").iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return []


class Webhooks:
    """The webhooks of one account.

    Parameters
    ----------
    root : Path
        The Hub's folder.
    account : str
    """

    def __init__(self, root: Path, account: str):
        self._record = Record(root / "webhooks" / f"{account}.json", lock=_LOCK, below=root)

    def all(self) -> list[dict[str, Any]]:
        """Return every webhook, oldest first."""
        return list(self._record.read().values())

    def get(self, id: str) -> dict[str, Any]:
        """Return one webhook, or raise 404."""
        webhook = self._record.read().get(id)
        if webhook is None:
            raise HubError(404, "Webhook not found.")
        return webhook

    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Add a webhook of the form that `check` requires."""
        webhook: dict[str, Any] = {
            "id": secrets.token_hex(12),
            "disabled": False,
            "domains": list(DOMAINS),
            **check(body),
        }
        if "url" not in webhook:
            raise HubError(400, "A webhook must have a `url`.")
        with self._record.change() as record:
            if len(record) >= MOST:
                raise HubError(400, f"An account may have at most {MOST} webhooks.")
            record[str(webhook["id"])] = webhook
        return webhook

    def update(self, id: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change a webhook's fields; 404 if it does not exist."""
        with self._record.change() as record:
            if id not in record:
                raise HubError(404, "Webhook not found.")
            record[id].update(changes)
        return record[id]

    def delete(self, id: str) -> None:
        """Delete a webhook; 404 if it does not exist."""
        with self._record.change() as record:
            if record.pop(id, None) is None:
                raise HubError(404, "Webhook not found.")


def check(body: dict[str, Any]) -> dict[str, Any]:
    """Read a webhook from a request: ``watched``, ``url``, ``domains`` and ``secret``.

    Raises
    ------
    HubError
        400 if a field has the wrong form, 501 for a webhook that starts a job.
    """
    if body.get("jobSourceId") is not None:
        raise HubError(501, "The webhooks of the embedded Hub cannot run jobs. Set the webhook's `url`.")
    kept = {key: body[key] for key in ("watched", "url", "domains", "secret") if body.get(key) is not None}
    if not all(isinstance(kept.get(key, ""), str) for key in ("url", "secret")):
        raise HubError(400, "`url` and `secret` must be strings.")
    if not kept.get("secret", "").isascii() or not kept.get("secret", " ").isprintable():
        raise HubError(400, "Only ASCII characters are supported in secret")
    if "url" in kept and not kept["url"].startswith(("http://", "https://")):
        raise HubError(400, "The url of a webhook must start with http:// or https://.")
    watched = kept.get("watched")
    if not isinstance(watched, list) or not all(_is_watched(item) for item in watched):
        raise HubError(
            400, f"`watched` must be a list of objects with a type ({', '.join(WATCHED)}) and a name."
        )
    domains = kept.get("domains", [])
    if not isinstance(domains, list) or not all(domain in DOMAINS for domain in domains):
        raise HubError(400, f"`domains` must be a list that contains only {' or '.join(DOMAINS)}.")
    kept["watched"] = [{"type": item["type"], "name": item["name"]} for item in watched]
    return kept


def _is_watched(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") in WATCHED and isinstance(item.get("name"), str)
