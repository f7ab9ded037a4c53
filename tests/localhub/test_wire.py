"""The wire itself: status, headers and bodies that the clients build on, and what they never send."""

import base64
import hashlib
import json
import os

import pytest
from huggingface_hub import HfApi

from localhub import LocalHub

from .hubs import ndjson

LARGE = os.urandom(300_000)
SHA = hashlib.sha256(LARGE).hexdigest()
FILE = "/spacehub/w/resolve/main"


@pytest.fixture(scope="module")
def local_hub():
    """One Hub for all of this module, which only reads the repo below."""
    with LocalHub() as hub:
        yield hub


@pytest.fixture(scope="module")
def repo(local_hub):
    api = HfApi(endpoint=local_hub.endpoint, token=local_hub.token)
    api.create_repo("w")
    api.upload_file(path_or_fileobj=b"0123456789", path_in_repo="d/a.txt", repo_id="spacehub/w")
    api.upload_file(path_or_fileobj=bytes(range(10)), path_in_repo="ten.bin", repo_id="spacehub/w")
    return api.upload_file(path_or_fileobj=LARGE, path_in_repo="large.bin", repo_id="spacehub/w").oid


@pytest.fixture
def other(api):
    """A repo that a test may change."""
    return api.create_repo(f"other-{os.urandom(4).hex()}").repo_id


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/models/spacehub/none", 404, "RepoNotFound"),
        ("GET", "/api/models/gpt2", 404, "RepoNotFound"),
        ("HEAD", "/gpt2/resolve/main/config.json", 404, "RepoNotFound"),
        ("HEAD", "/datasets/squad/resolve/main/README.md", 404, "RepoNotFound"),
        ("GET", "/api/datasets/spacehub/w", 404, "RepoNotFound"),
        ("GET", "/api/models/spacehub/w/revision/none", 404, "RevisionNotFound"),
        ("GET", "/api/models/spacehub/w/revision/refs%2Fpr%2F1", 404, "RevisionNotFound"),
        ("GET", "/api/models/spacehub/w/tree/main/none", 404, "EntryNotFound"),
        ("GET", "/api/models/spacehub/w/tree/main/large.bin", 404, "EntryNotFound"),
        ("HEAD", f"{FILE}/none.txt", 404, "EntryNotFound"),
        ("HEAD", f"{FILE}/d", 404, "EntryNotFound"),
        ("GET", "/spacehub/w/resolve/none/d/a.txt", 404, "RevisionNotFound"),
        ("POST", "/api/models/spacehub/w/preupload/none", 404, "RevisionNotFound"),
        ("POST", "/api/models/spacehub/w/commit/none", 404, "RevisionNotFound"),
        ("DELETE", "/api/models/spacehub/w/branch/main", 403, None),
        ("GET", "/api/models/spacehub/w/xet-write-token/none", 404, "RevisionNotFound"),
        ("GET", "/api/jobs/alice", 501, None),
        ("PATCH", "/api/models/spacehub/w", 501, None),
        ("GET", "/nothing/here/at/all", 404, None),
        ("GET", "/info?dataset=spacehub/w", 404, None),
        ("GET", "/api/models?sort=colour", 400, None),
        ("GET", "/api/models?limit=-1", 400, None),
        ("GET", "/api/models/spacehub/w/revision/%FF", 400, None),
        ("GET", "/api/models/spacehub/w/revision/a%00b", 404, "RevisionNotFound"),
    ],
)
def test_errors(wire, repo, method, path, status, code):
    answer = wire.request(method, path)
    assert answer.status_code == status
    assert answer.headers.get("X-Error-Code") == code
    assert answer.headers["X-Error-Message"]
    if method != "HEAD":
        assert answer.json()["error"]


def test_a_missing_file_can_be_remembered(wire, repo):
    assert wire.head(f"{FILE}/none.txt").headers["X-Repo-Commit"] == repo


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_headers_of_a_small_file(wire, repo, method):
    answer = wire.request(method, f"{FILE}/d/a.txt")
    oid = hashlib.sha1(b"blob 10\x000123456789").hexdigest()
    assert answer.status_code == 200
    assert answer.headers["ETag"] == f'"{oid}"'
    assert answer.headers["X-Repo-Commit"] == repo
    assert answer.headers["Content-Length"] == "10"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''a.txt; filename=\"a.txt\";"
    assert "X-Linked-Etag" not in answer.headers
    assert answer.content == (b"" if method == "HEAD" else b"0123456789")


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_headers_of_a_large_file(wire, repo, method):
    answer = wire.request(method, f"{FILE}/large.bin")
    assert answer.headers["X-Linked-Etag"] == answer.headers["ETag"] == f'"{SHA}"'
    assert answer.headers["X-Linked-Size"] == answer.headers["Content-Length"] == str(len(LARGE))
    assert not [name for name in answer.headers if name.lower().startswith("x-xet")]  # it is not large enough
    assert answer.content == (b"" if method == "HEAD" else LARGE)


@pytest.mark.parametrize(
    ("header", "status", "first", "last"),
    [
        ("bytes=0-0", 206, 0, 0),
        ("bytes=3-5", 206, 3, 5),
        ("bytes=7-", 206, 7, 9),
        ("bytes=-4", 206, 6, 9),
        ("bytes=-400", 206, 0, 9),
        ("bytes=0-400", 206, 0, 9),
        ("bytes=10-", 416, None, None),
        ("bytes=10-12", 416, None, None),
        ("bytes=-0", 416, None, None),
        ("bytes=5-3", 200, 0, 9),
        ("bytes=-", 200, 0, 9),
        ("bytes=a-b", 200, 0, 9),
        ("lines=1-2", 200, 0, 9),
        ("bytes=0-1,3-4", 200, 0, 9),
    ],
)
@pytest.mark.parametrize("path", ["d/a.txt", "ten.bin"])
def test_ranges(wire, repo, path, header, status, first, last):
    content = bytes(range(10)) if path == "ten.bin" else b"0123456789"
    answer = wire.get(f"{FILE}/{path}", headers={"Range": header})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["Content-Range"] == "bytes */10"
        return
    assert answer.content == content[first : last + 1]
    assert answer.headers.get("Content-Range") == (f"bytes {first}-{last}/10" if status == 206 else None)


def test_conditional_requests(wire, repo):
    etag = wire.head(f"{FILE}/large.bin").headers["ETag"]
    for value in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = wire.get(f"{FILE}/large.bin", headers={"If-None-Match": value})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["X-Repo-Commit"] == repo
    assert wire.get(f"{FILE}/large.bin", headers={"If-None-Match": '"x"'}).status_code == 200
    both = {"Range": "bytes=0-3", "If-Range": '"another"'}
    assert wire.get(f"{FILE}/large.bin", headers=both).status_code == 200
    assert wire.get(f"{FILE}/large.bin", headers=both | {"If-Range": etag}).content == LARGE[:4]


def test_empty_and_awkwardly_named_files(api, wire, other):
    for path in ("empty", "sp ace/ü%20#?.txt", 'quo"te.txt'):
        api.upload_file(path_or_fileobj=b"" if path == "empty" else b"x", path_in_repo=path, repo_id=other)
    assert wire.get(f"/{other}/resolve/main/empty").content == b""
    assert wire.get(f"/{other}/resolve/main/empty", headers={"Range": "bytes=0-0"}).status_code == 416
    assert wire.get(f"/{other}/resolve/main/sp%20ace/%C3%BC%2520%23%3F.txt").content == b"x"
    assert api.file_exists(other, 'quo"te.txt')


def test_uploads_can_never_run_as_pages(api, wire, other):
    api.upload_file(path_or_fileobj=b"<script>alert(1)</script>", path_in_repo="x.html", repo_id=other)
    answer = wire.get(f"/{other}/resolve/main/x.html")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_request_ids(wire):
    assert wire.get("/healthz", headers={"X-Amzn-Trace-Id": "mine"}).headers["X-Request-Id"] == "mine"
    assert wire.get("/api/models/a/b").headers["X-Request-Id"]


def test_paths_info_takes_a_form_and_json(wire, repo):
    url = "/api/models/spacehub/w/paths-info/main"
    asked = ["d", "d/a.txt", "large.bin", "none", "d/a.txt/b", "../d", ""]
    form = wire.post(url, data={"paths": asked, "expand": "false"}).json()
    assert [entry["path"] for entry in form] == ["d", "d/a.txt", "large.bin"]
    assert form[2]["lfs"] == {"oid": SHA, "size": len(LARGE), "pointerSize": 131}
    assert wire.post(url, json={"paths": asked, "expand": False}).json() == form
    expanded = wire.post(url, data={"paths": ["large.bin"], "expand": "true"}).json()
    assert expanded[0]["lastCommit"]["id"] == repo
    assert wire.post(url, data={"paths": ["x"] * 1000, "expand": "false"}).status_code == 200
    for count in (1001, 6000):  # the Hub's own words
        answer = wire.post(url, data={"paths": ["x"] * count})
        assert (answer.status_code, answer.json()) == (413, {"error": "too many parameters"})
    assert wire.post(url, json={"expand": []}).json() == []


@pytest.mark.parametrize(
    ("path", "size", "sample", "mode"),
    [
        ("a.txt", 5, b"hello", "regular"),
        ("a.csv", 9_000_000, b"a,b\n", "regular"),
        ("a.csv", 10_000_001, b"a,b\n", "lfs"),
        ("a.parquet", 4, b"PAR1", "lfs"),
        ("deep/a.safetensors", 4, b"text", "lfs"),
        ("a.unknown", 4, b"\0\1\2\3", "lfs"),
        ("latin.txt", 4, b"\xe9t\xe9 ", "lfs"),
        ("cut.txt", 600, b"a" * 511 + "é".encode()[:1], "regular"),
        ("forced.txt", 5, b"hello", "lfs"),
        ("sub/forced.txt", 5, b"hello", "lfs"),
        ("raw/x.bin", 4, b"text", "regular"),
        ("raw/x.bin", 4, b"\0\1", "lfs"),  # git takes no binary file, whatever the rules say
        ("a.pdf", 9, b"%PDF-1.7\n", "lfs"),
        ("prose.txt", 20, b"caf\xe9 au lait, \xe0 midi".ljust(40), "regular"),
        ("raw/x.bin", 20_000_000, b"\0\1", "lfs"),
    ],
)
def test_upload_mode(api, wire, other, path, size, sample, mode):
    rules = b"*.parquet filter=lfs\n*.safetensors filter=lfs\nforced.txt filter=lfs\n/raw/*.bin -filter\n"
    api.upload_file(path_or_fileobj=rules, path_in_repo=".gitattributes", repo_id=other)
    file = {"path": path, "size": size, "sample": base64.b64encode(sample).decode()}
    answer = wire.post(f"/api/models/{other}/preupload/main", json={"files": [file]}).json()
    assert answer["files"] == [{"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": None}]


def test_preupload_reports_existing_files(wire, repo):
    files = [
        {"path": path, "size": 1, "sample": ""} for path in ("d/a.txt", "large.bin", "d", "new", "a/skip.log")
    ]
    body = {"files": files, "gitIgnore": "*.log\n"}
    answer = {
        file["path"]: file
        for file in wire.post("/api/models/spacehub/w/preupload/main", json=body).json()["files"]
    }
    assert answer["d/a.txt"]["oid"] == hashlib.sha1(b"blob 10\x000123456789").hexdigest()
    assert answer["large.bin"]["oid"] == SHA
    assert answer["d"]["oid"] is answer["new"]["oid"] is None
    assert [path for path, file in answer.items() if file["shouldIgnore"]] == ["a/skip.log"]


BAD_COMMITS = {
    "no lines": b"",
    "not JSON": b"{",
    "not an object": b"[1]\n",
    "no header": json.dumps({"key": "file", "value": {"path": "a", "content": ""}}).encode(),
    "empty summary": ndjson(summary=" "),
    "summary of a wrong type": ndjson(summary=3),
    "unknown operation": ndjson(("explode", {"path": "a"})),
    "value of a wrong type": b'{"key":"header","value":{"summary":"s"}}\n{"key":"file","value":"a"}\n',
    "content not base64": ndjson(("file", {"path": "a", "content": "%%", "encoding": "base64"})),
    "unknown encoding": ndjson(("file", {"path": "a", "content": "", "encoding": "rot13"})),
    "content missing": ndjson(("file", {"path": "a", "encoding": "base64"})),
    "large file never sent": ndjson(("lfsFile", {"path": "a", "algo": "sha256", "oid": "0" * 64, "size": 1})),
    "large file without oid": ndjson(("lfsFile", {"path": "a"})),
    "large file of another size": ndjson(("lfsFile", {"path": "a", "oid": SHA, "size": 1})),
    "path of a wrong type": ndjson(("deletedFolder", {"path": 3})),
    "half a surrogate pair": b'{"key":"header","value":{"summary":"\\ud800"}}\n',
    "file over a folder": ndjson(("file", {"path": "d", "content": "", "encoding": "base64"})),
    "folder over a file": ndjson(("file", {"path": "large.bin/x", "content": "", "encoding": "base64"})),
    "parent of a wrong type": ndjson(parentCommit=[]),
    "deeply nested": b'{"key":' + b"[" * 100_000,
}


@pytest.mark.parametrize("body", BAD_COMMITS.values(), ids=BAD_COMMITS)
def test_a_bad_commit_is_refused_whole(wire, repo, body):
    answer = wire.post("/api/models/spacehub/w/commit/main", content=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]
    assert wire.get("/api/models/spacehub/w").json()["sha"] == repo


def test_a_regular_file_has_a_limit(wire, repo):
    content = base64.b64encode(bytes(10_000_001)).decode()
    body = ndjson(("file", {"path": "big.txt", "content": content, "encoding": "base64"}))
    answer = wire.post("/api/models/spacehub/w/commit/main", content=body)
    assert answer.status_code == 413
    assert "LFS" in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/repos/create", b"{"),
        ("POST", "/api/repos/create", b"[]"),
        ("POST", "/api/repos/create", b'{"name": 3}'),
        ("POST", "/api/repos/create", b'{"name": "a b"}'),
        ("POST", "/api/repos/create", b'{"name": "x", "organization": "api"}'),
        ("POST", "/api/repos/create", b'{"name": "x", "type": "cake"}'),
        ("POST", "/api/repos/create", b'{"name": "x", "type": "space"}'),
        ("POST", "/api/repos/create", b'{"name": "\\ud800"}'),
        ("POST", "/api/repos/create", b"\xff\xfe"),
        ("POST", "/api/repos/create", b'{"name": "x", "private": "yes"}'),
        ("POST", "/api/repos/move", b'{"fromRepo": "spacehub/w"}'),
        ("PUT", "/api/models/spacehub/w/settings", b'{"gated": "perhaps"}'),
        ("PUT", "/api/models/spacehub/w/settings", b'{"visibility": "foggy"}'),
        ("POST", "/api/models/spacehub/w/tag/main", b"{}"),
        ("POST", "/api/models/spacehub/w/tag/main", b'{"tag": "a..b"}'),
        ("POST", "/api/models/spacehub/w/branch/-x", b"{}"),
        ("POST", "/api/models/spacehub/w/preupload/main", b'{"files": [3]}'),
        ("POST", "/api/models/spacehub/w/preupload/main", b'{"files": [{"path": "a", "sample": "%"}]}'),
        ("POST", "/spacehub/w.git/info/lfs/objects/batch", b'{"operation": "dance"}'),
        (
            "POST",
            "/spacehub/w.git/info/lfs/objects/batch",
            b'{"operation": "upload", "objects": [{"oid": "x"}]}',
        ),
    ],
)
def test_bad_bodies(wire, repo, method, path, body):
    answer = wire.request(method, path, content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]


def test_bodies_are_bounded(wire, repo):
    answer = wire.post("/api/repos/create", content=b" " * (17 << 20))
    assert answer.status_code == 413


def test_absolute_addresses_follow_the_host_that_was_asked(wire, repo, local_hub):
    port = local_hub.endpoint.rsplit(":", 1)[1]
    body = {"name": "named", "organization": "spacehub"}
    answer = wire.post("/api/repos/create", json=body, headers={"Host": f"localhost:{port}"})
    assert answer.json()["url"] == f"http://localhost:{port}/spacehub/named"
    assert wire.post("/api/repos/create", json={"name": "b"}, headers={"Host": 'a"b<c>'}).status_code == 403


def test_small_answers(wire):
    assert wire.get("/healthz").json() == {"status": "ok"}
    assert wire.get("/api/agent-harnesses").json() == {"standardEnvVars": [], "harnesses": {}}
    assert wire.head("/api/telemetry/x/y").status_code == 200
