"""datasets, transformers and the hf command, unmodified, on the Hub."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from localhub.clients import environment


@pytest.fixture(autouse=True)
def quiet():
    import datasets

    datasets.disable_progress_bars()


def test_datasets_push_load_and_stream(local_hub, api):
    from datasets import Dataset, load_dataset

    rows = {"name": [f"flight {n}" for n in range(50)], "mass": [float(n) for n in range(50)]}
    Dataset.from_dict(rows).push_to_hub("spacehub/launches", num_shards=2)
    loaded = load_dataset("spacehub/launches", split="train")
    assert loaded.to_dict() == rows
    assert str(loaded.features["mass"].dtype) == "float64"
    streamed = load_dataset("spacehub/launches", split="train", streaming=True)
    assert [row["name"] for row in streamed] == rows["name"]

    Dataset.from_dict({"name": ["x"]}).push_to_hub("spacehub/launches", config_name="simulated", split="test")
    assert load_dataset("spacehub/launches", "simulated", split="test").num_rows == 1
    Dataset.from_dict({"name": ["only"], "mass": [0.0]}).push_to_hub("spacehub/launches")
    assert load_dataset("spacehub/launches", split="train", download_mode="force_redownload").num_rows == 1
    commits = api.list_repo_commits("spacehub/launches", repo_type="dataset")
    pinned = load_dataset("spacehub/launches", split="train", revision=commits[-2].commit_id)
    assert pinned.num_rows == 50
    info = api.dataset_info("spacehub/launches")
    assert sorted(config["config_name"] for config in info.card_data["configs"]) == ["default", "simulated"]


def test_transformers_push_and_load(local_hub, api, tmp_path):
    import torch
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        BertConfig,
        BertForSequenceClassification,
        BertTokenizerFast,
    )

    torch.set_num_threads(1)
    (tmp_path / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "moon", "earth"])
    )
    tokenizer = BertTokenizerFast(str(tmp_path / "vocab.txt"))
    config = BertConfig(
        vocab_size=7,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        num_labels=2,
    )
    model = BertForSequenceClassification(config).eval()
    model.push_to_hub("spacehub/tiny-bert", commit_message="weights")
    tokenizer.push_to_hub("spacehub/tiny-bert")

    again = AutoModelForSequenceClassification.from_pretrained("spacehub/tiny-bert").eval()
    for name, value in model.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
    inputs = AutoTokenizer.from_pretrained("spacehub/tiny-bert")("moon earth", return_tensors="pt")
    # Tensors at other addresses may be added up in another order.
    torch.testing.assert_close(again(**inputs).logits, model(**inputs).logits)
    info = api.model_info("spacehub/tiny-bert")
    assert info.library_name == "transformers"
    assert info.pipeline_tag == "text-classification"
    assert "safetensors" in info.tags
    assert info.config["model_type"] == "bert"


def test_both_libraries_through_xet(local_hub, xet):
    import torch
    from datasets import Dataset, load_dataset
    from transformers import BertConfig, BertModel

    rows = {"name": [f"flight {n}" for n in range(90)], "mass": [float(n) for n in range(90)]}
    Dataset.from_dict(rows).push_to_hub("spacehub/launches-xet", num_shards=3)
    assert load_dataset("spacehub/launches-xet", split="train").to_dict() == rows

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    model = BertModel(BertConfig(vocab_size=7, **sizes))
    model.push_to_hub("spacehub/tiny-bert-xet")
    again = BertModel.from_pretrained("spacehub/tiny-bert-xet")
    for name, value in model.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])


def test_hf_command(local_hub, tmp_path):
    """In a process that knows nothing but the environment."""
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "README.md").write_text("---\nlicense: mit\n---\n# Hello\n")
    (source / "sub" / "a.bin").write_bytes(os.urandom(2000))
    variables = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        **environment(local_hub.endpoint, local_hub.token),
        "HF_HOME": str(tmp_path / "home"),
    }

    def hf(*arguments):
        command = [str(Path(sys.executable).with_name("hf")), *arguments]
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "spacehub" in hf("auth", "whoami")
    hf("upload", "spacehub/by-hand", str(source), ".", "--repo-type", "dataset")
    hf("download", "spacehub/by-hand", "--repo-type", "dataset", "--local-dir", str(tmp_path / "target"))
    for name in ("README.md", "sub/a.bin"):
        assert (tmp_path / "target" / name).read_bytes() == (source / name).read_bytes()
