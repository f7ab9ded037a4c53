"""The dataset viewer: splits, Parquet files, first rows and sizes of datasets on the Hub."""

import io
import json
import os

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from localhub import LocalHub
from localhub.viewer.splits import splits

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

FEATURES = {"n": {"dtype": "int64", "_type": "Value"}, "label": {"names": ["a", "b"], "_type": "ClassLabel"}}


def parquet(count, start=0, **metadata):
    table = pa.table({"n": range(start, start + count), "label": [0] * count})
    if metadata:
        table = table.replace_schema_metadata({"huggingface": json.dumps(metadata)})
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


FILES = {
    "d": {
        "data/train-00000-of-00002.parquet": parquet(150, info={"features": FEATURES}),
        "data/train-00001-of-00002.parquet": parquet(10, 150, info={"features": FEATURES}),
        "data/test-00000-of-00001.parquet": parquet(3, info={"features": FEATURES}),
    },
    "csv": {
        "README.md": b"---\nconfigs:\n- config_name: en\n  data_files: [{split: train, path: 'en/*.csv'}]\n"
        b"- config_name: all\n  data_files: '**/*.csv'\n---\n",
        "en/1.csv": b'text,score\n"two\nlines",1.5\nplain,\n',
        "en/deep/2.csv": b"text,score\nx,2\n",
    },
    "odd": {
        "train.jsonl": json.dumps({"t": "x" * 5000, "l": [1, 2], "s": {"a": None}}).encode() + b"\n",
        "test.jsonl": b"[" * 50_000,
    },
    "none": {"README.md": b"# nothing\n"},
}


@pytest.fixture(scope="module")
def hub():
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        for name, files in FILES.items():
            api.create_repo(f"me/{name}", repo_type="dataset")
            operations = [CommitOperationAdd(path, content) for path, content in files.items()]
            api.create_commit(f"me/{name}", operations, commit_message="data", repo_type="dataset")
        api.create_repo("me/secret", repo_type="dataset", private=True)
        yield hub


@pytest.fixture(scope="module")
def get(hub):
    with httpx2.Client(base_url=hub.endpoint, trust_env=False, timeout=90, follow_redirects=True) as client:
        yield lambda path, **query: client.get(path, params=query)


def test_splits(hub, get):
    answer = get("/splits", dataset="me/d")
    assert answer.json() == {
        "splits": [{"dataset": "me/d", "config": "default", "split": split} for split in ("train", "test")],
        "pending": [],
        "failed": [],
    }
    sha = HfApi(endpoint=hub.endpoint, token=hub.token).dataset_info("me/d").sha
    assert answer.headers["X-Revision"] == sha
    assert get("/is-valid", dataset="me/d").json()["preview"] is True
    assert get("/is-valid", dataset="me/none").json()["preview"] is False
    named = [(item["config"], item["split"]) for item in get("/splits", dataset="me/csv").json()["splits"]]
    assert named == [("en", "train"), ("all", "train")]


def test_parquet_files(hub, get):
    files = get("/parquet", dataset="me/d", split="train").json()["parquet_files"]
    assert [file["filename"] for file in files] == [
        "train-00000-of-00002.parquet",
        "train-00001-of-00002.parquet",
    ]
    content = get(files[1]["url"].removeprefix(hub.endpoint)).content
    assert content == FILES["d"]["data/train-00001-of-00002.parquet"]
    assert files[1]["size"] == len(content)
    addresses = get("/api/datasets/me/d/parquet").json()
    assert sorted(addresses["default"]) == ["test", "train"]
    assert get("/api/datasets/me/d/parquet/default/test").json() == addresses["default"]["test"]
    address = addresses["default"]["test"][0].removeprefix(hub.endpoint)
    assert get(address).content == FILES["d"]["data/test-00000-of-00001.parquet"]
    assert get("/parquet", dataset="me/csv").json()["parquet_files"] == []


def test_first_rows(get):
    answer = get("/first-rows", dataset="me/d", config="default", split="train").json()
    assert [feature["type"] for feature in answer["features"]] == list(FEATURES.values())
    assert len(answer["rows"]) == 100
    assert answer["rows"][99] == {"row_idx": 99, "row": {"n": 99, "label": 0}, "truncated_cells": []}
    assert answer["truncated"] is True
    answer = get("/first-rows", dataset="me/csv", config="all", split="train").json()
    assert [row["row"] for row in answer["rows"]] == [
        {"text": "two\nlines", "score": 1.5},
        {"text": "plain", "score": None},
        {"text": "x", "score": 2},
    ]
    assert answer["truncated"] is False
    row = get("/first-rows", dataset="me/odd", config="default", split="train").json()["rows"][0]
    assert row == {
        "row_idx": 0,
        "row": {"t": "x" * 1000, "l": [1, 2], "s": {"a": None}},
        "truncated_cells": ["t"],
    }


def test_size(get):
    sizes = get("/size", dataset="me/d").json()["size"]
    assert [(item["split"], item["num_rows"], item["num_columns"]) for item in sizes["splits"]] == [
        ("train", 160, 2),
        ("test", 3, 2),
    ]
    total = sum(map(len, FILES["d"].values()))
    assert sizes["dataset"]["num_rows"] == sizes["configs"][0]["num_rows"] == 163
    assert sizes["dataset"]["num_bytes_parquet_files"] == total
    assert sizes["dataset"]["num_bytes_memory"] > 0


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/splits", {}, 422),
        ("/splits", {"dataset": "me/nothing"}, 404),
        ("/splits", {"dataset": "me/secret"}, 404),
        ("/splits", {"dataset": "../x"}, 400),
        ("/first-rows", {"dataset": "me/d"}, 422),
        ("/first-rows", {"dataset": "me/d", "config": "default", "split": "none"}, 404),
        ("/parquet", {"dataset": "me/d", "config": "none"}, 404),
        ("/first-rows", {"dataset": "me/odd", "config": "default", "split": "test"}, 422),
        ("/api/datasets/me/d/parquet/none", {}, 404),
        ("/api/datasets/me/d/parquet/default/test/7.parquet", {}, 404),
        ("/api/datasets/me/d/parquet/default/test/0.parquet/x", {}, 404),
    ],
)
def test_what_cannot_be_viewed(get, path, query, status):
    answer = get(path, **query)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_file_made_to_harm(hub, get):
    """It ends the program that reads it, at most."""
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    api.create_repo("me/harm", repo_type="dataset")
    hostile = {"a": b"PAR1" + os.urandom(500) + b"PAR1", "b": b"PAR1" + b"\xff" * 8 + b"PAR1", "c": b""}
    for split, content in hostile.items():
        path = f"{split}-00000-of-00001.parquet"
        api.upload_file(path_or_fileobj=content, path_in_repo=path, repo_id="me/harm", repo_type="dataset")
        assert get("/first-rows", dataset="me/harm", config="default", split=split).status_code == 422
    assert get("/healthz").status_code == 200


PATHS = ["a.csv", "b/test.csv", "b/dev.csv", "x/y/z.csv", ".hidden.csv", "_x.csv", "notes.txt"]


@pytest.mark.parametrize(
    ("paths", "card", "found"),
    [
        ([], {}, {}),
        (["README.md"], {}, {}),
        (["a.csv"], {}, {"default": {"train": ["a.csv"]}}),
        (PATHS, {}, {"default": {"validation": ["b/dev.csv"], "test": ["b/test.csv"]}}),
        (PATHS, {"configs": [{"config_name": "c", "data_files": "x/**"}]}, {"c": {"train": ["x/y/z.csv"]}}),
        (PATHS, {"configs": [{"config_name": "c", "data_files": "*.csv"}]}, {"c": {"train": ["a.csv"]}}),
        (PATHS, {"configs": [{"config_name": "c", "data_dir": "x"}]}, {"c": {"train": ["x/y/z.csv"]}}),
        (
            PATHS,
            {"configs": [{"config_name": 3}, None, {"config_name": "c", "data_files": [{}, 7]}]},
            {"c": {}},
        ),
        (
            PATHS,
            {
                "configs": [
                    {"config_name": "c", "data_files": [{"split": "s", "path": ["**/dev.csv", "a.csv"]}]}
                ]
            },
            {"c": {"s": ["b/dev.csv", "a.csv"]}},
        ),
    ],
)
def test_which_files_make_a_split(paths, card, found):
    assert splits(paths, card) == found
