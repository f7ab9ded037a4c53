"""Events on the embedded Hub, in the format of the webhooks' receivers (https://huggingface.co/docs/hub/webhooks).

The code that makes a change calls `Events` while the repo is locked, so the events of a repo are queued in order.
"""

from typing import Any

from localhub.accounts import Accounts
from localhub.callers import Caller
from localhub.errors import HubError
from localhub.git.gitrepo import MAIN, RefChange
from localhub.ids import RepoId
from localhub.storage.discussions import Discussion
from localhub.storage.repo import Repo, RepoSettings
from localhub.storage.store import Store
from localhub.storage.webhooks import Webhooks, accounts_with_webhooks
from localhub.web.delivery import Deliveries

VERSION = 3


class Events:
    """Notifies the webhooks that watch a repo or its owner.

    Parameters
    ----------
    store : Store
    accounts : Accounts
        A webhook gets events of the private repos that its owner may read.
    deliveries : Deliveries
    endpoint : str
        Address of the embedded Hub, for the addresses in payloads.
    """

    def __init__(self, store: Store, accounts: Accounts, deliveries: Deliveries, endpoint: str):
        self._store = store
        self._accounts = accounts
        self._deliveries = deliveries
        self._endpoint = endpoint

    def repo(
        self, action: str, repo: Repo, settings: RepoSettings, *, moved_to: RepoId | None = None
    ) -> None:
        """Report that a repo was created, deleted or moved (`moved_to` is its new id, `repo` has the old one)."""
        more: dict[str, Any] = {}
        if moved_to is not None:
            more["movedTo"] = {"name": str(moved_to), "owner": {"id": moved_to.namespace}}
        self._send(repo, settings, action, "repo", more, also=moved_to)

    def content(self, repo: Repo, changes: list[RefChange]) -> None:
        """Report that branches, tags or pull requests have moved."""
        refs = [{"ref": change.ref, "oldSha": change.old, "newSha": change.new} for change in changes]
        if refs:
            self._send(repo, None, "update", "repo.content", {"updatedRefs": refs})

    def config(self, repo: Repo, **updated: Any) -> None:
        """Report changed settings; the payload names only ``private``."""
        self._send(repo, None, "update", "repo.config", {"updatedConfig": updated})

    def discussion(
        self, action: str, repo: Repo, discussion: Discussion, comment: dict[str, Any] | None = None
    ) -> None:
        """Report that a discussion or pull request was opened (perhaps with a comment), renamed, closed or merged."""
        more = {"discussion": self._discussion(repo, discussion)}
        if comment is not None:
            more["comment"] = self._comment(repo, discussion, comment)
        self._send(repo, None, action, "discussion", more)

    def comment(self, action: str, repo: Repo, discussion: Discussion, comment: dict[str, Any]) -> None:
        """Report that a comment was added, edited or hidden."""
        more = {
            "discussion": self._discussion(repo, discussion),
            "comment": self._comment(repo, discussion, comment),
        }
        self._send(repo, None, action, "discussion.comment", more)

    def log(self, webhook_id: str) -> list[dict[str, Any]]:
        """Return the sent and waiting payloads of a webhook."""
        return self._deliveries.log(webhook_id)

    def _send(
        self,
        repo: Repo,
        settings: RepoSettings | None,
        action: str,
        scope: str,
        more: dict[str, Any],
        also: RepoId | None = None,
    ) -> None:
        payload = None
        for account in accounts_with_webhooks(self._store.root):
            for webhook in Webhooks(self._store.root, account).all():
                if not _watches(webhook, repo.id, scope) and not (also and _watches(webhook, also, scope)):
                    continue
                settings = settings or repo.settings
                owner = self._accounts.by_name.get(account)
                if not Caller(owner).may_read(repo.id, settings.private):
                    continue
                if payload is None:
                    payload = {
                        "event": {"action": action, "scope": scope},
                        "repo": self._repo(repo, settings, scope),
                        **more,
                    }
                signed = {**payload, "webhook": {"id": webhook["id"], "version": VERSION}}
                self._deliveries.add(account, webhook, signed)

    def _repo(self, repo: Repo, settings: RepoSettings, scope: str) -> dict[str, Any]:
        described = {
            "type": repo.id.type.singular,
            "name": str(repo.id),
            "id": settings.id,
            "private": settings.private,
            "url": self._urls(repo),
            "owner": {"id": repo.id.namespace},
        }
        if scope.startswith("repo") and (head := _head(repo)):
            described["headSha"] = head
        return described

    def _discussion(self, repo: Repo, discussion: Discussion) -> dict[str, Any]:
        described: dict[str, Any] = {
            "id": f"{repo.settings.id[:16]}{discussion.num:08x}",
            "title": discussion.title,
            "url": self._urls(repo, f"/discussions/{discussion.num}"),
            "status": discussion.status,
            "author": {"id": discussion.author},
            "num": discussion.num,
            "isPullRequest": discussion.is_pull_request,
        }
        if discussion.is_pull_request:
            described["changes"] = {"base": discussion.base}
            if discussion.merged:
                described["changes"]["mergeCommitId"] = discussion.merged["commit"]
        return described

    def _comment(self, repo: Repo, discussion: Discussion, comment: dict[str, Any]) -> dict[str, Any]:
        web = f"{self._urls(repo, f'/discussions/{discussion.num}')['web']}#{comment['id']}"
        described = {
            "id": comment["id"],
            "author": {"id": comment["author"]},
            "hidden": comment["data"]["hidden"],
            "url": {"web": web},
        }
        if not described["hidden"]:
            described["content"] = comment["data"]["versions"][-1]["raw"]
        return described

    def _urls(self, repo: Repo, below: str = "") -> dict[str, str]:
        return {
            "web": f"{self._endpoint}/{repo.id.web_path}{below}",
            "api": f"{self._endpoint}/api/{repo.id.type.plural}/{repo.id}{below}",
        }


def _head(repo: Repo) -> str | None:
    try:
        return repo.git().target(f"refs/heads/{MAIN}")
    except HubError:  # deleted
        return None


def _watches(webhook: dict[str, Any], id: RepoId, scope: str) -> bool:
    if webhook["disabled"] or scope.partition(".")[0] not in webhook["domains"]:
        return False
    wanted = {(id.type.singular, str(id)), ("user", id.namespace), ("org", id.namespace)}
    return any((item["type"], item["name"]) in wanted for item in webhook["watched"])
