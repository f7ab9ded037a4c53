"""The conftest.py that the datasets suite does not carry."""

from pathlib import Path

import pytest
from PIL import Image

from .fixtures.hub import (  # noqa: F401
    ci_hub_config,
    cleanup_repo,
    hf_api,
    hf_gated_dataset_repo_txt_data,
    hf_private_dataset_repo_txt_data,
    hf_token,
    set_ci_hub_access_token,
    temporary_bucket,
    temporary_repo,
)


def pytest_configure(config):
    config.addinivalue_line("markers", "integration: talks to a Hub")
    picture = Path(__file__).parent / "features" / "data" / "test_image_rgb.jpg"
    if not picture.exists():
        picture.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), "navy").save(picture)


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("foo\nbar\n")
    return path


@pytest.fixture(autouse=True)
def own_caches(tmp_path, monkeypatch):
    import datasets.config

    for name in (
        "HF_DATASETS_CACHE",
        "HF_MODULES_CACHE",
        "DOWNLOADED_DATASETS_PATH",
        "EXTRACTED_DATASETS_PATH",
    ):
        monkeypatch.setattr(datasets.config, name, str(tmp_path / name))


@pytest.fixture
def csv_path(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("col_1,col_2\n0,a\n1,b\n")
    return path
