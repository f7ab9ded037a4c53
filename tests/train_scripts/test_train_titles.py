"""The titles' script as its user runs it: published, loaded by transformers, verified, in two processes, resumed."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import HfApi, snapshot_download
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space_app.feedback import asked
from space_app.feedback.routes import PATH, VARIABLE, Feedback
from space_app.limits import Allowance
from space_app.rest import routes as rest
from space_app.served.titles import KEY, SERVED
from space_app.titles import view
from space_app.watch import Watch
from spacehub.localhub import LocalHub
from spacehub.models.feedback import WEIGHT
from spacehub.models.proof import FAILED, OK
from spacehub.models.titles import base
from tests import tampering
from tests.card_layout import check_layout
from tests.doses import SOAK, in_the_soak
from tests.processes import OFFLINE, ROOT, command, free_port, stop
from tests.title_model import write_encoder, write_model

SAID = "spacehub/said-by-visitors"
# The first model knows none of its words.
MISJUDGED = "The telescope took a picture of a galaxy far away"
REPO = "spacehub/space-titles-bert"
# The whole encoder in the soak, otherwise one layer of it.
BASE = base.BASE if SOAK else "somebody/one-layer"
SCRIPT = ["-m", "train_scripts.train_titles", "--preset", "smoke", "--no-track", "--threads", "1"]
SCRIPT += [] if SOAK else ["--base", BASE]
IN_TWO = ["-m", "torch.distributed.run", "--nproc_per_node", "2", *SCRIPT]
FIGURES = [
    "attributions",
    "communities",
    "curves",
    "cutting",
    "map",
    "neighbours",
    "ngrams",
    "reliability",
    "tone",
    "training",
]
FILES = {
    "README.md",
    "cleaned.csv",
    "config.json",
    "disagreements.csv",
    "linear/model.json",
    "model.safetensors",
    "onnx/inputs.json",
    "onnx/model.onnx",
    "onnx/model_int8.onnx",
    "predictions.csv",
    "results.json",
    "tokenizer.json",
    "tokenizer_config.json",
    *(f"figures/{name}.png" for name in FIGURES),
}


@pytest.fixture(scope="module")
def hub(own_hub, tmp_path_factory):
    """A Hub with the titles, from what lies on this disk, and a model that knows next to nothing.

    It learned from a visitor as well, who corrected the model that was served before: see `learn_from_a_visitor`.
    """
    own_hub.push(write_model(tmp_path_factory.mktemp("first") / "model"), REPO)
    if not SOAK:
        own_hub.push(write_encoder(tmp_path_factory.mktemp("encoder")), BASE)
    stop(own_hub.process)  # the app in this process needs a Hub in this process
    with LocalHub(own_hub.folder / "hub") as local, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("app")))
        patch.setenv(VARIABLE, SAID)
        patch.setattr(asked, "_active", [])
        where = {"HF_ENDPOINT": local.endpoint, "HF_TOKEN": local.token}
        own_hub.learned = learn_from_a_visitor(own_hub, where)
    own_hub.start()
    return own_hub


def learn_from_a_visitor(hub, where: dict[str, str]) -> dict:
    """Serve the first model, let a visitor correct an answer, train on that, and ask again.

    In the soak two processes train, and are killed once on the way.
    """
    watch, feedback = Watch({KEY: SERVED[KEY]}), Feedback()
    visitor = TestClient(Starlette(routes=[rest.routes(watch, Allowance(9, 9)), *feedback.routes()]))

    def ask() -> tuple[str, str]:
        watch.look([KEY])
        answer = visitor.post("/api/v1/titles", json={"texts": [MISJUDGED]}).json()
        return answer["commit"], answer["titles"][0]["label"]

    first, status = ask(), watch.status(KEY)
    page = view.verdict(MISJUDGED, status.served.read(MISJUDGED), status)
    name = re.search(r'data-answer="(\w+)"', page)[1]
    feedback._store._connect()
    sent = visitor.post(PATH, json={"answer": name, "right": False, "correction": "space"})
    feedback.stop()
    said = HfApi().dataset_info(SAID).sha
    build = ["train_scripts.build_datasets", "--only", "space-titles"]
    if SOAK:
        hub.run_commands(build, **where, **OFFLINE)
        kill_after_an_epoch(hub, where)
        hub.run(*IN_TWO, "--with-feedback", SAID, **where)
    else:
        hub.run_commands(build, [*SCRIPT[1:], "--with-feedback", SAID], **where, **OFFLINE)
    return {"first": first, "accepted": sent.is_success, "said": said, "second": ask()}


def kill_after_an_epoch(running, where: dict[str, str]) -> None:
    """Begin the script in two processes, and kill both once their first checkpoint is whole."""
    runs = running.folder / "home" / "runs"
    # As torchrun starts them, which would give them sessions of their own.
    group = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1"}
    group["MASTER_PORT"] = str(free_port())
    log = running.folder / "killed.log"
    with open(log, "w") as file:
        begun = [
            subprocess.Popen(
                [sys.executable, *SCRIPT, "--with-feedback", SAID],
                env=running.environment | where | group | {"RANK": rank, "LOCAL_RANK": rank},
                cwd=ROOT,
                stdout=file,
                stderr=file,
            )
            for rank in "01"
        ]
    deadline = time.monotonic() + 240
    while not list(runs.glob("titles-smoke-*/bert/checkpoint-*/trainer_state.json")):
        assert all(one.poll() is None for one in begun), log.read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for one in begun:
        one.kill()
    for one in begun:
        one.wait()


@pytest.fixture(scope="module")
def folder(hub, tmp_path_factory) -> Path:
    return Path(snapshot_download(REPO, endpoint=hub.endpoint, cache_dir=tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="module")
def results(folder) -> dict:
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_one_commit_brings_everything_and_no_pickle(hub, results):
    api = HfApi(endpoint=hub.endpoint)
    assert set(api.list_repo_files(REPO)) - {".gitattributes"} == FILES
    assert len(api.list_repo_commits(REPO)) == 3
    info = api.model_info(REPO)
    assert (info.library_name, info.pipeline_tag) == ("transformers", "text-classification")
    assert info.card_data.base_model == BASE
    stated = next(one for one in info.card_data.eval_results if one.metric_type == "f1")
    assert stated.metric_value == pytest.approx(results["metrics"][0]["value"], abs=1e-4)
    assert {metric["split"] for metric in results["metrics"]} == {"test", "later"}
    assert [model["key"] for model in results["models"]] == [
        "bert",
        "logistic_regression",
        "naive_bayes",
        "lstm",
        "transformer",
    ]


def test_a_smoke_test_model_says_so_on_its_card(folder):
    card = (folder / "README.md").read_text("utf-8")
    assert "> **This is a smoke-test model.**" in card
    check_layout(card)


@in_the_soak
def test_the_killed_run_went_on(results):
    assert [point["epoch"] for point in results["curve"]] == [1, 2]


def test_the_base_and_its_commit_are_named(hub, results):
    assert results["recipe"]["base"] == BASE
    assert results["base_commit"] == HfApi(endpoint=hub.endpoint).model_info(BASE).sha


LOAD = """
import json, sys
import numpy as np
from transformers import pipeline
from spacehub.models.titles import export
repo, folder = {repo!r}, {folder!r}
results = json.load(open(folder + "/results.json"))
texts = [row["text"] for row in results["examples"]]
classify = pipeline("text-classification", model=repo)
said = [dict((one["label"], one["score"]) for one in rows) for rows in classify(texts, top_k=None)]
found = export.run(__import__("pathlib").Path(folder), "model.onnx", np.array(texts, dtype=object))
stated = [row["chance"] for row in results["examples"]]
print(json.dumps([sorted(said[0]), float(np.abs([row["space"] for row in said] - found).max()), float(np.abs(found - stated).max())]))
"""


def swap(config: dict) -> None:
    config |= {"id2label": {"0": "space", "1": "other"}, "label2id": {"space": 0, "other": 1}}


def boast(results: dict) -> None:
    results["metrics"][0]["value"] = 0.999
    results["drift"]["words"]["counts"][0] += 5


def tampered(folder: Path, target: Path) -> Path:
    """Return a copy in which every part is changed."""
    wrong = tampering.copy(folder, target)
    tampering.edit(wrong / "config.json", swap)
    tampering.noise(wrong / "model.safetensors")
    tampering.repaint(wrong)
    path = wrong / "predictions.csv"
    path.write_text(path.read_text("utf-8").replace(",0.", ",0.9", 40), encoding="utf-8")
    with (wrong / "cleaned.csv").open("a", encoding="utf-8") as file:
        file.write("simulated-0000,train,0,0.9\n")
    tampering.edit(wrong / "results.json", boast)
    return wrong


@pytest.fixture(scope="module")
def ran(hub, folder, tmp_path_factory) -> list[str]:
    """What the card's two snippets, ours above, two commands and a check printed: one process imports once."""
    snippets = re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    assert len(snippets) == 2
    out = tmp_path_factory.mktemp("mistake") / "out"
    mistake = command(*SCRIPT[1:], "--base", "somebody/encoder", "--output", str(out))
    verify = command("spacehub.cli", "verify", "titles")
    wrong = tampered(folder, tmp_path_factory.mktemp("tampered") / "titles")
    check = tampering.failures_text("titles", wrong, tampering.rows_of(folder, hub))
    said = hub.run_each(*snippets, LOAD.format(repo=REPO, folder=str(folder)), mistake, verify, check)
    assert not out.exists()
    return said


def test_the_card_s_snippets_run(ran):
    for said in ran[:2]:
        assert "space" in said or "other" in said


def test_the_pipeline_from_the_hub_says_what_the_card_says(ran):
    labels, apart, again = json.loads(ran[2].splitlines()[-1])
    assert labels == ["other", "space"]
    assert apart < 1e-4
    assert again < 1e-6


def test_no_title_is_in_what_each_model_said(folder, results):
    rows = (folder / "predictions.csv").read_text().splitlines()
    assert rows[0] == "id,split,label,bert,logistic_regression,naive_bayes,lstm,transformer"
    assert len(rows) - 1 == results["dataset"]["test"] + results["dataset"]["later"]
    assert all(len(row) < 90 for row in rows)


def test_the_card_is_reproduced_from_the_hub_alone(ran):
    assert f"The card of {REPO} is correct" in ran[4]
    assert "exit status 0" in ran[4]


def test_tampering_is_caught(folder, ran, tmp_path):
    """All at once, each in a claim of its own: one check of a BERT takes a while."""
    from spacehub.models.titles import proof  # imports transformers, which other workers need not

    swapped = tampering.copy(folder, tmp_path / "swapped")
    tampering.edit(swapped / "config.json", swap)
    assert proof._by_pipeline(folder).state == OK
    assert proof._by_pipeline(swapped).state == FAILED
    found = set(json.loads(ran[5].splitlines()[-1]))
    assert {f"figures/{name}.png" for name in FIGURES} <= found
    assert found >= {
        "onnx/model.onnx, compared with model.safetensors",
        "config.json, id2label",
        "pipeline(), compared with onnx/model.onnx",
        "predictions.csv, bert",
        "cleaned.csv",
        "metrics.f1_space.value",
        "drift.words.counts.0",
    }


def test_feedback_closes_the_loop(hub, results):
    """A visitor corrects a wrong answer; the model that learned from it replaces the old one and answers correctly."""
    loop = hub.learned
    assert loop["first"][1] == "other"
    assert loop["accepted"]
    used = {"id": SAID, "commit": loop["said"], "rows": 1, "skipped": 0, "used": 1, "weight": WEIGHT}
    assert results["feedback"] == used
    assert loop["second"] == (HfApi(endpoint=hub.endpoint).model_info(REPO).sha, "space")
    assert loop["second"][0] != loop["first"][0]


def test_as_many_processes_trained_as_were_started(results):
    assert results["processes"] == (2 if SOAK else 1)
    assert np.isfinite([point["validation_loss"] for point in results["curve"]]).all()


def test_a_mistake_ends_with_two_sentences(ran):
    assert "The Hub has no model named somebody/encoder" in ran[3]
    assert "Traceback" not in ran[3]
    assert "exit status 1" in ran[3]
