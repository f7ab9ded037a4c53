"""The satellite's script as its user runs it: published, loaded by others' libraries, verified, in two processes."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import HfApi, snapshot_download

from spacehub import cards
from spacehub.models.proof import FAILED
from spacehub.models.satellite import proof
from tests import tampering
from tests.card_layout import check_layout
from tests.doses import in_the_soak
from tests.processes import OFFLINE, command

REPO = "spacehub/eurosat-land-use"
SCRIPT = ["-m", "train_scripts.train_satellite", "--preset", "smoke", "--no-track"]
TINY = ["--architecture", "test_efficientnet", "--weights", "scratch"]
FILES = {
    "README.md",
    "config.json",
    "figures/confusion_matrix.png",
    "figures/reliability.png",
    "figures/training.png",
    "figures/worst_mistakes.png",
    "model.safetensors",
    "onnx/inputs.json",
    "onnx/model.onnx",
    "onnx/model_int8.onnx",
    "results.json",
}


@pytest.fixture(scope="module")
def hub(own_hub):
    """A Hub with the dataset, from what lies on this disk, and a model that knows next to nothing.

    Two processes train it together.
    """
    own_hub.build("eurosat-rgb", **OFFLINE)
    own_hub.run("-m", "torch.distributed.run", "--nproc_per_node", "2", *SCRIPT, *TINY)
    return own_hub


@pytest.fixture(scope="module")
def folder(hub, tmp_path_factory) -> Path:
    return Path(snapshot_download(REPO, endpoint=hub.endpoint, cache_dir=tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="module")
def results(folder) -> dict:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_one_commit_brings_everything_and_no_pickle(hub, results):
    api = HfApi(endpoint=hub.endpoint)
    assert set(api.list_repo_files(REPO)) - {".gitattributes"} == FILES
    assert len(api.list_repo_commits(REPO)) == 2
    info = api.model_info(REPO)
    assert (info.library_name, info.pipeline_tag) == ("timm", "image-classification")
    stated = next(one for one in info.card_data.eval_results if one.metric_type == "accuracy")
    assert stated.metric_value == pytest.approx(results["metrics"][0]["value"], abs=1e-4)
    assert {metric["split"] for metric in results["metrics"]} == {"test"}
    assert results["dataset"]["test"] == results["metrics"][0]["n"]


LOAD = """
import json, sys
from pathlib import Path
import numpy as np, timm, torch
import pandas as pd
from PIL import Image
from transformers import pipeline
from scipy.special import log_softmax, softmax
from spacehub.models.satellite import export, pictures
from spacehub.serving.satellite.predictor import SatellitePredictor
torch.set_num_threads(1)
repo, folder, examples = sys.argv[1:]
model = timm.create_model(f"hf-hub:{repo}", pretrained=True).eval()
look = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
classify = pipeline("image-classification", model=repo)
inputs = json.load(open(f"{folder}/onnx/inputs.json"))
shown = [Image.open(f"{examples}/{row['file']}").convert("RGB") for row in json.load(open(f"{examples}/index.json"))["examples"]]
with torch.inference_mode():
    by_timm = model(torch.stack([look(picture) for picture in shown])).numpy()
pixels = np.stack([np.asarray(picture).transpose(2, 0, 1) for picture in shown])
by_onnx, _ = export.run(f"{folder}/onnx/model.onnx", pixels)
by_pipeline = [[row["score"] for row in sorted(rows, key=lambda row: inputs["classes"].index(row["label"]))]
               for rows in classify(shown, top_k=len(inputs["classes"]))]
by_app = SatellitePredictor(Path(folder)).chances(pixels.transpose(0, 2, 3, 1))
every = [softmax(by_timm, axis=1), np.array(by_pipeline), softmax(by_onnx, axis=1), by_app]
seen = pictures.load("spacehub/eurosat-rgb", size=inputs["size"])
rows = seen.rows("test")
with torch.inference_mode():
    logits = model(torch.from_numpy(export.as_input(seen.pixels[rows]).astype(np.float32))).numpy()
import logging, warnings
warnings.simplefilter("error")
noted = []
handler = logging.Handler(logging.WARNING)
handler.emit = lambda record: noted.append(record.getMessage())
logging.getLogger().addHandler(handler)
again = timm.create_model(f"hf-hub:{repo}", pretrained=True).eval()
with torch.inference_mode():
    maps = again.forward_intermediates(torch.zeros(1, 3, 64, 64), intermediates_only=True)
loss = -log_softmax(logits, axis=1)[np.arange(len(rows)), seen.labels[rows]].mean()
print(json.dumps([len(shown), float(np.ptp(every, axis=0).max()), float(loss), noted, len(maps)]))
"""


MISTAKES = """
import pathlib
from spacehub.errors import SpaceHubError
from train_scripts.train_satellite import Options, train
for given in {given}:
    try:
        train(Options(preset="smoke", track=False, output=pathlib.Path({output!r}), **given))
    except SpaceHubError as error:
        print(error)
print("The folder was written:", pathlib.Path({output!r}).exists())
"""


@pytest.fixture(scope="module")
def ran(hub, folder, tmp_path_factory) -> list[str]:
    """What the card's three snippets, our two texts above and two commands printed: one process imports once."""
    snippets = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    assert len(snippets) == 3
    examples = snapshot_download(
        "spacehub/eurosat-rgb", repo_type="dataset", endpoint=hub.endpoint, allow_patterns="examples/*"
    )
    given = [REPO, str(folder), f"{examples}/examples"]
    mistakes = [{"weights": "spacehub/none"}, {"data": "uc-merced"}]
    output = str(tmp_path_factory.mktemp("mistakes") / "out")
    ours = f"import sys; sys.argv[1:] = {given}\n{LOAD}", MISTAKES.format(given=mistakes, output=output)
    wrong = command(*SCRIPT[1:], "--architecture", "resnet9000", "--output", output)
    said = hub.run_each(*snippets, *ours, wrong, command("spacehub.cli", "verify", "satellite"))
    assert not Path(output).exists()
    return said


def test_the_card_s_snippets_run(folder, results, ran):
    check_layout((folder / "README.md").read_text())
    for said in ran[:3]:
        assert any(name in said for name in results["classes"])


def test_timm_transformers_onnx_and_the_app_give_the_same_probabilities(hub, results, ran):
    """And timm's weights have the log loss that the card and the model index state."""
    count, apart, loss, noted, maps = json.loads(ran[3].splitlines()[-1])
    assert count == 20
    assert apart < 1e-4
    assert (noted, maps) == ([], 5)
    stated = {metric["key"]: metric["value"] for metric in results["metrics"]}
    assert loss == pytest.approx(stated["log_loss"], abs=1e-4)
    assert results["temperature"] != pytest.approx(1, abs=0.01)
    info = HfApi(endpoint=hub.endpoint).model_info(REPO)
    [indexed] = [one.metric_value for one in info.card_data.eval_results if "loss" in one.metric_type]
    assert indexed == pytest.approx(stated["log_loss"], abs=1e-4)


def test_the_card_is_reproduced_from_the_hub_alone(ran):
    assert "The card of spacehub/eurosat-land-use is correct" in ran[6]
    assert "exit status 0" in ran[6]


def test_a_search_for_hyperparameters_is_on_the_card(folder, results, tmp_path):
    trials = [
        {"params": {"drop": 0.2, "mixup": 0.4}, "value": 1.5},
        {"params": {"drop": 0.1, "mixup": 0.3}, "value": 1.25},
    ]
    searched = {
        "score": "log loss",
        "space": {"drop": "0 to 0.4", "mixup": "0 to 0.6"},
        "trials": trials,
        "best": 1,
    }
    (tmp_path / "results.json").write_text(json.dumps(results | {"sweep": searched}), encoding="utf-8")
    card = cards.render("satellite", tmp_path)
    check_layout(card)
    assert "| 1 | 0.2 | 0.4 | 1.5000 |" in card
    assert "| **2** | **0.1** | **0.3** | **1.2500** |" in card
    assert "Hyperparameter search" not in (folder / "README.md").read_text(encoding="utf-8")


def boast(results: dict) -> None:
    for metric in results["metrics"]:
        metric["n"] *= 10
    for row in results["by_class"]:
        row["f1"] = 1.0
    results["drift"]["brightness"]["counts"][0] += 5


def test_tampering_is_caught(hub, folder, results, tmp_path):
    rows = tampering.rows_of(folder, hub)
    wrong = tampering.copy(folder, tmp_path / "wrong")
    tampering.noise(wrong / "model.safetensors")
    # Both claims are among the first; the second copy is checked to the end.
    pipeline, found = "pipeline(), compared with onnx/model.onnx", []
    findings = proof.prove("satellite", wrong, results, rows, retrain=False)
    while not found or found[-1].name != pipeline:
        found.append(next(findings))
    failed = {one.name for one in found if one.state == FAILED}
    assert {"onnx/model.onnx, compared with model.safetensors", pipeline} <= failed
    wrong = tampering.copy(folder, tmp_path / "more")
    tampering.edit(wrong / "config.json", lambda one: one["label_names"].reverse())
    tampering.edit(wrong / "onnx" / "inputs.json", lambda one: one["classes"].reverse())
    tampering.edit(wrong / "results.json", boast)
    tampering.repaint(wrong)
    shutil.copy(wrong / "onnx" / "model_int8.onnx", wrong / "onnx" / "model.onnx")
    (wrong / "pytorch_model.bin").write_bytes(b"\x80\x04N.")
    assert tampering.failures("satellite", wrong, rows) >= {
        "config.json, label_names",
        "onnx/model.onnx, compared with model.safetensors",
        "onnx/inputs.json, classes",
        "pipeline(), compared with onnx/model.onnx",
        "metrics.accuracy.n",
        "by_class.Forest.f1",
        "drift.brightness.counts.0",
        "figures/confusion_matrix.png",
        "figures/worst_mistakes.png",
        "pytorch_model.bin",
    }


def test_two_processes_trained_together_and_one_published(hub, results):
    assert results["processes"] == 2
    assert np.isfinite([point["loss"] for point in results["curve"]]).all()
    assert (
        len(HfApi(endpoint=hub.endpoint).list_repo_commits(REPO)) == 2
    )  # the repository's own, and the model


@in_the_soak
def test_one_process_says_the_same_of_itself(hub, results, tmp_path):
    hub.run(*SCRIPT, *TINY, "--no-push", "--output", str(tmp_path / "one"))
    alone = json.loads((tmp_path / "one" / "results.json").read_text(encoding="utf-8"))
    assert (alone["processes"], alone.keys()) == (1, results.keys())
    assert [point.keys() for point in alone["curve"]] == [point.keys() for point in results["curve"]]


def test_a_mistake_ends_with_two_sentences(ran):
    assert "timm has no architecture named 'resnet9000'" in ran[5]
    assert "Traceback" not in ran[5]
    assert "exit status 1" in ran[5]


def test_what_is_not_on_the_hub_is_named(ran):
    assert "The Hub has no model named spacehub/none" in ran[4]
    assert "has no dataset named spacehub/uc-merced" in ran[4]
    assert "The folder was written: False" in ran[4]


def test_a_dataset_whose_history_was_squashed_fails(hub, results, tmp_path):
    """The last test of this file: the commit that the card names is gone afterwards."""
    api, named = HfApi(endpoint=hub.endpoint, token=hub.token), results["dataset"]
    api.super_squash_history(named["id"], repo_type="dataset")
    done = hub.call_here(tmp_path, "verify", "satellite")
    assert done.returncode == 1
    gone = f"the history of {named['id']} does not contain commit {named['commit'][:8]}"
    assert f"FAIL          dataset commit: {gone}" in done.stdout
    assert "→ To retrain on the current dataset, run: spacehub publish satellite" in done.stdout
    assert "not verified  every number and figure" in done.stdout
