"""The app as a Space: pushed in one commit, under the namespace of whoever pushes it."""

from pathlib import Path

import pytest
import yaml
from huggingface_hub import HfApi, hf_hub_download

from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.space import bundle, push


def test_a_space_is_pushed_in_one_commit(local_hub, monkeypatch, tmp_path):
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "someone")
    sha = push("someone/my-space")
    info = HfApi().space_info("someone/my-space")
    files = {file.rfilename for file in info.siblings}
    assert info.sha == sha
    assert info.sdk == "gradio"
    assert {
        "app.py",
        "README.md",
        "requirements.txt",
        "space_app/landing/tab.py",
        "spacehub/serving/landing.py",
    } <= files
    foreign = ("train_scripts", "spacehub/models", "spacehub/localhub")
    assert not [name for name in files if name.startswith(foreign) or "__pycache__" in name]
    assert [commit.title for commit in HfApi().list_repo_commits("someone/my-space", repo_type="space")] == [
        "The app",
        "initial commit",
    ]
    card = hf_hub_download("someone/my-space", "README.md", repo_type="space", cache_dir=tmp_path)
    front = yaml.safe_load(Path(card).read_text().split("---")[1])
    assert front["models"] == [entry.repo_id for entry in catalogue.MODELS.values()]
    assert front["datasets"] == [entry.repo_id for entry in catalogue.DATASETS.values()]
    assert "someone/falcon9-landing-classifier" in front["models"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SpaceHubError, match="is not empty"):
        bundle(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
