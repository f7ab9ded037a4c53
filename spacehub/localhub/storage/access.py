"""Who may read the files of a gated repo: requests for access, in ``access.json`` beside its git repository."""

import secrets
from typing import Any

from spacehub.localhub.errors import HubError
from spacehub.localhub.storage.records import Record
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.times import now

STATUSES = ("pending", "accepted", "rejected")


class AccessRequests:
    """The requests for access to one repo, at most one an account."""

    def __init__(self, repo: Repo):
        self._repo = repo
        self._record = Record(repo.folder / "access.json", lock=repo.lock, below=repo.folder)

    def accepted(self, account: str) -> bool:
        """Whether this account was let in."""
        return self._record.read().get(account, {}).get("status") == "accepted"

    def all(self, status: str) -> list[tuple[str, dict[str, Any]]]:
        """Account and request, for each of this status, newest first."""
        found = [item for item in self._record.read().items() if item[1]["status"] == status]
        return sorted(found, key=lambda item: item[1]["timestamp"], reverse=True)

    def ask(self, account: str) -> str:
        """Ask for access; gives the status, which is "accepted" at once where the gate opens by itself."""
        status = "accepted" if self._gate() == "auto" else "pending"
        with self._record.change() as record:
            return record.setdefault(account, _request(status))["status"]

    def grant(self, account: str) -> None:
        """Let an account in that need not have asked.

        Raises
        ------
        HubError
            400 if it is in already.
        """
        self._gate()
        with self._record.change() as record:
            if record.get(account, {}).get("status") == "accepted":
                raise HubError(400, f"{account} already has access to this repository")
            record[account] = {**_request("accepted"), "granted": True}

    def handle(
        self,
        status: str,
        *,
        account: str | None = None,
        request_id: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Accept or reject a request, or put it back to pending; it is named by its account or its id.

        Raises
        ------
        HubError
            404 if there is none, 400 if it has this status.
        """
        self._gate()
        with self._record.change() as record:
            for name, request in record.items():
                if name == account or request["requestId"] == request_id:
                    break
            else:
                raise HubError(404, "There is no such access request")
            if request["status"] == status:
                raise HubError(400, f"This access request is {status} already")
            request["status"] = status
            request.pop("rejectionReason", None)
            if reason:
                request["rejectionReason"] = reason

    def _gate(self) -> str:
        gate = self._repo.settings.gated
        if not gate:
            raise HubError(400, "This repository is not gated")
        return gate


def _request(status: str) -> dict[str, Any]:
    return {"requestId": secrets.token_hex(12), "status": status, "timestamp": now()}
