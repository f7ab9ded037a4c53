"""The app as a Space: one commit, under the namespace of whoever pushes it, with what it reads pinned."""

from pathlib import Path

import pytest
import yaml
from huggingface_hub import HfApi, hf_hub_download

from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.space import MODULES, ROOT, bundle, facts, push


def front_matter(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8").split("---")[1])


def test_a_space_is_pushed_in_one_commit(local_hub, monkeypatch, tmp_path):
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "someone")
    api, model = HfApi(), catalogue.MODELS["lander-continuous"]
    api.create_repo(model.repo_id)
    for name in ("onnx/model.onnx", "results.json", "ppo.zip"):
        api.upload_file(path_or_fileobj=b"{}", path_in_repo=name, repo_id=model.repo_id)
    commit = api.model_info(model.repo_id).sha
    sha = push("someone/my-space", facts("someone/my-space", hardware="cpu-upgrade"))
    info = api.space_info("someone/my-space")
    files = {file.rfilename for file in info.siblings}
    assert info.sha == sha
    assert info.sdk == "gradio"
    assert {
        "app.py",
        "README.md",
        "requirements.txt",
        "thumbnail.png",
        "space_app/landing/tab.py",
        "spacehub/serving/landing.py",
    } <= files
    foreign = ("train_scripts", "spacehub/models", "spacehub/localhub")
    assert not [name for name in files if name.startswith(foreign) or "__pycache__" in name]
    assert [commit.title for commit in api.list_repo_commits("someone/my-space", repo_type="space")] == [
        "The app",
        "initial commit",
    ]
    card = hf_hub_download("someone/my-space", "README.md", repo_type="space", cache_dir=tmp_path)
    front = front_matter(Path(card))
    assert front["models"] == [entry.repo_id for entry in catalogue.MODELS.values()]
    assert front["datasets"] == [entry.repo_id for entry in catalogue.DATASETS.values()]
    assert "someone/falcon9-landing-classifier" in front["models"]
    assert front["preload_from_hub"] == [f"{model.repo_id} onnx/model.onnx,results.json {commit}"]
    assert front["suggested_hardware"] == "cpu-upgrade"
    assert front["thumbnail"].endswith("/spaces/someone/my-space/resolve/main/thumbnail.png")


def test_a_zero_gpu_space_names_the_python_that_zero_gpu_has(local_hub):
    assert facts("a/b", hardware="zero-a10g")["python_version"] == "3.12.12"


def test_a_docker_space_has_the_dockerfile_and_what_it_copies(tmp_path):
    folder = bundle(tmp_path / "space", {"preload_from_hub": ["a/b"]}, sdk="docker")
    front = front_matter(folder / "README.md")
    assert (front["sdk"], front["app_port"]) == ("docker", 7860)
    assert not {"sdk_version", "app_file", "preload_from_hub"} & front.keys()
    assert (folder / "Dockerfile").read_text() == (ROOT / "Dockerfile").read_text()
    assert (folder / ".docker" / "slim.py").is_file()
    assert (folder / "space_app" / "app.py").is_file()
    assert (folder / "space_app" / "requirements.txt").is_file()
    assert {path.name for path in (folder / "spacehub").iterdir()} == set(MODULES)


def test_without_a_dockerfile_there_is_no_docker_space(tmp_path, monkeypatch):
    monkeypatch.setattr("spacehub.space.ROOT", tmp_path)
    with pytest.raises(SpaceHubError, match="does not include a Dockerfile"):
        bundle(tmp_path / "space", sdk="docker")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SpaceHubError, match="is not empty"):
        bundle(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
