"""What the Hub refuses is refused here, in the Hub's words, by commit and by git push alike."""

import base64
import os
import shutil

import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from localhub import LocalHub

from .git_client import Git
from .hubs import ndjson

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
LFS = "filter=lfs diff=lfs merge=lfs -text"


@pytest.fixture(scope="module")
def local_hub():
    with LocalHub() as hub:
        yield hub


@pytest.fixture
def repo(api):
    """A repo of its own for each test."""
    return api.create_repo(f"strict-{os.urandom(4).hex()}").repo_id


@pytest.fixture
def git(local_hub, repo, tmp_path):
    return Git.clone(local_hub.endpoint, repo, tmp_path / "work", token=local_hub.token)


def result(**more):
    fields = {
        "task": "{type: t}",
        "dataset": "{type: d, name: d}",
        "metrics": "[{type: a, value: 1}]",
        **more,
    }
    return "model-index:\n- name: x\n  results:\n  - " + "\n    ".join(
        f"{key}: {value}" for key, value in fields.items()
    )


# front matter of a model's card, and the Hub's sentence
CARDS = [
    ("model-index: not correct", '"model-index" must be an array'),
    ("datasets:\n- null", '"datasets[0]" must be a string'),
    ("base_model: ''", '"base_model" is not allowed to be empty'),
    ("base_model: ./out/x", '"base_model" with value "./out/x" is not valid. Use a model id from https://hf.co/models.'),
    ("license: no-such", '"license" must be one of [apache-2.0, mit, '),
    ("language: [", "Invalid YAML: "),
    (
        result(dataset="{type: d, name: d, config: 7}"),
        '"model-index[0].results[0].dataset.config" must be a string',
    ),
    (result(dataset="{type: d, name: d, split: [a]}"), '"model-index[0].results[0].dataset.split" must be a string'),
    (result(task="{type: t, name: 3}"), '"model-index[0].results[0].task.name" must be a string'),
    (result(metrics="[{type: a, value: 1, verified: 1}]"), '"model-index[0].results[0].metrics[0].verified" must be a boolean'),
    (result(source="here"), '"model-index[0].results[0].source" must be of type object'),
    ("widget:\n  structuredData: {a: [1]}", '"widget" must be an array'),
    ("widget: [text]", '"widget[0]" must be of type object'),
    ("extra_gated_fields: [a]", '"extra_gated_fields" must be of type object'),
    ("thumbnail: 3", '"thumbnail" must be a string'),
]  # fmt: skip


def card(block):
    return f"---\n{block}\n---\n# A card\n"


def commit(wire, repo, *files, revision="main"):
    """The answer to a commit of files as they are, without a client that checks them first."""
    operations = [
        ("file", {"path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"})
        for path, data in files
    ]
    return wire.post(f"/api/models/{repo}/commit/{revision}", content=ndjson(*operations))


@pytest.mark.parametrize(("block", "sentence"), CARDS)
def test_a_wrong_card_cannot_be_committed(wire, repo, block, sentence):
    answer = commit(wire, repo, ("README.md", card(block).encode()))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)
    checked = wire.post("/api/validate-yaml", json={"content": card(block), "repoType": "model"})
    assert checked.status_code == 400
    assert checked.json()["errors"][0]["message"].startswith(sentence)


@needs_git
def test_a_wrong_card_cannot_be_pushed(git):
    git.commit({f"{number}.md": "x" for number in range(2)})
    for block, sentence in CARDS[:1] + CARDS[6:7]:
        git.commit({"README.md": card(block)})
        said = git.fails("push", "origin", "main")
        assert "Sorry, your push was rejected during YAML metadata verification:" in said
        assert f"- Error: {sentence}" in said
        assert "https://huggingface.co/docs/hub/model-cards#model-card-metadata" in said
    git.commit({"README.md": card("license: mit")})
    git("push", "origin", "main")  # as the Hub, it is the last card that counts


@needs_git
@pytest.mark.parametrize(("kind", "allowed"), [("model", False), ("dataset", True)])
def test_each_type_of_repo_has_its_rules(local_hub, api, wire, tmp_path, kind, allowed):
    """``widget`` means something for a model alone."""
    repo = api.create_repo(f"rules-{kind}", repo_type=kind).repo_id
    prefix = "" if kind == "model" else f"{kind}s/"
    git = Git.clone(local_hub.endpoint, prefix + repo, tmp_path / "w", token=local_hub.token)
    git.commit({"README.md": card("widget: {}")})
    assert git.succeeds("push") == allowed


def test_only_the_card_of_the_repo_is_checked(api, wire, repo):
    assert commit(wire, repo, ("docs/README.md", b"---\nlicense: 3\n---\n")).status_code == 200
    assert commit(wire, repo, ("README.md", b"# no metadata\n")).status_code == 200


BINARY = (
    "Your push was rejected because it contains binary files.\n"
    "Please use https://huggingface.co/docs/hub/xet to store binary files.\n"
    "Offending files:\n  - a/demo.mp4 (ref: refs/heads/main)"
)


def test_a_binary_file_cannot_be_committed_to_git_itself(wire, repo):
    answer = commit(wire, repo, ("a/demo.mp4", os.urandom(2000)), ("b.txt", b"text"))
    assert (answer.status_code, answer.json()["error"]) == (400, BINARY)
    assert (
        commit(wire, repo, ("latin.csv", "name;city\nAnn;Malmö\n".encode("latin-1") * 9)).status_code == 200
    )


@needs_git
def test_a_binary_file_cannot_be_pushed_nor_hidden_in_history(git):
    git.commit({"a/b.txt": "text"})
    (git.folder / "a/demo.mp4").write_bytes(os.urandom(1_700_000))
    git.commit({".gitattributes": ""})
    said = git.fails("push", "origin", "main").replace("remote: ", "")
    assert [line.strip() for line in BINARY.splitlines()] == [
        line.strip() for line in said.splitlines() if line.strip() in BINARY
    ]
    (git.folder / "a/demo.mp4").unlink()
    git.commit({})
    assert "contains binary files" in git.fails("push", "origin", "main")


CROWDED = (
    "Your push was rejected because it contains too many files per directory. Each directory in your git repo can only "
    "contain up to 10000 files.\nOffending reference: refs/heads/main\nOffending directories:\n/t/x/"
)


def test_a_folder_has_a_limit(wire, repo):
    files = [(f"t/x/{number}", b"x") for number in range(10_001)]
    answer = commit(wire, repo, *files)
    assert (answer.status_code, answer.json()["error"]) == (400, CROWDED)
    assert commit(wire, repo, *files[1:]).status_code == 200
    assert commit(wire, repo, files[0]).status_code == 400
    assert commit(wire, repo, ("t/y/0", b"x")).status_code == 200


@needs_git
def test_a_folder_has_a_limit_for_a_push(git):
    blob = git("hash-object", "-w", "--stdin", data=b"x")
    entries = "".join(f"100644 blob {blob}\t{number}\n" for number in range(10_001))
    tree = f"040000 tree {git('mktree', data=entries.encode())}\tx\n"
    tree = f"040000 tree {git('mktree', data=tree.encode())}\tt\n"
    commit = git("commit-tree", git("mktree", data=tree.encode()), "-p", "HEAD", "-m", "many")
    said = git.fails("push", "origin", f"{commit}:main").replace("remote: ", "")
    assert all(line in said for line in CROWDED.splitlines())


ATTRIBUTES = [
    (f"* {LFS}\n", "matches one of its own rules"),
    (f"* {LFS}\n*.md -filter\n", "matches one of its own rules"),
    ("".join(f"scan/{number:058d}.dcm {LFS}\n" for number in range(100_000)), "cannot be a large file"),
]


@pytest.mark.parametrize(("text", "sentence"), ATTRIBUTES, ids=["all", "most", "long"])
def test_rules_that_git_could_not_read(api, repo, text, sentence):
    with pytest.raises(BadRequestError, match=sentence):
        api.upload_file(path_or_fileobj=text.encode(), path_in_repo="a/.gitattributes", repo_id=repo)
    good = f"* {LFS}\n.gitattributes -filter -diff -merge text\n"
    api.upload_file(path_or_fileobj=good.encode(), path_in_repo=".gitattributes", repo_id=repo)
    operations = [CommitOperationAdd(f"f{number}.txt", b"text") for number in range(3)]
    api.create_commit(repo, operations, commit_message="all of them are large")
    info = api.get_paths_info(repo, ["f0.txt", ".gitattributes"])
    assert {entry.path: entry.lfs is not None for entry in info} == {"f0.txt": True, ".gitattributes": False}


def test_rules_as_a_large_file(api, wire, repo):
    """As a client sends them that has asked about another path."""
    api.upload_file(path_or_fileobj=b"\0rules", path_in_repo="stored.bin", repo_id=repo)
    oid = api.get_paths_info(repo, ["stored.bin"])[0].lfs.sha256
    for path in (".gitattributes", "a/.gitattributes"):
        body = ndjson(("lfsFile", {"path": path, "algo": "sha256", "oid": oid, "size": 6}))
        answer = wire.post(f"/api/models/{repo}/commit/main", content=body)
        assert answer.status_code == 400
        assert "cannot be a large file" in answer.json()["error"]
    api.upload_file(path_or_fileobj=b"\0more", path_in_repo="next.dat", repo_id=repo)


@needs_git
def test_rules_that_git_could_not_read_for_a_push(git):
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 5\n"
    for text, sentence in (
        (pointer, "cannot be a large file"),
        (ATTRIBUTES[0][0], "matches one of its own rules"),
    ):
        git.commit({".gitattributes": text})
        assert sentence in git.fails("push", "origin", "main")


def test_a_converted_branch(api, wire, repo):
    api.create_branch(repo, branch="refs/convert/parquet")
    api.create_branch(repo, branch="refs/convert/parquet", exist_ok=True)
    path, revision = "default/train/0000.parquet", "refs/convert/parquet"
    api.upload_file(path_or_fileobj=b"PAR1\0", path_in_repo=path, repo_id=repo, revision=revision)
    assert path in api.list_repo_files(repo, revision=revision)
    assert path not in api.list_repo_files(repo)
    refs = api.list_repo_refs(repo)
    assert [(ref.name, ref.ref) for ref in refs.converts] == [("parquet", revision)]
    assert [ref.name for ref in refs.branches] == ["main"]
    assert commit(wire, repo, ("x", b"y"), revision="refs%2Fconvert%2Fnone").status_code == 404
    api.delete_branch(repo, branch=revision)
    assert api.list_repo_refs(repo).converts == []
    for name in ("refs/pr/1", "refs/convert/refs/pr/1", "refs/convert/.."):
        with pytest.raises(HfHubHTTPError) as refused:
            api.create_branch(repo, branch=name)
        assert refused.value.response.status_code == 400


@needs_git
def test_a_converted_branch_is_pushed_to(git, api, repo):
    git("push", "origin", "HEAD:refs/convert/parquet")
    git.commit({"a": "b"})
    git("push", "origin", "HEAD:refs/convert/parquet")
    assert "a" in api.list_repo_files(repo, revision="refs/convert/parquet")


def test_nobody_else_makes_a_converted_branch(people):
    from .hubs import ALICE_WRITES, CAROL_WRITES

    people[ALICE_WRITES].post("/api/repos/create", json={"name": "mine"}).raise_for_status()
    answer = people[CAROL_WRITES].post("/api/models/alice/mine/branch/refs%2Fconvert%2Fparquet", json={})
    assert answer.status_code == 403


def test_head_is_the_default_branch(local_hub, repo):
    api = HfApi(endpoint=local_hub.endpoint, token=False)
    assert api.model_info(repo, revision="HEAD").sha == api.model_info(repo).sha
    assert api.hf_hub_download(repo, ".gitattributes", revision="HEAD").endswith(".gitattributes")
