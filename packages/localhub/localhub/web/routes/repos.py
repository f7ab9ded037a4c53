"""Create, change, move and delete repos, and return information about them."""

import base64
import binascii
from typing import Any

from starlette.routing import Route

from localhub.card.vocabulary import SPACE_SDKS
from localhub.errors import HubError
from localhub.git.gitrepo import MAIN
from localhub.ids import RepoId, RepoType, check_path
from localhub.rules import refusals
from localhub.rules.upload_mode import default_gitattributes, is_binary
from localhub.storage.space import Space
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint
from localhub.web.expand import check_expand
from localhub.web.info import repo_info
from localhub.web.rights import check_access
from localhub.web.routes import buckets
from localhub.web.routes.spaces import keep_secrets


def create(call: Call) -> dict[str, Any]:
    """Create a repo with one commit that contains .gitattributes (and, for a Space, a README.md with its SDK)."""
    id = _named(call)
    call.caller.check_write(id, private=False)
    sdk = call.field("sdk", str)
    if id.type is RepoType.SPACE and sdk not in SPACE_SDKS:
        raise HubError(400, f"A Space must have an sdk. Use one of: {', '.join(SPACE_SDKS)}.")
    private = asked_private(call)
    files = {
        ".gitattributes": default_gitattributes(media=id.type is RepoType.DATASET).encode(),
        **_first_card(call, id, sdk),
        **_given_files(call, id.type),
    }
    url = f"{call.endpoint}/{id.web_path}"
    try:
        repo, settings = call.hub.store.create(
            id,
            files=files,
            author=call.author,
            private=call.hub.accounts.default_private(id.namespace) if private is None else private,
            sdk=sdk if id.type is RepoType.SPACE else None,
        )
        if id.type is RepoType.SPACE:
            Space(repo).set_up(call.body)
            keep_secrets(call, repo)
        call.hub.events.repo("create", repo, settings)
    except HubError as error:
        if error.status != 409:
            raise
        message = f"You already created this {id.type.singular} repo"
        raise HubError(409, message, body={"url": url, "name": str(id)}) from error
    return {"url": url, "name": str(id), "id": settings.id}


def delete(call: Call) -> dict[str, Any]:
    """Delete a repo permanently."""
    repo = call.find(_named(call), write=True)
    settings = repo.settings
    call.hub.store.delete(repo)
    if call.hub.spaces is not None and repo.id.type is RepoType.SPACE:
        call.hub.spaces.stop(repo.id)
    call.hub.events.repo("delete", repo, settings)
    return {}


def move(call: Call) -> dict[str, Any]:
    """Rename a repo or move it to another namespace; the old address redirects."""
    if call.body.get("type") == "bucket":
        return buckets.move(call)
    kind = RepoType.of(call.field("type", str))
    old = RepoId.parse(kind, call.field("fromRepo", str, ""))
    new = RepoId.parse(kind, call.field("toRepo", str, ""))
    repo = call.find(old, write=True)
    call.caller.check_write(new, private=False)
    settings = repo.settings
    call.hub.store.move(repo, new)
    if call.hub.spaces is not None and kind is RepoType.SPACE:
        call.hub.spaces.moved(old, call.hub.store.get(new))
    call.hub.events.repo("move", repo, settings, moved_to=new)
    return {"url": f"{call.endpoint}/{new.web_path}"}


def settings(call: Call) -> dict[str, Any]:
    """Change who may see a repo."""
    repo = call.repo(write=True)
    changes: dict[str, Any] = {}
    if (private := asked_private(call)) is not None:
        changes["private"] = private
    if "gated" in call.body:
        if call.body["gated"] not in (False, "auto", "manual"):
            raise HubError(400, "`gated` must be false, auto or manual.")
        changes["gated"] = call.body["gated"]
    if (disabled := call.field("discussionsDisabled", bool)) is not None:
        changes["discussions_disabled"] = disabled
    with repo.lock:
        after = repo.change_settings(**changes)
        call.hub.events.config(repo, **({"private": after.private} if "private" in changes else {}))
    return {
        "private": after.private,
        "gated": after.gated,
        "visibility": "private" if after.private else "public",
    }


def info(call: Call) -> dict[str, Any]:
    """Return a repo at main or at another revision."""
    repo = call.repo()
    snapshot = repo.snapshot(call.request.path_params.get("revision", MAIN))
    expand = call.expand
    check_expand(repo.id.type, expand)
    return repo_info(repo, repo.settings, snapshot, sizes=call.flag("blobs"), expand=expand or None)


def may_read(call: Call) -> dict[str, Any]:
    """Check that the caller may read the repo and its files. A successful response means yes."""
    check_access(call, call.repo())
    return {}


def may_write(call: Call) -> dict[str, Any]:
    """Check that the caller may write to the repo."""
    call.repo(write=True)
    return {}


def _first_card(call: Call, id: RepoId, sdk: str | None) -> dict[str, bytes]:
    """Return the README.md of a new repo, if it needs one."""
    lines = [f"license: {call.body['license']}"] if call.field("license", str) else []
    if id.type is RepoType.SPACE:
        lines = [f"title: {id.name}", f"sdk: {sdk}", *lines]
    card = "\n".join(["---", *lines, "---", ""]).encode()
    if errors := refusals.card_errors(card, id.type.singular):
        raise HubError(400, "\n".join(errors))
    return {refusals.CARD: card} if lines else {}


def _given_files(call: Call, kind: RepoType) -> dict[str, bytes]:
    """Return the other files of the first commit, as the JavaScript client sends them."""
    files = {}
    for file in call.field("files", list, []):
        content = file.get("content") if isinstance(file, dict) else None
        if not isinstance(content, str) or file.get("encoding") != "base64":
            raise HubError(400, "Each file must have a path and base64-encoded content.")
        files[check_path(file.get("path"))] = _decoded(file["path"], content)
    if binary := [path for path, content in files.items() if is_binary(content)]:
        raise HubError(400, refusals.binary_files(binary, f"refs/heads/{MAIN}"))
    if errors := refusals.card_errors(files.get(refusals.CARD, b""), kind.singular):
        raise HubError(400, "\n".join(errors))
    return files


def _decoded(path: str, content: str) -> bytes:
    """Decode base64 content; 400 if it is invalid."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise HubError(400, f"The content of {path!r} is not valid base64.") from error


def _named(call: Call) -> RepoId:
    """Return the repo that a body names; the default namespace is the caller's own."""
    account = call.caller.account
    if account is None:
        raise HubError(401, "Invalid username or password. To write, log in with a token.")
    name = call.field("name", str, "")
    namespace = call.field("organization", str) or account.name
    return RepoId.parse(RepoType.of(call.field("type", str)), name if "/" in name else f"{namespace}/{name}")


def asked_private(call: Call) -> bool | None:
    """Return the visibility in the body; None if it has none."""
    visibility = call.field("visibility", str)
    if visibility is None:
        return call.field("private", bool)
    if visibility not in ("public", "private", "protected"):
        raise HubError(400, "`visibility` must be public, private or protected.")
    return visibility == "private"


routes = [
    Route("/api/repos/create", endpoint(create, body="json"), methods=["POST"]),
    Route("/api/repos/delete", endpoint(delete, body="json"), methods=["DELETE"]),
    Route("/api/repos/move", endpoint(move, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/settings", endpoint(settings, body="json"), methods=["PUT"]),
    Route(f"{API_REPO}/auth-check", endpoint(may_read)),
    Route(f"{API_REPO}/auth-check/write", endpoint(may_write)),
    Route(f"{API_REPO}/revision/{{revision:part}}", endpoint(info)),
    Route(API_REPO, endpoint(info)),
]
