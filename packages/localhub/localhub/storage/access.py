"""Who may read the files of a gated repo: access requests, in ``access.json`` next to its git repository."""

import secrets
from typing import Any

from localhub.errors import HubError
from localhub.storage.records import Record
from localhub.storage.repo import Repo
from localhub.times import now

STATUSES = ("pending", "accepted", "rejected")


class AccessRequests:
    """The access requests of one repo, at most one per account."""

    def __init__(self, repo: Repo):
        self._repo = repo
        self._record = Record(repo.folder / "access.json", lock=repo.lock, below=repo.folder)

    def accepted(self, account: str) -> bool:
        """Return whether this account has access."""
        return self._record.read().get(account, {}).get("status") == "accepted"

    def all(self, status: str) -> list[tuple[str, dict[str, Any]]]:
        """Return account and request for each request with this status, newest first."""
        requests = [item for item in self._record.read().items() if item[1]["status"] == status]
        return sorted(requests, key=lambda item: item[1]["timestamp"], reverse=True)

    def ask(self, account: str) -> str:
        """Request access; return the status, which is "accepted" at once if the gate is automatic."""
        status = "accepted" if self._gate() == "auto" else "pending"
        with self._record.change() as record:
            return record.setdefault(account, _request(status))["status"]

    def grant(self, account: str) -> None:
        """Give access to an account that has not requested it.

        Raises
        ------
        HubError
            400 if the account already has access.
        """
        self._gate()
        with self._record.change() as record:
            if record.get(account, {}).get("status") == "accepted":
                raise HubError(400, f"{account} already has access to this repository.")
            record[account] = {**_request("accepted"), "granted": True}

    def handle(
        self,
        status: str,
        *,
        account: str | None = None,
        request_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Accept or reject a request, or reset it to pending; the account or the id identifies it.

        Raises
        ------
        HubError
            404 if the request does not exist, 400 if the request already has this status.
        """
        self._gate()
        with self._record.change() as record:
            for name, request in record.items():
                if name == account or request["requestId"] == request_id:
                    break
            else:
                raise HubError(404, "This access request does not exist.")
            if request["status"] == status:
                raise HubError(400, f"This access request is already {status}.")
            request["status"] = status
            request.pop("rejectionReason", None)
            if reason:
                request["rejectionReason"] = reason

    def _gate(self) -> str:
        gate = self._repo.settings.gated
        if not gate:
            raise HubError(400, "This repository is not gated.")
        return str(gate)


def _request(status: str) -> dict[str, Any]:
    return {"requestId": secrets.token_hex(12), "status": status, "timestamp": now()}
