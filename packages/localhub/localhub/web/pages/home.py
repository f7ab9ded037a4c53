"""The front page: every repo that the caller may see, by type, with a search by name; and the page of an owner."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from localhub.ids import RESERVED_NAMESPACES, RepoType, is_name
from localhub.web.call import Call
from localhub.web.pages.template import page, route
from localhub.web.visible import visible_summaries

REPOS_SHOWN = 500  # of each type


def home(call: Call) -> HTMLResponse:
    """Show the repos, most recently changed first."""
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


def _repos(call: Call, kind: RepoType, sought: str, namespace: str | None) -> list[dict[str, Any]]:
    repos = [
        {**info, "address": repo.id.web_path}
        for info, repo, _, _ in visible_summaries(call, kind, namespace)
        if sought in info["id"].lower()
    ]
    return sorted(repos, key=lambda repo: repo["lastModified"], reverse=True)


routes = [route("/", home), route("/{namespace:part}", owner)]
