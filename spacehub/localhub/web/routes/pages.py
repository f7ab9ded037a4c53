"""Plain web pages, so that a person can look around: all repos at ``/``, and one page a repo."""

from functools import cache
from itertools import islice
from pathlib import Path

import jinja2
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.routing import Route

from spacehub.localhub.card import frontmatter
from spacehub.localhub.errors import HubError
from spacehub.localhub.git.gitrepo import MAIN
from spacehub.localhub.ids import RESERVED_NAMESPACES, RepoType
from spacehub.localhub.times import iso_timestamp
from spacehub.localhub.web.call import Call, endpoint
from spacehub.localhub.web.info import summary

FILES_SHOWN = 500
COMMITS_SHOWN = 20
CARD_BYTES = 1 << 20
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"}


def home(call: Call) -> HTMLResponse:
    """Every repo that the caller may see, by type."""
    groups = []
    for kind in RepoType:
        repos = []
        for repo in call.hub.store.all(kind):
            try:
                settings = repo.settings
                if call.caller.may_read(repo.id.namespace, settings.private):
                    repos.append({**summary(repo.id, settings, repo.snapshot()), "address": repo.id.web_path})
            except HubError:  # deleted while we look
                continue
        groups.append((kind.plural.capitalize(), repos))
    return _page("home.html", title="Embedded Hub", groups=groups)


def repo(call: Call) -> HTMLResponse:
    """A repo's card as text, its files and its last commits, newest or as they were at a revision."""
    if call.path("namespace") in RESERVED_NAMESPACES:
        raise HTTPException(404)  # some other address of two parts
    found = call.repo()
    snapshot = found.snapshot(call.request.path_params.get("revision", MAIN))
    info = summary(found.id, found.settings, snapshot)
    _, card = frontmatter.split(
        (snapshot.read("README.md", limit=CARD_BYTES) or b"").decode(errors="replace")
    )
    entries = (entry for entry in snapshot.walk(recursive=True) if not entry.is_folder)
    commits = [
        {
            "id": str(commit.id),
            "title": commit.message.split("\n", 1)[0],
            "date": iso_timestamp(commit.commit_time),
        }
        for commit in islice(snapshot.git.history(snapshot.commit), COMMITS_SHOWN)
    ]
    return _page(
        "repo.html",
        title=str(found.id),
        address=found.id.web_path,
        tags=info["tags"],
        commit=snapshot.commit_id,
        modified=info["lastModified"],
        card=card.strip(),
        files=list(islice(entries, FILES_SHOWN)),
        more_files=next(entries, None) is not None,
        commits=commits,
    )


def _page(template: str, **values) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(values), headers=HEADERS)


@cache
def _templates() -> jinja2.Environment:
    folder = Path(__file__).parent.parent / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined
    )


routes = [
    Route("/", endpoint(home)),
    Route("/{type:prefix}{namespace:part}/{name:part}", endpoint(repo)),
    Route("/{type:prefix}{namespace:part}/{name:part}/tree/{revision:part}", endpoint(repo)),
]
