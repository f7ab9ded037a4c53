"""Publishing: one commit holds the whole folder, and a refusal leaves nothing behind."""

import json
from pathlib import Path

import pytest
from huggingface_hub import HfApi, hf_hub_download

from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.publish import push_folder

REPO = "spacehub/a-folder"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(bytes(range(256)) * 64)
    (tmp_path / "results.json").write_text(json.dumps({"n": 1}))
    return tmp_path


def push(folder, repo_id=REPO):
    return push_folder(folder, repo_id, repo_type="model", message="Publish")


def test_one_commit_holds_the_whole_folder(local_hub, folder):
    sha = push(folder)
    assert HfApi().model_info(REPO).sha == sha
    assert set(HfApi().list_repo_files(REPO)) == {".gitattributes", "onnx/model.onnx", "results.json"}
    assert [commit.title for commit in HfApi().list_repo_commits(REPO)] == ["Publish", "initial commit"]


def test_what_the_folder_lost_the_repo_loses_too(local_hub, folder):
    first = push(folder)
    (folder / "results.json").unlink()
    (folder / "report.json").write_text("{}")
    push(folder)
    assert set(HfApi().list_repo_files(REPO)) == {".gitattributes", "onnx/model.onnx", "report.json"}
    assert json.loads(Path(hf_hub_download(REPO, "results.json", revision=first)).read_text()) == {"n": 1}


def test_an_unchanged_folder_makes_no_commit(local_hub, folder):
    assert push(folder) == push(folder)
    assert len(HfApi().list_repo_commits(REPO)) == 2


TOKENS = [
    {"token": "hf_writer", "name": "writer", "role": "write"},
    {"token": "hf_reader", "name": "reader", "role": "read"},
]


@pytest.mark.parametrize(
    ("token", "repo_id", "sentence"),
    [
        ("", REPO, "is missing or invalid"),
        ("hf_wrong", REPO, "is missing or invalid"),
        ("hf_reader", REPO, "does not have write access to spacehub/a-folder"),
        ("hf_writer", "somebody/a-folder", "does not have write access to somebody/a-folder"),
    ],
)
def test_a_refusal_is_a_sentence(folder, monkeypatch, token, repo_id, sentence):
    with LocalHub(accounts=[{"name": "spacehub", "tokens": TOKENS}]):
        with monkeypatch.context() as patch:
            patch.setenv("HF_TOKEN", token)
            with pytest.raises(SpaceHubError, match=sentence):
                push(folder, repo_id)
        assert not list(HfApi(token="hf_writer").list_models())


def test_a_refused_commit_takes_its_new_repo_with_it(local_hub, folder):
    (folder / "README.md").write_text("---\nlicense: [not a licence]\n---\n")
    with pytest.raises(
        SpaceHubError, match="rejected the request for spacehub/a-folder: Invalid metadata in README"
    ):
        push(folder)
    assert not HfApi().repo_exists(REPO)
