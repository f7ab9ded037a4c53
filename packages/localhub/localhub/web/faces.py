"""The public view of an account or an organisation."""

from typing import Any

from localhub.callers import Account, Organisation
from localhub.web.call import Call


def face(account: Account) -> dict[str, Any]:
    """Return an account's entry in lists of users."""
    return {
        "_id": account.name,
        "user": account.name,
        "fullname": account.fullname,
        "avatarUrl": "",
        "isPro": False,
        "type": "user",
    }


def org_face(org: Organisation) -> dict[str, Any]:
    """Return an organisation's entry in lists."""
    return {"id": org.name, "name": org.name, "fullname": org.fullname, "avatarUrl": "", "type": "org"}


def owner_face(call: Call, namespace: str) -> dict[str, Any]:
    """Return the owner of an item, an account or an organisation; a deleted owner keeps its name."""
    account = call.hub.accounts.by_name.get(namespace)
    org = call.hub.accounts.orgs.get(namespace) or Organisation(namespace, namespace)
    return {**face(account), "name": namespace} if account else org_face(org)
