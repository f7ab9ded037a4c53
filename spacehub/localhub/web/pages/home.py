"""The first page: every repo that the caller may see, by type, or those whose name holds what is sought; and an owner's."""

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from spacehub.localhub.errors import HubError
from spacehub.localhub.ids import RESERVED_NAMESPACES, RepoType, is_name
from spacehub.localhub.web.call import Call
from spacehub.localhub.web.info import summary
from spacehub.localhub.web.pages.template import page, route

REPOS_SHOWN = 500  # of each type


def home(call: Call) -> HTMLResponse:
    """Show the repos, those that changed last first."""
    return _listing(call, title="Embedded Hub", heading="Repositories")


def owner(call: Call) -> HTMLResponse:
    """Show the repos of one account or organisation."""
    namespace = call.path("namespace")
    if not is_name(namespace) or namespace.lower() in RESERVED_NAMESPACES:
        raise HTTPException(404)  # some other address of one part
    return _listing(call, title=namespace, heading=f"Repositories of {namespace}", namespace=namespace)


def _listing(call: Call, *, title: str, heading: str, namespace: str | None = None) -> HTMLResponse:
    sought = (call.query("search") or "").strip()
    groups = [(kind, _repos(call, kind, sought.lower(), namespace)) for kind in RepoType]
    return page(
        "home.html",
        title=title,
        heading=heading,
        endpoint=call.endpoint,
        sought=sought,
        groups=[(kind.plural.capitalize(), repos[:REPOS_SHOWN], len(repos)) for kind, repos in groups],
    )


def _repos(call: Call, kind: RepoType, sought: str, namespace: str | None) -> list[dict]:
    repos = []
    for repo in call.hub.store.all(kind, namespace):
        if sought not in str(repo.id).lower():
            continue
        try:
            settings = repo.settings
            if call.caller.may_read(repo.id, settings.private):
                repos.append({**summary(repo, settings, repo.snapshot()), "address": repo.id.web_path})
        except HubError:  # deleted while we look
            continue
    return sorted(repos, key=lambda repo: repo["lastModified"], reverse=True)


routes = [route("/", home), route("/{namespace:part}", owner)]
