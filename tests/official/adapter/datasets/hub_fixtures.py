"""The fixtures/hub.py that the datasets suite does not carry: who pushes, and repos that are gone afterwards."""

import contextlib
import os
import uuid

import pytest
from huggingface_hub import HfApi

CI_HUB_ENDPOINT = os.environ["HF_ENDPOINT"]
CI_HUB_USER = "__DUMMY_HUB_USER__"
CI_HUB_USER_TOKEN = "hf_HubCITokenXXXXXXXXXXXXXXXXXXXXX"


@pytest.fixture
def ci_hub_config():
    """HF_ENDPOINT says where the Hub is."""


@pytest.fixture
def set_ci_hub_access_token(monkeypatch):
    monkeypatch.setenv("HF_TOKEN", CI_HUB_USER_TOKEN)


@pytest.fixture(scope="session")
def hf_api() -> HfApi:
    return HfApi(endpoint=CI_HUB_ENDPOINT)


@pytest.fixture(scope="session")
def hf_token() -> str:
    return CI_HUB_USER_TOKEN


@pytest.fixture
def cleanup_repo(hf_api):
    def cleanup(repo_id: str) -> None:
        hf_api.delete_repo(repo_id, token=CI_HUB_USER_TOKEN, repo_type="dataset", missing_ok=True)

    return cleanup


@pytest.fixture
def temporary_repo(cleanup_repo):
    """A context with the id of a dataset, which need not be there yet and is gone after it."""

    @contextlib.contextmanager
    def repo(repo_id: str | None = None):
        repo_id = repo_id or f"{CI_HUB_USER}/test-dataset-{uuid.uuid4().hex[:8]}"
        try:
            yield repo_id
        finally:
            cleanup_repo(repo_id)

    return repo


@pytest.fixture
def temporary_bucket(hf_api):
    """A context with the id of a bucket, which is gone after it."""

    @contextlib.contextmanager
    def bucket():
        name = f"{CI_HUB_USER}/test-bucket-{uuid.uuid4().hex[:8]}"
        bucket_id = hf_api.create_bucket(name, token=CI_HUB_USER_TOKEN).bucket_id
        try:
            yield bucket_id
        finally:
            hf_api.delete_bucket(bucket_id, token=CI_HUB_USER_TOKEN)

    return bucket


def _dataset_with_text(hf_api: HfApi, **settings):
    repo_id = f"{CI_HUB_USER}/test-text-{uuid.uuid4().hex[:8]}"
    hf_api.create_repo(
        repo_id, token=CI_HUB_USER_TOKEN, repo_type="dataset", private=settings.pop("private", False)
    )
    hf_api.upload_file(
        token=CI_HUB_USER_TOKEN,
        path_or_fileobj=b"a\nb\n",
        path_in_repo="data/text_data.txt",
        repo_id=repo_id,
        repo_type="dataset",
    )
    if settings:
        hf_api.update_repo_settings(repo_id, token=CI_HUB_USER_TOKEN, repo_type="dataset", **settings)
    yield repo_id
    hf_api.delete_repo(repo_id, token=CI_HUB_USER_TOKEN, repo_type="dataset")


@pytest.fixture
def hf_gated_dataset_repo_txt_data(hf_api):
    yield from _dataset_with_text(hf_api, gated="auto")


@pytest.fixture
def hf_private_dataset_repo_txt_data(hf_api):
    yield from _dataset_with_text(hf_api, private=True)
