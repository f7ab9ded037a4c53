"""Send webhooks: only to loopback, each webhook's payloads in order, with retries and a log.

Waiting payloads are in memory and are lost when the embedded Hub stops.
"""

import http.client
import ipaddress
import json
import secrets
import threading
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from localhub.times import now

TIMEOUT_SECONDS = 10.0
PAUSES = (0.2, 1.0, 5.0)  # seconds before the second, third and fourth try
MOST_WAITING = 1000  # payloads per webhook; huggingface.co sends at most this many a day
KEPT_IN_LOG = 100


class Deliveries:
    """The waiting payloads, and a log of those that were sent."""

    def __init__(self):
        self._waiting: dict[str, deque[dict[str, Any]]] = {}
        self._log: dict[str, deque[dict[str, Any]]] = {}
        self._changed = threading.Condition()
        self._closed = threading.Event()

    def add(self, account: str, webhook: dict[str, Any], payload: dict[str, Any]) -> None:
        """Queue a payload for an account's webhook."""
        delivery = {
            "id": secrets.token_hex(12),
            "createdAt": now(),
            "url": webhook["url"],
            "event": payload["event"],
            "payload": payload,
            "status": "waiting",
            "attempts": [],
        }
        key = webhook["id"]
        with self._changed:
            log = self._log.setdefault(key, deque(maxlen=KEPT_IN_LOG))
            log.append(delivery)
            if not is_loopback_url(webhook["url"]):
                delivery["status"] = (
                    "not sent: the embedded Hub sends webhooks only to this machine (loopback)"
                )
                return
            if key in self._waiting and len(self._waiting[key]) >= MOST_WAITING:
                delivery["status"] = f"not sent: {MOST_WAITING} other payloads are waiting"
                return
            if key not in self._waiting:
                self._waiting[key] = deque()
                worker = threading.Thread(target=self._work, args=(key,), name=f"webhook-{key}", daemon=True)
                worker.start()
            self._waiting[key].append({**webhook, "delivery": delivery})
            self._changed.notify_all()

    def log(self, webhook_id: str) -> list[dict[str, Any]]:
        """Return the latest deliveries to a webhook, oldest first."""
        with self._changed:
            return [{**item, "attempts": list(item["attempts"])} for item in self._log.get(webhook_id, ())]

    def wait(self, seconds: float) -> bool:
        """Wait until the queue is empty; return False if that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def close(self) -> None:
        """Stop sending."""
        self._closed.set()

    def _work(self, key: str) -> None:
        """Send the waiting payloads of one webhook, in order, until there are none."""
        while True:
            with self._changed:
                queue = self._waiting[key]
                if not queue or self._closed.is_set():
                    del self._waiting[key]
                    self._changed.notify_all()
                    return
                webhook = queue[0]
            self._deliver(webhook)
            with self._changed:
                queue.popleft()

    def _deliver(self, webhook: dict[str, Any]) -> None:
        delivery = webhook["delivery"]
        for pause in (*PAUSES, None):
            attempt: dict[str, Any] = {"at": now()}
            try:
                attempt["status"] = _post(webhook["url"], delivery["payload"], webhook.get("secret"))
            except (OSError, http.client.HTTPException, ValueError) as error:
                attempt["error"] = f"{type(error).__name__}: {error}"
            delivery["attempts"].append(attempt)
            status = attempt.get("status", 0)
            if 200 <= status < 300:
                delivery["status"] = "delivered"
                return
            if (
                (400 <= status < 500 and status not in (408, 429))
                or pause is None
                or self._closed.wait(pause)
            ):
                break
        delivery["status"] = "failed"


def is_loopback_url(url: str) -> bool:
    """Return whether an address is on this machine, without a name lookup."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _post(url: str, payload: dict[str, Any], secret: str | None) -> int:
    """Send a payload and return the response's status; redirects are not followed."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"Content-Type": "application/json", "User-Agent": "huggingface-webhook"}
    if secret:
        headers["X-Webhook-Secret"] = secret
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    connection = kind(host, parts.port, timeout=TIMEOUT_SECONDS)
    try:
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        connection.request("POST", target, json.dumps(payload).encode(), headers)
        return connection.getresponse().status
    finally:
        connection.close()
