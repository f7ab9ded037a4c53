"""Accounts, organisations, and what they own."""

from functools import partial
from typing import Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from localhub.callers import Account, Caller, Organisation
from localhub.errors import HubError
from localhub.ids import RepoType
from localhub.storage import likes
from localhub.storage.repo import Repo
from localhub.times import iso_timestamp
from localhub.web.call import PAGE_SIZE, Call, endpoint
from localhub.web.faces import face, org_face
from localhub.web.visible import unless_broken, visible_repos


def whoami(call: Call) -> dict[str, Any]:
    """Return the caller's account, as login and commits need it."""
    account = call.account
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
            {**org_face(call.hub.accounts.orgs[name]), "roleInOrg": role, "isEnterprise": False}
            for name, role in account.orgs.items()
        ],
        "auth": {
            "type": "access_token",
            "accessToken": _token(call.caller, account),
        },
    }


def _token(caller: Caller, account: Account) -> dict[str, Any]:
    """Return the part of whoami about the token."""
    described: dict[str, Any] = {"displayName": caller.token_name, "role": caller.token_role}
    if not caller.is_fine_grained:
        return described
    writes = caller.token_role == "write"
    permissions = ["repo.content.read", *(["repo.write"] if writes else [])]
    entities = [
        {"_id": name, "type": "user" if name == account.name else "org", "name": name}
        for name in sorted(caller.namespaces or ())
    ]
    for repo in sorted(caller.repos or ()):
        kind, _, id = repo.partition("/")
        entities.append({"_id": repo, "type": RepoType.of(kind).singular, "name": id})
    described["role"] = "fineGrained"
    described["fineGrained"] = {
        "canReadGatedRepos": False,
        "global": ["discussion.write"] if writes else [],
        "scoped": [{"entity": entity, "permissions": permissions} for entity in entities],
    }
    return described


def user_overview(call: Call) -> dict[str, Any]:
    """Return a user's public profile."""
    account = call.hub.accounts.by_name.get(call.path("user"))
    if account is None:
        raise HubError(404, "This user does not exist.")
    liked = sum(
        account.name in (unless_broken(repo, partial(likes.likes, repo)) or ())
        for kind in RepoType
        for repo, _ in visible_repos(call, kind)
    )
    return {
        **face(account),
        **_counts(call, account.name),
        "numLikes": liked,
        "numFollowers": 0,
        "numFollowing": 0,
        "orgs": [org_face(call.hub.accounts.orgs[name]) for name in account.orgs],
    }


def organization_overview(call: Call) -> dict[str, Any]:
    """Return an organisation's public profile."""
    org = _organisation(call)
    return {**org_face(org), **_counts(call, org.name), "numUsers": len(org.members), "numFollowers": 0}


def organization_members(call: Call) -> JSONResponse:
    """List the members of an organisation."""
    return call.page(
        [face(call.hub.accounts.by_name[name]) for name in _organisation(call).members], PAGE_SIZE
    )


def nobody(call: Call) -> list[Any]:
    """List the followers of an account or organisation, or whom it follows. On this Hub the list is always empty."""
    name = call.path("name")
    if name not in call.hub.accounts.by_name and name not in call.hub.accounts.orgs:
        raise HubError(404, "This user or organisation does not exist.")
    return []


def own_repositories(call: Call) -> JSONResponse:
    """Return the disk space of the caller's own repos."""
    return _storage(call, call.account.name)


def organization_repositories(call: Call) -> JSONResponse:
    """Return the disk space of an organisation's repos, for its members."""
    org = _organisation(call)
    if not call.account.owns_everything and org.name not in call.account.orgs:
        raise HubError(403, f"You don't belong to the organisation {org.name}.")
    return _storage(call, org.name)


def _storage(call: Call, namespace: str) -> JSONResponse:
    repos: list[dict[str, Any]] = [
        {
            "id": str(repo.id),
            "type": kind.singular,
            "updatedAt": updated,
            "visibility": "private" if settings.private else "public",
            "storage": repo.lfs.total_bytes(),
        }
        for kind in RepoType
        for repo, settings in visible_repos(call, kind, namespace)
        if (updated := unless_broken(repo, partial(_updated, repo)))
    ]
    total = sum(item["storage"] for item in repos)
    for item in repos:
        item["storagePercent"] = item["storage"] / total if total else 0
    return call.page(sorted(repos, key=lambda item: -item["storage"]), PAGE_SIZE)


def _updated(repo: Repo) -> str:
    return iso_timestamp(repo.snapshot().commit.commit_time)


def _counts(call: Call, namespace: str) -> dict[str, int]:
    return {
        f"num{kind.plural.capitalize()}": sum(1 for _ in visible_repos(call, kind, namespace))
        for kind in RepoType
    }


def _organisation(call: Call) -> Organisation:
    org = call.hub.accounts.orgs.get(call.path("org"))
    if org is None:
        raise HubError(404, "This organisation does not exist.")
    return org


routes = [
    Route("/api/whoami-v2", endpoint(whoami)),
    Route("/api/users/{user:part}/overview", endpoint(user_overview)),
    Route("/api/users/{name:part}/followers", endpoint(nobody)),
    Route("/api/users/{name:part}/following", endpoint(nobody)),
    Route("/api/organizations/{org:part}/overview", endpoint(organization_overview)),
    Route("/api/organizations/{org:part}/members", endpoint(organization_members)),
    Route("/api/organizations/{name:part}/followers", endpoint(nobody)),
    Route("/api/settings/repositories", endpoint(own_repositories)),
    Route("/api/organizations/{org:part}/settings/repositories", endpoint(organization_repositories)),
]
