"""Paths that climb out, hide or confuse are refused; all others come back as they went in."""

import socket
from pathlib import PurePosixPath
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localhub import LocalHub
from localhub.errors import HubError
from localhub.ids import RepoId, RepoType, check_path, is_name

from .hubs import ndjson


@pytest.fixture(scope="module")
def local_hub():
    """One Hub for all of this module."""
    with LocalHub() as hub:
        yield hub


BAD_PATHS = [
    "",
    "/etc/passwd",
    "..",
    "../x",
    "a/../../x",
    "a/..",
    ".",
    "./a",
    "a//b",
    "a/",
    ".git/config",
    ".GIT/hooks/post-update",
    "a/.git/x",
    ".git./x",
    ".git /x",
    "git~1/x",
    ".git::$INDEX_ALLOCATION/x",
    ".g\u200cit/x",
    "a\0b",
    "a\nb",
    "a\x7f",
    "..\\x",
    "C:\\x",
    "\\x",
    "a\\.git",
    "x" * 256,
    "d/" * 1100 + "x",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_bad_paths_cannot_be_written(wire, api, path):
    api.create_repo("r", exist_ok=True)
    sha = api.model_info("spacehub/r").sha
    bodies = [
        ndjson(("file", {"path": path, "content": "aGk=", "encoding": "base64"})),
        ndjson(("deletedFile", {"path": path})),
        ndjson(("lfsFile", {"path": path, "algo": "sha256", "oid": "0" * 64, "size": 1})),
    ]
    for body in bodies:
        assert wire.post("/api/models/spacehub/r/commit/main", content=body).status_code in (400, 422)
    files = [{"path": path, "size": 1, "sample": ""}]
    assert wire.post("/api/models/spacehub/r/preupload/main", json={"files": files}).status_code == 422
    assert wire.get("/api/models/spacehub/r").json()["sha"] == sha


@pytest.mark.parametrize(
    "path",
    [
        "/spacehub/r/resolve/main/../../../../token",
        "/spacehub/r/resolve/main/..%2f..%2f..%2ftoken",
        "/spacehub/r/resolve/main/%2e%2e/token",
        "/spacehub/r/resolve/main/%252e%252e%252ftoken",
        "/spacehub/r/resolve/main//etc/passwd",
        "/spacehub/r/resolve/main/.git/config",
        "/spacehub/r/resolve/main/a%00b",
        "/spacehub/r/resolve/..%2f..%2ftoken/x",
        "/spacehub/..%2f..%2f/resolve/main/token",
        "/..%2f../r/resolve/main/token",
        "/api/models/..%2f..%2f../r",
        "/api/models/spacehub/..",
        "/api/models/spacehub/r/tree/main/../..",
        "/api/models/spacehub/r/tree/main/%2e%2e",
        "/lfs/models/spacehub/r/..%2f..%2frepo.json",
    ],
)
def test_nothing_outside_a_repo_can_be_read(wire, api, local_hub, path):
    api.create_repo("r", exist_ok=True)
    host, port = local_hub.endpoint.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as plain:  # a client would tidy the path up
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := plain.recv(65536):
            answer += piece
    assert 400 <= int(answer.split()[1]) < 502
    assert local_hub.token.encode() not in answer


@pytest.mark.parametrize("name", ["a", "A.b-c_d", "_x", "0", "falcon9-landings", "a" * 96])
def test_good_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        ".a",
        "a.",
        "-a",
        "a-",
        "a--b",
        "a..b",
        "a/b",
        "a b",
        "é",
        "a\n",
        "a" * 97,
        "x.git",
        None,
        3,
    ],
)
def test_bad_names(name):
    assert not is_name(name)


@pytest.mark.parametrize("text", ["a", "a/b/c", "/b", "a/", "api/x", "datasets/x", "models/x", "lfs/x"])
def test_bad_ids(text):
    with pytest.raises(HubError):
        RepoId.parse(RepoType.MODEL, text)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4).map("/".join))
def test_a_path_that_passes_is_harmless(path):
    try:
        assert check_path(path) == path
    except HubError:
        return
    parts = PurePosixPath(path).parts
    assert not PurePosixPath(path).is_absolute()
    assert ".." not in parts
    assert ".git" not in [part.lower() for part in parts]
    assert "\0" not in path


PERCENT_NAMES = [
    "https%3A%2F%2Fexample.org%2Fnews.html",
    "frame_%04d.png.txt",
    "save 10%0ff.txt",
    "%2e%2e/notes.txt",
    "%2egit/config",
    "a%00b",
    "100%.txt",
    "%25",
]


def test_names_with_percent_signs_come_back_as_they_are(api, wire, tmp_path):
    """An address is decoded once: a "%2F" that is left belongs to the name."""
    api.create_repo("percent")
    for name in PERCENT_NAMES:
        api.upload_file(path_or_fileobj=name.encode(), path_in_repo=name, repo_id="spacehub/percent")
    assert sorted(api.list_repo_files("spacehub/percent")) == sorted([".gitattributes", *PERCENT_NAMES])
    folder = tmp_path / "local"
    for name in PERCENT_NAMES:
        path = api.hf_hub_download("spacehub/percent", name, local_dir=folder)
        with open(path, "rb") as file:
            assert file.read() == name.encode()
        assert wire.get(f"/spacehub/percent/blob/main/{quote(name)}").status_code == 200
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} >= set(
        PERCENT_NAMES
    )
