"""Start the Space runner and its proxy."""

from typing import Any

from localhub.accounts import Accounts
from localhub.errors import HubError, RepoMoved
from localhub.git.entries import Snapshot
from localhub.ids import RepoId
from localhub.spaces.proxy import Proxy
from localhub.spaces.runner import SpaceRunner
from localhub.storage.repo import Repo
from localhub.storage.store import Store
from localhub.web.info import card_data, space_sdk


def run(store: Store, accounts: Accounts, endpoint: str) -> tuple[SpaceRunner, Proxy]:
    """Return a runner for the Spaces of `store`, and the proxy in front of it. The caller must close both.

    Raises
    ------
    LocalHubError
        If uv is not installed.
    """

    def card(repo: Repo, snapshot: Snapshot) -> tuple[str | None, dict[str, Any]]:
        found = card_data(snapshot)
        return space_sdk(repo.settings, found), found

    def find(id: RepoId, authorization: str | None) -> RepoId | None:
        try:
            private = store.get(id).settings.private
            return id if accounts.caller(authorization if private else None).may_read(id, private) else None
        except RepoMoved as moved:
            return find(moved.new_id, authorization)
        except HubError:
            return None

    def files(id: RepoId) -> Snapshot | None:
        repo = store.get(id)
        snapshot = repo.snapshot()
        return snapshot if card(repo, snapshot)[0] == "static" else None

    runner = SpaceRunner(store, card, endpoint)
    proxy = Proxy(
        runner.port, lambda id: (runner.state(id) or {}).get("stage"), find, files, accounts.is_token
    )
    runner.proxy = proxy.address
    return runner, proxy
