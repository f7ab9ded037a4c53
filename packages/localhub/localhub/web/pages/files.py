"""Pages for a repo: its card and files, a folder, one file."""

import mimetypes
from itertools import islice
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from localhub.card import frontmatter
from localhub.errors import entry_not_found
from localhub.git.entries import Snapshot
from localhub.git.gitrepo import MAIN
from localhub.git.last_commit import last_commits
from localhub.ids import RESERVED_NAMESPACES
from localhub.web.addresses import WEB_REPO
from localhub.web.call import Call
from localhub.web.info import summary
from localhub.web.pages.markdown import to_html
from localhub.web.pages.template import page, route
from localhub.web.rights import check_access

ENTRIES_SHOWN = 500
LAST_COMMITS_SHOWN = 100  # each costs a walk through history
CARD_BYTES = 1 << 20
TEXT_BYTES = 1 << 18


def overview(call: Call) -> HTMLResponse:
    """Show the card and the files, at the newest or another revision."""
    repo, revision, about = opened(call)
    snapshot = repo.snapshot(revision)
    text = (snapshot.read("README.md", limit=CARD_BYTES) or b"").decode(errors="replace")
    _, card = frontmatter.split(text)
    card = card.strip()
    facts = summary(repo, repo.settings, snapshot)
    return page(
        "repo.html",
        **about,
        **_folder(snapshot, ""),
        tags=facts["tags"],
        stage=facts.get("runtime", {}).get("stage") if facts.get("host") else None,
        host=facts.get("host"),
        card=card,
        card_html=to_html(card, address=about["address"], commit=snapshot.commit_id),
        branches=[name for name, _ in snapshot.git.references("refs/heads/")],
        tag_names=[name for name, _ in snapshot.git.references("refs/tags/")],
    )


def folder(call: Call) -> HTMLResponse:
    """List a folder."""
    path = call.path("path").strip("/")
    if not path:
        return overview(call)
    repo, revision, about = opened(call)
    snapshot = repo.snapshot(revision)
    entry = snapshot.find(path)
    if entry is None or not entry.is_folder:
        raise entry_not_found(path, snapshot.commit_id)
    return page("folder.html", **about, **_folder(snapshot, path), path=path)


def file(call: Call) -> HTMLResponse:
    """Show one file: text as text, images and video as such, anything else as a download."""
    repo, revision, about = opened(call)
    check_access(call, repo)
    snapshot = repo.snapshot(revision)
    entry = snapshot.file(call.path("path"))
    if entry is None:
        raise entry_not_found(call.path("path"), snapshot.commit_id)
    media = (mimetypes.guess_type(entry.path)[0] or "").partition("/")[0]
    text = None
    if media not in ("image", "video"):
        data = snapshot.read(entry.path, limit=TEXT_BYTES)
        if data is not None and b"\0" not in data:
            text = data.decode(errors="replace")
    return page(
        "file.html", **about, commit=snapshot.commit_id, path=entry.path, file=entry, media=media, text=text
    )


def opened(call: Call):
    """Return the repo of a page, the revision, and the values that every page of a repo shows."""
    if call.path("namespace").lower() in RESERVED_NAMESPACES:
        raise HTTPException(404)  # some other address of two parts
    repo = call.repo()
    revision = call.request.path_params.get("revision", MAIN)
    about = {
        "title": str(repo.id),
        "address": repo.id.web_path,
        "kind": repo.id.type.singular,
        "revision": revision,
        "private": repo.settings.private,
        "endpoint": call.endpoint,
    }
    return repo, revision, about


def _folder(snapshot: Snapshot, path: str) -> dict[str, Any]:
    entries = snapshot.walk(path)
    shown = list(islice(entries, ENTRIES_SHOWN))
    return {
        "commit": snapshot.commit_id,
        "entries": sorted(shown, key=lambda entry: not entry.is_folder),
        "more": next(entries, None) is not None,
        "changes": last_commits(snapshot, [entry.path for entry in shown[:LAST_COMMITS_SHOWN]]),
    }


routes = [
    route(WEB_REPO, overview),
    route(f"{WEB_REPO}/tree/{{revision:part}}", overview),
    route(f"{WEB_REPO}/tree/{{revision:part}}/{{path:rest}}", folder),
    route(f"{WEB_REPO}/blob/{{revision:part}}/{{path:rest}}", file),
]
