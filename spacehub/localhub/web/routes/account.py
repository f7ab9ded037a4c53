"""Who am I, who are you: accounts and organisations."""

from starlette.routing import Route

from spacehub.localhub.accounts import Account
from spacehub.localhub.errors import HubError
from spacehub.localhub.ids import RepoType
from spacehub.localhub.web.call import Call, endpoint


def whoami(call: Call) -> dict:
    """The caller's account, as login and the commit author read it."""
    account = call.caller.account
    if account is None:
        raise HubError(401, "Invalid username or password.")
    return {
        "type": "user",
        "id": account.name,
        "name": account.name,
        "fullname": account.fullname,
        "email": account.email,
        "emailVerified": True,
        "canPay": False,
        "isPro": False,
        "avatarUrl": "",
        "orgs": [
            {
                "type": "org",
                "id": name,
                "name": name,
                "fullname": name,
                "roleInOrg": role,
                "isEnterprise": False,
            }
            for name, role in account.orgs.items()
        ],
        "auth": {
            "type": "access_token",
            "accessToken": {"displayName": call.caller.token_name, "role": call.caller.token_role},
        },
    }


def user_overview(call: Call) -> dict:
    """A user's public face."""
    account = call.hub.accounts.by_name.get(call.path("user"))
    if account is None:
        raise HubError(404, "This user does not exist")
    counts = {
        f"num{kind.plural.capitalize()}": sum(
            call.caller.may_read(account.name, repo.settings.private)
            for repo in call.hub.store.all(kind, account.name)
        )
        for kind in RepoType
    }
    return {**_face(account), **counts, "orgs": [{"name": name, "fullname": name} for name in account.orgs]}


def organization_overview(call: Call) -> dict:
    """An organisation's public face."""
    members = _members(call)
    return {"name": call.path("org"), "fullname": call.path("org"), "avatarUrl": "", "numUsers": len(members)}


def organization_members(call: Call) -> list[dict]:
    """Who belongs to an organisation."""
    return [_face(call.hub.accounts.by_name[name]) for name in _members(call)]


def _members(call: Call) -> dict[str, str]:
    members = call.hub.accounts.orgs.get(call.path("org"))
    if members is None:
        raise HubError(404, "This organization does not exist")
    return members


def _face(account: Account) -> dict:
    return {
        "user": account.name,
        "fullname": account.fullname,
        "avatarUrl": "",
        "isPro": False,
        "type": "user",
    }


routes = [
    Route("/api/whoami-v2", endpoint(whoami)),
    Route("/api/users/{user:part}/overview", endpoint(user_overview)),
    Route("/api/organizations/{org:part}/overview", endpoint(organization_overview)),
    Route("/api/organizations/{org:part}/members", endpoint(organization_members)),
]
