"""git clone, fetch and push with the real git; what a push may not bring; who may push."""

import gzip
import os
import shutil

import pytest
from huggingface_hub import HfApi

from localhub import LocalHub
from localhub.errors import HubError
from localhub.git import http_backend

from .git_client import Git
from .hubs import ALICE_READS, ALICE_WRITES, BOB_WRITES, CAROL_WRITES, check_repos

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def git(local_hub, api, tmp_path):
    api.create_repo("r")
    return Git.clone(local_hub.endpoint, "spacehub/r", tmp_path / "work", token=local_hub.token)


def test_push_is_seen_by_the_clients(git, api, local_hub):
    git.commit({"README.md": "---\nlicense: mit\n---\n# Hello\n", "a/b.txt": "text"})
    git("push", "origin", "main")
    info = api.model_info("spacehub/r")
    assert info.sha == git("rev-parse", "HEAD")
    assert "license:mit" in info.tags
    assert api.list_repo_files("spacehub/r") == [".gitattributes", "README.md", "a/b.txt"]
    with open(api.hf_hub_download("spacehub/r", "a/b.txt")) as file:
        assert file.read() == "text"


def test_what_the_clients_commit_is_fetched(git, api):
    api.upload_file(path_or_fileobj=b"1", path_in_repo="new.txt", repo_id="spacehub/r")
    git("pull", "origin", "main")
    assert (git.folder / "new.txt").read_text() == "1"
    git.commit({"more.txt": "2"})
    git("push", "origin", "main")
    api.create_tag("spacehub/r", tag="v1", tag_message="first")
    git("fetch", "--tags", "origin")
    assert git("rev-parse", "v1^{commit}") == git("rev-parse", "HEAD")


@pytest.mark.parametrize(("kind", "ending"), [("model", ".git"), ("dataset", ""), ("space", ".git")])
def test_every_kind_of_address(local_hub, api, tmp_path, kind, ending):
    api.create_repo("k", repo_type=kind, space_sdk="static" if kind == "space" else None)
    prefix = "" if kind == "model" else f"{kind}s/"
    address = f"{prefix}spacehub/k{ending}"
    git = Git.clone(local_hub.endpoint, address, tmp_path / "w", token=local_hub.token)
    git.commit({"x": "y"})
    git("push")
    assert "x" in api.list_repo_files("spacehub/k", repo_type=kind)


def test_branches_tags_and_force(git, api):
    git("push", "origin", "HEAD:refs/heads/side", "HEAD:refs/tags/v1")
    first = git("rev-parse", "HEAD")
    git.commit({"x": "1"})
    git("push", "origin", "HEAD:side")
    git("push", "--force", "origin", f"{first}:side")
    refs = api.list_repo_refs("spacehub/r")
    assert {branch.name: branch.target_commit for branch in refs.branches} == {"main": first, "side": first}
    git("push", "origin", ":side", ":refs/tags/v1")
    refs = api.list_repo_refs("spacehub/r")
    assert ([branch.name for branch in refs.branches], refs.tags) == (["main"], [])
    assert "non-fast-forward" in git.fails(
        "push", "origin", f"{git('commit-tree', 'HEAD^{tree}', '-m', 'x')}:main"
    )


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """A clone for what is never let in."""
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r")
        refs = api.list_repo_refs("spacehub/r")
        folder = tmp_path_factory.mktemp("refused") / "work"
        yield Git.clone(hub.endpoint, "spacehub/r", folder, token=hub.token)
        assert api.list_repo_refs("spacehub/r") == refs


def tree_of(git, name, mode="100644", kind="blob", content=b"x"):
    """A commit that no work tree can hold."""
    oid = git("hash-object", "-w", "--stdin", "--literally", "-t", "blob", data=content)
    oid = git("rev-parse", "HEAD") if kind == "commit" else oid
    tree = git("hash-object", "-w", "-t", "tree", "--stdin", "--literally", data=raw_tree(mode, name, oid))
    return git("commit-tree", tree, "-p", "HEAD", "-m", "hostile")


def raw_tree(mode, name, oid):
    return f"{mode} ".encode() + name + b"\0" + bytes.fromhex(oid)


@pytest.mark.parametrize(
    ("name", "mode", "kind", "sentence"),
    [
        (b"..", "100644", "blob", None),
        (b".git", "100644", "blob", None),
        (b".GiT", "100644", "blob", None),
        (b"git~1", "100644", "blob", "git"),
        (b"C:\\a", "100644", "blob", "relative on Windows"),
        (b"\xff\xfe", "100644", "blob", "not valid UTF-8"),
        (b"new\nline", "100644", "blob", "control characters"),
        (b"link", "120000", "blob", "symbolic link"),
        (b"module", "160000", "commit", "submodule"),
    ],
)
def test_a_push_is_held_to_the_rules_of_a_commit(refused, name, mode, kind, sentence):
    said = refused.fails("push", "origin", f"{tree_of(refused, name, mode, kind)}:main")
    assert sentence is None or sentence in said


@pytest.mark.parametrize(
    "ref", ["refs/pr/1", "refs/pr/x", "refs/convert/pr/1", "refs/other/x", "refs/heads/refs/pr/1"]
)
def test_refs_that_are_the_hubs_own(refused, ref):
    assert "remote rejected" in refused.fails("push", "origin", f"HEAD:{ref}")


def test_main_stays(refused):
    assert "Cannot delete refs/heads/main" in refused.fails("push", "origin", ":main")


def test_a_tag_must_lead_to_a_commit(refused):
    blob = refused("hash-object", "-w", "--stdin", data=b"x")
    assert "would not point to a commit" in refused.fails("push", "origin", f"{blob}:refs/tags/odd")


def test_large_files_must_use_lfs(refused):
    (refused.folder / "big.txt").write_bytes(b"x" * 10_000_001)
    refused.commit({})
    commit = refused("rev-parse", "HEAD")
    refused("reset", "--hard", "origin/main")
    assert "contains files larger than 10 MB" in refused.fails("push", "origin", f"{commit}:main")


def test_a_pointer_needs_its_object(refused):
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 5\n"
    refused.commit({"missing.txt": pointer})
    assert "has not been uploaded" in refused.fails("push", "origin", "main")


def test_a_long_push_and_a_sound_repo(hub_process, tmp_path):
    """More than git sends at once: it comes in pieces, after a probe."""
    hub = hub_process()
    HfApi(endpoint=hub.endpoint, token=hub.token).create_repo("r")
    git = Git.clone(hub.endpoint, "spacehub/r", tmp_path / "work", token=hub.token)
    for number in range(3):
        git.commit({f"{number}/{index}.txt": os.urandom(50_000).hex() for index in range(20)})
    git("push", "origin", "main")
    assert list((hub.root / "incoming").iterdir()) == []
    again = Git.clone(hub.endpoint, "spacehub/r", tmp_path / "again")
    assert again("rev-parse", "HEAD") == git("rev-parse", "HEAD")
    shallow = Git.clone(hub.endpoint, "spacehub/r", tmp_path / "shallow", "--depth=1", "--filter=blob:none")
    assert shallow("rev-list", "--count", "HEAD") == "1"
    check_repos(hub.root)


def test_a_moved_repo_is_followed(git, api, local_hub, tmp_path):
    api.move_repo("spacehub/r", "spacehub/new")
    git.commit({"x": "y"})
    git("push", "origin", "main")
    assert "x" in api.list_repo_files("spacehub/new")


def test_pull_requests(git, api, local_hub):
    pull_request = api.create_pull_request("spacehub/r", "Over git")
    git.commit({"change.txt": "1"})
    git("push", "origin", f"HEAD:{pull_request.git_reference}")
    details = api.get_discussion_details("spacehub/r", pull_request.num)
    assert [event.oid for event in details.events if event.type == "commit"] == [git("rev-parse", "HEAD")]
    assert "+1" in details.diff
    git("fetch", "origin", "refs/pr/1")
    assert git("rev-parse", "FETCH_HEAD") == git("rev-parse", "HEAD")
    assert "cannot be deleted" in git.fails("push", "origin", ":refs/pr/1")
    api.change_discussion_status("spacehub/r", 1, "open")
    api.merge_pull_request("spacehub/r", 1)
    assert "not an open pull request" in git.fails("push", "--force", "origin", "HEAD~1:refs/pr/1")


@pytest.fixture(scope="module")
def private(people):
    people[ALICE_WRITES].post(
        "/api/repos/create", json={"name": "secret", "private": True}
    ).raise_for_status()
    people[ALICE_WRITES].post("/api/repos/create", json={"name": "open"}).raise_for_status()
    return people


@pytest.mark.parametrize(
    ("token", "repo", "fetching", "pushing"),
    [
        (ALICE_WRITES, "secret", 200, 200),
        (ALICE_READS, "secret", 200, 403),
        (BOB_WRITES, "secret", 404, 404),
        (None, "secret", 401, 401),
        (None, "none", 401, 401),
        (CAROL_WRITES, "none", 404, 404),
        (None, "open", 200, 401),
        (CAROL_WRITES, "open", 200, 403),
    ],
)
def test_who_may(private, token, repo, fetching, pushing):
    got = []
    for service in ("git-upload-pack", "git-receive-pack"):
        answer = private[token].get(f"/alice/{repo}/info/refs", params={"service": service})
        got.append(answer.status_code)
        if answer.status_code == 401:  # git asks for a password only then
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
            assert answer.headers["Content-Type"].startswith("text/plain")
        else:
            headers = {"Content-Type": f"application/x-{service}-request"}
            asked = private[token].post(f"/alice/{repo}/{service}", content=b"0000", headers=headers)
            assert asked.status_code == answer.status_code
    assert got == [fetching, pushing]


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [("user", ALICE_WRITES, 200), (ALICE_WRITES, "", 200), ("alice", "wrong_password", 401), ("", "", 401)],
)
def test_basic_credentials(private, user, password, status):
    answer = private[None].get(
        "/alice/secret/info/refs", params={"service": "git-upload-pack"}, auth=(user, password)
    )
    assert answer.status_code == status


def test_an_outsider_pushes_to_a_pull_request_of_their_own_only(private, tmp_path):
    made = private[CAROL_WRITES].post(
        "/api/models/alice/open/discussions", json={"title": "Mine", "pullRequest": True}
    )
    private[ALICE_WRITES].post(
        "/api/models/alice/open/discussions", json={"title": "Hers", "pullRequest": True}
    )
    endpoint = str(private[None].base_url).rstrip("/")
    git = Git.clone(endpoint, "alice/open", tmp_path / "w", token=CAROL_WRITES)
    git.commit({"x": "y"})
    git("push", "origin", f"HEAD:refs/pr/{made.json()['num']}")
    assert "not an open pull request" in git.fails("push", "origin", f"HEAD:refs/pr/{made.json()['num'] + 1}")
    assert "You may not write to refs/heads/main" in git.fails("push", "origin", "HEAD:main")


def test_a_packed_request(private):
    body = gzip.compress(b"0014command=ls-refs\n0000")
    headers = {
        "Content-Encoding": "gzip",
        "Content-Type": "application/x-git-upload-pack-request",
        "Git-Protocol": "version=2",
    }
    answer = private[None].post("/alice/open/git-upload-pack", content=body, headers=headers)
    assert b"refs/heads/main" in answer.content


@pytest.mark.parametrize("service", ["git-upload-pack", "git-receive-pack"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"0014command=ls-refs\n0001xxxx", b"ffff", b"0000" * 1000]
)
def test_nonsense_is_refused(private, service, encoding, body):
    headers = {
        "Content-Type": f"application/x-{service}-request",
        "Content-Encoding": encoding,
        "Git-Protocol": "version=2",
    }
    answer = private[ALICE_WRITES].post(f"/alice/open/{service}", content=body, headers=headers)
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("query", ["", "?service=git-shell", "?service=git-upload-archive"])
def test_other_services_are_not_run(private, query):
    assert private[None].get(f"/alice/open/info/refs{query}").status_code == 403
    assert private[None].get("/alice/open/HEAD").status_code == 404


def test_too_long_a_request(private, monkeypatch):
    monkeypatch.setattr("localhub.web.routes.git_http.FETCH_BYTES", 100)
    assert private[None].post("/alice/open/git-upload-pack", content=b"0" * 101).status_code == 413


def test_without_git(private, monkeypatch):
    monkeypatch.setattr(http_backend.shutil, "which", lambda _: None)
    answer = private[None].get("/alice/open/info/refs?service=git-upload-pack")
    assert answer.status_code == 501
    assert "git is not installed" in answer.text


def test_a_folder_where_no_program_may_run(tmp_path, monkeypatch):
    monkeypatch.setattr(http_backend.os, "access", lambda *_: False)
    with pytest.raises(HubError) as caught:
        http_backend._write_hooks(tmp_path)
    assert caught.value.status == 501
