"""The Hub as an ASGI application."""

from typing import Any

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from localhub.accounts import Accounts
from localhub.errors import HubError
from localhub.git.gitrepo import RefChange
from localhub.jobs.runner import JobRunner
from localhub.spaces.runner import SpaceRunner
from localhub.storage.multipart import MultipartUploads
from localhub.storage.repo import Repo
from localhub.storage.store import Store
from localhub.web import openapi
from localhub.web.addresses import Envelope
from localhub.web.answers import EXCEPTION_HANDLERS
from localhub.web.call import Call, Hub, endpoint
from localhub.web.delivery import Deliveries
from localhub.web.events import Events
from localhub.web.pages import discussions as discussion_pages
from localhub.web.pages import files, history, home
from localhub.web.routes import (
    account,
    buckets,
    cards,
    commit,
    discussions,
    duplicate,
    gating,
    git_http,
    inference,
    jobs,
    large_files,
    lfs,
    listing,
    read,
    refs,
    repos,
    social,
    space_logs,
    spaces,
    tags,
    unsupported,
    viewer,
    webhooks,
    xet,
)
from localhub.web.signing import Signer, kept_key
from localhub.xet.cas import CasStores


def _health(call: Call) -> dict[str, Any]:
    """Report that the Hub is up; the caller that starts the Hub waits for this response."""
    return {"status": "ok"}


def _agent_harnesses(call: Call) -> dict[str, Any]:
    """Return the settings that huggingface_hub requests once a day to name its user agent."""
    return {"standardEnvVars": [], "harnesses": {}}


def _telemetry(call: Call) -> Response:
    """Accept telemetry and drop it."""
    return Response()


def _icon(call: Call) -> Response:
    """Answer a browser's request for an icon; this Hub has no icon."""
    return Response(status_code=204)


def _no_info(call: Call) -> None:
    """Answer a request of `datasets` that some resolvers send to this Hub, so that `datasets` reads the repo itself."""
    raise HubError(404, "The embedded dataset viewer does not support /info.")


_own = [
    Route("/healthz", endpoint(_health)),
    Route("/api/agent-harnesses", endpoint(_agent_harnesses)),
    Route("/api/telemetry/{topic:rest}", endpoint(_telemetry)),
    Route("/favicon.ico", endpoint(_icon)),
    Route("/info", endpoint(_no_info)),
]


# The first route that matches a request handles it.
ROUTES = [
    *_own,
    *openapi.routes,
    *viewer.routes,
    *buckets.routes,
    *inference.routes,
    *account.routes,
    *webhooks.routes,
    *social.routes,
    *spaces.routes,
    *space_logs.routes,
    *jobs.routes,
    *gating.routes,
    *repos.routes,
    *cards.routes,
    *commit.routes,
    *refs.routes,
    *discussions.routes,
    *duplicate.routes,
    *read.routes,
    *lfs.routes,
    *large_files.routes,
    *git_http.routes,
    *xet.routes,
    *listing.routes,
    *tags.routes,
    *home.routes,
    *files.routes,
    *history.routes,
    *discussion_pages.routes,
    *unsupported.routes,
]


def make_app(
    store: Store,
    accounts: Accounts,
    deliveries: Deliveries,
    *,
    endpoint: str = "",
    loopback: bool = True,
    spaces: SpaceRunner | None = None,
    job_runner: JobRunner | None = None,
    with_inference: bool = False,
) -> Envelope:
    """Return the application that serves these repos to these accounts, on loopback only or also to other machines.

    The application sends webhooks through `deliveries`, with addresses that begin with `endpoint`. It runs
    Spaces and jobs if given their runners, and models if `with_inference`.
    """
    app = Starlette(
        routes=ROUTES,
        exception_handlers=EXCEPTION_HANDLERS,
    )
    app.router.redirect_slashes = False
    signer = Signer(kept_key(store.root / "key"))
    events = Events(store, accounts, deliveries, endpoint)

    def changed(repo: Repo, change: RefChange) -> None:
        events.content(repo, [change])
        if spaces is not None:
            spaces.changed(repo, change)

    store.on_change = changed
    uploads = CasStores(store.incoming), MultipartUploads(store.incoming)
    app.state.hub = Hub(
        store,
        accounts,
        signer,
        *uploads,
        events,
        spaces=spaces,
        jobs=job_runner,
        inference=with_inference,
    )
    return Envelope(app, loopback=loopback)
