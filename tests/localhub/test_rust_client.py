"""What the Rust client hf-hub sends (recorded from its releases 0.3 and 0.4), and the headers it reads from the answers."""

import base64
import hashlib
import json

import httpx2
import pytest
from huggingface_hub import HfApi

from localhub import LocalHub

SMALL, LARGE = b"0123456789", bytes(range(256)) * 2000
AGENT = {"user-agent": "unknown/None; hf-hub/0.4.3; rust/unknown", "accept": "*/*"}


@pytest.fixture(scope="module")
def repo():
    """A client as hf-hub is: it follows no redirect, so that it can read the headers of the first answer."""
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        for kind, revision in (("model", "refs/pr/1"), ("dataset", "refs/convert/parquet")):
            api.create_repo("rust", repo_type=kind)
            if kind == "model":
                api.create_pull_request("spacehub/rust", "Change")
            else:
                api.create_branch("spacehub/rust", branch=revision, repo_type=kind)
            for path, content in (("d/small.txt", SMALL), ("large.bin", LARGE)):
                api.upload_file(
                    path_or_fileobj=content,
                    path_in_repo=path,
                    repo_id="spacehub/rust",
                    repo_type=kind,
                    revision=revision,
                )
        with httpx2.Client(base_url=hub.endpoint, headers=AGENT, trust_env=False, timeout=60) as client:
            client.token = hub.token
            yield client


REVISIONS = [("/spacehub/rust", "models", "refs%2Fpr%2F1"), ("/datasets/spacehub/rust", "datasets", "refs%2Fconvert%2Fparquet")]  # fmt: skip


@pytest.mark.parametrize(("web", "kind", "revision"), REVISIONS)
def test_metadata_then_download(repo, web, kind, revision):
    info = repo.get(f"/api/{kind}/spacehub/rust/revision/{revision}").json()
    assert {"d/small.txt", "large.bin"} < {file["rfilename"] for file in info["siblings"]}
    assert info["sha"]
    blobs = repo.get(f"/api/{kind}/spacehub/rust/revision/{revision}?blobs=true").json()
    sizes = {file["rfilename"]: file["size"] for file in blobs["siblings"]}
    assert (sizes["d/small.txt"], sizes["large.bin"]) == (len(SMALL), len(LARGE))
    for path, content in (("d/small.txt", SMALL), ("large.bin", LARGE)):
        url = f"{web}/resolve/{revision}/{path}"
        metadata = repo.get(url, headers={"range": "bytes=0-0"})
        assert metadata.status_code == 206
        assert metadata.headers["x-repo-commit"] == info["sha"]
        etag = metadata.headers.get("x-linked-etag", metadata.headers["etag"]).strip('"')
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        assert etag == (hashlib.sha256(content).hexdigest() if path == "large.bin" else blob)
        assert int(metadata.headers["content-range"].rpartition("/")[2]) == len(content)
        assert repo.get(url).content == content
        half = len(content) // 2  # in parts, as its asynchronous half does; and going on after a break
        parts = [f"bytes=0-{half - 1}", f"bytes={half}-{len(content) - 1}"]
        assert b"".join(repo.get(url, headers={"range": part}).content for part in parts) == content
        assert repo.get(url, headers={"range": f"bytes={half}-"}).content == content[half:]


@pytest.mark.parametrize("branch", ["main", "refs/pr/1"])
def test_an_upload_as_release_1_sends_it(repo, branch):
    """Revisions with plain slashes; large files by Xet, or not at all: else it sends them inline, as no Hub takes them."""
    token = {"authorization": f"Bearer {repo.token}"}
    content = b"\0weights" + branch.encode()
    sample = base64.b64encode(content[:512]).decode()
    url = f"/api/models/spacehub/rust/preupload/{branch}"
    files = {"files": [{"path": "new.bin", "size": len(content), "sample": sample}]}
    modes = repo.post(url, json=files, headers=token).json()["files"]
    assert [(file["path"], file["uploadMode"]) for file in modes] == [("new.bin", "lfs")]
    oid = hashlib.sha256(content).hexdigest()
    body = {
        "operation": "upload",
        "transfers": ["basic", "multipart", "xet"],
        "objects": [{"oid": oid, "size": len(content)}],
        "hash_algo": "sha256",
        "ref": {"name": branch},
    }
    kind = {"accept": "application/vnd.git-lfs+json", "content-type": "application/vnd.git-lfs+json"}
    batch = repo.post("/spacehub/rust.git/info/lfs/objects/batch", json=body, headers=token | kind).json()
    assert batch["transfer"] == "xet"
    action = batch["objects"][0]["actions"]["upload"]
    permission = repo.get(f"/api/models/spacehub/rust/xet-write-token/{branch}", headers=token).json()
    assert permission["casUrl"] == action["header"]["X-Xet-Cas-Url"]
    assert repo.get(action["href"], headers=token).status_code == 200
    lines = [
        {"key": "header", "value": {"summary": "Upload", "description": ""}},
        {"key": "file", "value": {"content": sample, "path": "note.txt", "encoding": "base64"}},
    ]
    lines[1]["value"]["content"] = base64.b64encode(b"text").decode()
    ndjson = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    url = f"/api/models/spacehub/rust/commit/{branch}"
    kind = {"content-type": "application/x-ndjson"}
    made = repo.post(url, content=ndjson, headers=token | kind).json()
    assert len(made["commitOid"]) == 40
    for revision in (branch, branch.replace("/", "%2F")):
        tree = repo.get(f"/api/models/spacehub/rust/tree/{revision}", params={"recursive": "true"}).json()
        assert "note.txt" in [entry["path"] for entry in tree]
        assert repo.get(f"/spacehub/rust/resolve/{revision}/note.txt").content == b"text"


def test_a_path_that_looks_like_a_revision(repo):
    """It is the name of a file, however it is written."""
    token = {"authorization": f"Bearer {repo.token}"}
    path = "tree/refs/pr/1/x.txt"
    file = {"path": path, "encoding": "base64", "content": "aGk="}
    lines = [{"key": "header", "value": {"summary": "Add"}}, {"key": "file", "value": file}]
    ndjson = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    repo.post("/api/models/spacehub/rust/commit/main", content=ndjson, headers=token).raise_for_status()
    assert repo.get(f"/spacehub/rust/resolve/main/{path}").content == b"hi"


def test_what_is_missing(repo):
    for path, code in (
        ("/spacehub/rust/resolve/main/none", "EntryNotFound"),
        ("/none/r/resolve/main/x", "RepoNotFound"),
    ):
        answer = repo.get(path, headers={"range": "bytes=0-0"})
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, code)
