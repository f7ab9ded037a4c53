"""Pages for a repo's discussions and pull requests: the list, and one discussion with its comments and changes."""

from starlette.responses import HTMLResponse

from localhub.storage import pull_requests
from localhub.storage.discussions import Discussions
from localhub.web.addresses import WEB_REPO
from localhub.web.call import Call
from localhub.web.pages.files import opened
from localhub.web.pages.history import changes
from localhub.web.pages.markdown import LARGEST_CHARACTERS, to_html
from localhub.web.pages.template import page, route
from localhub.web.rights import check_access, check_enabled
from localhub.web.routes.discussions import number, timeline

PER_PAGE = 100


def listing(call: Call) -> HTMLResponse:
    """List all discussions and pull requests, newest first, in pages."""
    repo, _, about = opened(call)
    check_enabled(repo)
    start = call.number("skip", 0, low=0, high=10**9)
    listed = Discussions(repo).all()
    older = start + PER_PAGE if len(listed) > start + PER_PAGE else None
    return page("discussions.html", **about, discussions=listed[start : start + PER_PAGE], older=older)


def discussion(call: Call) -> HTMLResponse:
    """Show a discussion or pull request."""
    repo, _, about = opened(call)
    check_enabled(repo)
    shown = Discussions(repo).get(number(call))
    diff = {}
    if shown.is_pull_request:
        check_access(call, repo)
        diff = changes(pull_requests.changes(repo.git(), shown))
    commit = repo.snapshot().commit_id
    events = timeline(repo, shown)
    characters = 0
    for event in events:
        if event["type"] == "comment":
            text = event["data"]["latest"]["raw"]
            characters += len(text)
            short = characters <= LARGEST_CHARACTERS  # of all comments together
            event["html"] = to_html(text, address=about["address"], commit=commit) if short else None
    return page("discussion.html", **about, **diff, discussion=shown, events=events)


routes = [
    route(f"{WEB_REPO}/discussions", listing),
    route(f"{WEB_REPO}/discussions/{{num:part}}", discussion),
]
