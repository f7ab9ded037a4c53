"""The first page: every repo that the caller may see, by type, or those whose name holds what is sought."""

from starlette.responses import HTMLResponse

from spacehub.localhub.errors import HubError
from spacehub.localhub.ids import RepoType
from spacehub.localhub.web.call import Call
from spacehub.localhub.web.info import summary
from spacehub.localhub.web.pages.template import page, route

REPOS_SHOWN = 500  # of each type


def home(call: Call) -> HTMLResponse:
    """Show the repos, those that changed last first."""
    sought = (call.query("search") or "").strip()
    groups = [(kind, _repos(call, kind, sought.lower())) for kind in RepoType]
    return page(
        "home.html",
        title="Embedded Hub",
        endpoint=call.endpoint,
        sought=sought,
        groups=[(kind.plural.capitalize(), repos[:REPOS_SHOWN], len(repos)) for kind, repos in groups],
    )


def _repos(call: Call, kind: RepoType, sought: str) -> list[dict]:
    repos = []
    for repo in call.hub.store.all(kind):
        if sought not in str(repo.id).lower():
            continue
        try:
            settings = repo.settings
            if call.caller.may_read(repo.id.namespace, settings.private):
                repos.append({**summary(repo, settings, repo.snapshot()), "address": repo.id.web_path})
        except HubError:  # deleted while we look
            continue
    return sorted(repos, key=lambda repo: repo["lastModified"], reverse=True)


routes = [route("/", home)]
