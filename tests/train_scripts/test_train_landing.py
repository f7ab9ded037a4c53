"""The train script as its user runs it: what it publishes is whole, in one commit, and says only what it measured."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from huggingface_hub import HfApi, snapshot_download

from spacehub import cards
from spacehub.localhub import LocalHub
from spacehub.models.landing import storage
from tests.card_layout import check_layout
from tests.doses import dose
from tests.processes import ROOT, clean_environment

MODEL = "spacehub/falcon9-landing-classifier"
FIGURES = ["calibration", "candidates", "confusion_matrix", "over_time", "permutation_importance", "pr_curve"]
FILES = {
    "README.md",
    "config.json",
    "model.skops",
    "onnx/inputs.json",
    "onnx/model.onnx",
    "payload/model.onnx",
    "payload/model.skops",
    "figures/forecasts.csv",
    "predictions.csv",
    "results.json",
    *(f"figures/{name}.png" for name in FIGURES),
}
SCORES = ["pr_auc_failures", "brier", "roc_auc", "log_loss", "accuracy"]


@pytest.fixture(scope="module")
def folder(published, tmp_path_factory):
    """The published model, as downloaded."""
    cache = tmp_path_factory.mktemp("cache")
    return Path(snapshot_download(MODEL, endpoint=published.endpoint, cache_dir=cache))


@pytest.fixture(scope="module")
def results(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_one_commit_brings_everything(published, folder):
    api = HfApi(endpoint=published.endpoint)
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found - {".gitattributes"} == FILES
    # Other tests may have tampered since, but the first commit after the repository's own is the whole.
    first = api.list_repo_commits(MODEL)[-2]
    assert set(api.list_repo_files(MODEL, revision=first.commit_id)) - {".gitattributes"} == FILES


def test_the_hub_shows_how_to_load_it(published, folder, results):
    """What the box *Use this model* reads of a scikit-learn model, and columns that fit the file."""
    answer = json.loads((folder / "config.json").read_text(encoding="utf-8"))["sklearn"]
    assert (answer["model"]["file"], answer["model_format"]) == ("model.skops", "skops")
    example = pd.DataFrame(answer["example_input"])[answer["columns"]]
    chances = storage.load(folder).predict_proba(example)[:, 1]
    assert len(chances) == 3
    assert ((chances > 0) & (chances < 1)).all()
    info = HfApi(endpoint=published.endpoint).model_info(MODEL)
    assert info.config["sklearn"]["model"] == {"file": "model.skops"}
    assert {"skops", "sklearn"} <= set(info.tags)
    assert results["oldest_scikit_learn"] == storage.OLDEST[results["chosen"]["key"]]


COMPARE = """
import pandas as pd
from pandas.testing import assert_frame_equal
expected = pd.read_csv({path!r}, keep_default_na=False, na_values={{"payload_mass_kg": [""]}})[list(features)]
assert_frame_equal(features, expected, check_dtype=False, rtol=1e-6)
"""


def test_the_card_s_recipe_makes_the_columns_of_experience(published, folder):
    [recipe] = [
        text
        for text in re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
        if "load_dataset" in text
    ]
    [said] = published.run_each(recipe + COMPARE.format(path=str(folder / "predictions.csv")))
    assert "attempts, mean probability of landing" in said


def test_the_results_name_their_data(published, results):
    commits = HfApi(endpoint=published.endpoint).list_repo_commits(
        results["dataset"]["id"], repo_type="dataset"
    )
    assert results["dataset"]["commit"] in [commit.commit_id for commit in commits]
    assert results["simulated"] == (results["dataset"]["config"] == "simulated")
    preset = dose("smoke", "quick")
    assert results["command"] == f"python -m train_scripts.train_landing --preset {preset} --seed 0"


def test_every_score_has_n_interval_and_baselines_on_both_splits(results):
    metrics = {metric["key"]: metric for metric in results["metrics"]}
    assert list(metrics) == SCORES + [f"{key}_ordered" for key in SCORES]
    for metric in metrics.values():
        assert metric["split"] in results["splits"]
        assert metric["low"] <= metric["value"] <= metric["high"]
        assert set(metric["baseline"]) == {"base_rate", "last_ten"}
    assert metrics["brier"]["n"] == results["dataset"]["used"]
    assert sum(bin["n"] for bin in results["reliability"]) == results["dataset"]["used"]


def test_the_rule_was_applied_to_the_table_of_candidates(results):
    chosen = [row for row in results["candidates"] if row["chosen"]]
    assert [row["key"] for row in chosen] == [results["chosen"]["key"]]
    stated = {metric["key"]: metric["value"] for metric in results["metrics"]}
    assert chosen[0]["brier"]["value"] == stated["brier"]


def test_every_number_in_a_table_of_the_card_is_in_the_results(folder, results):
    numbers, texts = flatten(results)
    text = (folder / "README.md").read_text(encoding="utf-8").replace("−", "-")
    cells = [
        line for line in text.splitlines() if line.startswith("| ") and not re.match(r"^\|[\s|-]+$", line)
    ]
    found = [token for line in cells for token in re.findall(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?", line)]
    assert len(found) > 100
    foreign = [token for token in found if not stated(token, numbers) and not any(token in t for t in texts)]
    assert not foreign


@pytest.fixture
def render_with(folder, results, tmp_path):
    """Render the card of other results than the published ones."""

    def render(**changed) -> str:
        (tmp_path / "results.json").write_text(json.dumps(results | changed), encoding="utf-8")
        return cards.render("landing", tmp_path)

    return render


@pytest.mark.parametrize(("weight", "remarked"), [(-0.5, True), (0.5, False)])
def test_the_card_remarks_on_a_weight_of_the_wrong_sign(render_with, weight, remarked):
    row = {
        "feature": "landed_share_last_ten",
        "category": None,
        "per": "standard deviation",
        "weight": weight,
    }
    card = " ".join(render_with(coefficients=[row]).split())
    assert f"| {weight:.2f} | standard deviation |".replace("-", "−") in card
    assert ("Therefore, recent failures *raise*" in card) == remarked
    assert ("has an unexpected sign" in card) == remarked


def test_the_card_of_trees_tells_no_weights(render_with):
    assert "log-odds" not in render_with(coefficients=[])


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 0.3, "**better than that of the baseline.**"),
        (-0.1, 0.3, "**not shown to be better than that of the baseline.**"),
        (-0.3, -0.1, "**worse than that of the baseline.**"),
    ],
)
def test_the_card_opens_with_what_the_future_says(render_with, results, low, high, verdict):
    metrics = json.loads(json.dumps(results["metrics"]))
    [later] = [metric for metric in metrics if metric["key"] == "pr_auc_failures_ordered"]
    later["gain"]["base_rate"] |= {"low": low, "high": high}
    card = render_with(metrics=metrics)
    check_layout(card)
    opening = card.partition("## When not to use")[0]
    assert verdict in opening
    assert opening.count("that of the baseline.**") == 1


def test_the_card_names_the_variants_that_do_better(render_with, results):
    published = results["variants"][0]
    worse = {
        "name": "a worse one",
        "brier": published["brier"] | {"value": published["brier"]["value"] + 0.1},
    }
    better = {
        "name": "a better one",
        "brier": published["brier"] | {"value": published["brier"]["value"] - 0.01},
    }
    card = render_with(variants=[published, published | worse, published | better])
    assert "- The variant *a better one* has a better Brier score than the published model." in card
    assert "*a worse one*" not in card


def stated(token: str, numbers: list[float]) -> bool:
    digits = len(token.partition(".")[2])
    value = float(token.replace(",", ""))
    return any(round(number * scale, digits) == value for number in numbers for scale in (1, 100, 1000))


def flatten(value) -> tuple[list[float], list[str]]:
    """Every number and every text of a JSON value."""
    if isinstance(value, dict | list):
        parts = [flatten(part) for part in (value.values() if isinstance(value, dict) else value)]
        return [n for numbers, _ in parts for n in numbers], [t for _, texts in parts for t in texts]
    if isinstance(value, str):
        return [], [value]
    return ([float(value)] if value is not None else []), []


def test_the_two_formats_agree(results):
    assert results["onnx"]["n"] == results["dataset"]["used"]
    assert results["onnx"]["max_abs_difference"] < 1e-5
    assert results["payload"]["onnx"]["max_abs_difference_kg"] < 0.1


def test_without_the_dataset_it_says_how_to_build_it(tmp_path):
    with LocalHub(tmp_path / "hub") as hub:
        run = subprocess.run(
            [sys.executable, "-m", "train_scripts.train_landing", "--preset", "quick"],
            env=clean_environment()
            | {
                "HF_ENDPOINT": hub.endpoint,
                "HF_TOKEN": hub.token,
                "HF_HOME": str(tmp_path / "huggingface"),
                "SPACEHUB_HOME": str(tmp_path / "home"),
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert run.returncode == 1
    assert "has no dataset named spacehub/falcon9-landings" in run.stderr
    assert "python -m train_scripts.build_datasets --only falcon9-landings" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "home" / "artefacts" / "landing").exists()
