"""The Space runner with its proxy, ready to be given pushes."""

from spacehub.localhub.accounts import Accounts
from spacehub.localhub.errors import HubError
from spacehub.localhub.git.entries import Snapshot
from spacehub.localhub.ids import RepoId
from spacehub.localhub.spaces.proxy import Proxy
from spacehub.localhub.spaces.runner import SpaceRunner
from spacehub.localhub.storage.repo import Repo
from spacehub.localhub.storage.store import Store
from spacehub.localhub.web.info import card_data, space_sdk


def run(store: Store, accounts: Accounts, endpoint: str) -> tuple[SpaceRunner, Proxy]:
    """Return a runner for the Spaces of `store` and the proxy in front of it; both are to be closed.

    Raises
    ------
    LocalHubError
        If uv is not installed.
    """

    def card(repo: Repo, snapshot: Snapshot) -> tuple[str | None, dict]:
        found = card_data(snapshot)
        return space_sdk(repo.settings, found), found

    def may_read(id: RepoId, authorization: str | None) -> bool:
        try:
            private = store.get(id).settings.private
            return accounts.caller(authorization if private else None).may_read(id, private)
        except HubError:
            return False

    def files(id: RepoId) -> Snapshot | None:
        repo = store.get(id)
        snapshot = repo.snapshot()
        return snapshot if card(repo, snapshot)[0] == "static" else None

    runner = SpaceRunner(store, card, endpoint)
    proxy = Proxy(runner.port, lambda id: (runner.state(id) or {}).get("stage"), may_read, files)
    runner.proxy = proxy.address
    return runner, proxy
