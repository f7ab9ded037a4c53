"""Copy within the embedded Hub: a whole repo, or large files from one repo to another."""

import dataclasses
import secrets
from typing import Any

from starlette.routing import Route

from localhub.errors import HubError
from localhub.files.lfs import OID, Pointer
from localhub.ids import RepoId, RepoType
from localhub.storage.duplicate import duplicate
from localhub.storage.space import Space
from localhub.times import now
from localhub.web.addresses import API_REPO
from localhub.web.call import Call, endpoint
from localhub.web.rights import check_access, repo_to_propose_to
from localhub.web.routes.repos import asked_private
from localhub.web.routes.spaces import keep_secrets

FILES_PER_CALL = 1000


def duplicate_repo(call: Call) -> dict[str, Any]:
    """Create a repo with the history and the files of another, by default with the same visibility."""
    source = call.repo()
    check_access(call, source)
    id = RepoId.parse(source.id.type, call.field("repository", str, ""))
    call.caller.check_write(id, private=False)
    url = f"{call.endpoint}/{id.web_path}"
    settings, private = source.settings, asked_private(call)
    settings = dataclasses.replace(
        settings,
        id=secrets.token_hex(12),
        created_at=now(),
        private=settings.private if private is None else private,
    )
    try:
        with duplicate(call.hub.store, source, id, settings) as made:
            if id.type is RepoType.SPACE:
                Space(made).set_up(call.body)
        copy = call.hub.store.get(id)
        call.hub.events.repo("create", copy, settings)
        if id.type is RepoType.SPACE and call.hub.spaces is not None:
            keep_secrets(call, copy)
            call.hub.spaces.restart(copy)
    except HubError as error:
        if error.status != 409:
            raise
        raise HubError(409, error.message, body={"url": url, "name": str(id)}) from error
    return {"url": url, "name": str(id), "id": settings.id, "filesCopyPending": False}


def duplicate_files(call: Call) -> dict[str, Any]:
    """Copy large files of this repo to another repo, before a commit in that repo uses them."""
    source = call.repo()
    check_access(call, source)
    target = call.field("target", dict, {})
    name = target.get("name")
    id = RepoId.parse(RepoType.of(target.get("type")), name if isinstance(name, str) else "")
    target_repo = repo_to_propose_to(call, id)
    files = call.field("files", list, [])
    if len(files) > FILES_PER_CALL:
        raise HubError(400, f"A request may contain at most {FILES_PER_CALL} files.")
    failed = []
    for file in files:
        oid = file.get("sha256") if isinstance(file, dict) else None
        if not isinstance(oid, str) or not OID.fullmatch(oid):
            raise HubError(400, "Each file must have a sha256.")
        size = source.lfs.size(oid)
        if size is None or not target_repo.lfs.take_from(source.lfs, Pointer(oid, size)):
            failed.append({"sha256": oid, "error": "This file is not in the source repo"})
    return {"failed": failed}


routes = [
    Route(f"{API_REPO}/duplicate", endpoint(duplicate_repo, body="json"), methods=["POST"]),
    Route(f"{API_REPO}/lfs-files/duplicate", endpoint(duplicate_files, body="json"), methods=["POST"]),
]
