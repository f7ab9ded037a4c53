"""A mission: published under the learner's name it verifies; whatever is tampered with, the card made to match, does not."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from huggingface_hub import HfApi, snapshot_download

from spacehub import cli
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.mission import grade, measure, portfolio, publish, spec
from spacehub.models.proof import FAILED
from spacehub.publish import push_folder
from tests.landings import launches

EXAMPLE = Path(__file__).parents[2] / "docs" / "course" / "missions" / "drone-ship"
REPO = "ada/mission-drone-ship"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A Hub with a dataset and the worked mission."""
    data = tmp_path_factory.mktemp("launches")
    launches().to_csv(data / "launches.csv", index=False)
    with LocalHub() as hub:
        push_folder(data, "spacehub/falcon9-landings", repo_type="dataset", message="Launches")
        publish.publish(EXAMPLE, "ada")
        yield hub


@pytest.fixture
def pulled(hub, tmp_path):
    return Path(shutil.copytree(snapshot_download(REPO), tmp_path / "pulled", symlinks=False))


def failures(folder, repo_id=REPO):
    return {one.name for one in grade.grade(folder, repo_id) if one.state == FAILED}


def rewrite(folder, change):
    """Change the results and render the card again, as a cheat would."""
    results = json.loads((folder / "results.json").read_text())
    change(results)
    (folder / "results.json").write_text(json.dumps(results))
    (folder / "README.md").write_text(publish.card(REPO, results))


def test_the_worked_example_verifies_with_numbers_of_its_own(hub, capsys):
    cli.main(["verify", REPO])
    said = capsys.readouterr().out
    assert f"The card of {REPO} is correct" in said
    assert "FAIL" not in said
    assert "the card states correctly that the model beats the baseline" in said
    results = json.loads(Path(snapshot_download(REPO), "results.json").read_text())
    table = launches()
    table = table[table["landing_type"].isin(["ASDS", "RTLS"])]
    later = table["date_utc"] >= "2021-01-01"
    assert (results["train"], results["test"]) == ((~later).sum(), later.sum())
    share = (table["landing_type"][~later] == "ASDS").mean()
    brier = results["metrics"][0]
    assert brier["baseline"] == pytest.approx(
        ((table["landing_type"][later] == "ASDS") - share).pow(2).mean()
    )
    assert brier["low"] < brier["value"] < brier["high"] < brier["baseline"]
    assert {one.path for one in HfApi().list_repo_tree(REPO, recursive=True)} >= {
        "onnx/model.onnx",
        "README.md",
    }
    assert not [name for name in HfApi().list_repo_files(REPO) if name.endswith((".py", ".pkl"))]


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (lambda r: r["metrics"][0].update(value=r["metrics"][0]["value"] / 2), "metrics.brier.value"),
        (lambda r: r["metrics"][0].update(n=9999), "metrics.brier.n"),
        (lambda r: r["metrics"][0].update(baseline=0.9), "metrics.brier.baseline"),
        (lambda r: r["metrics"][0]["gain"].update(low=0.2), "metrics.brier.gain.low"),
        (lambda r: r.update(train=1), "train"),
        (lambda r: r["mission"].update(test_from="2020-06-01"), "metrics.brier.value"),
        (lambda r: r.update(commit="0" * 40), "dataset commit"),
        (lambda r: r.update(commit="main"), "dataset commit"),
        (lambda r: r["mission"].update(dataset="spacehub/nothing"), "dataset commit"),
        (lambda r: r["mission"].update(limitations=["None."]), "limitations"),
        (lambda r: r["mission"].update(title="TODO: a title"), "limitations"),
        (lambda r: r["mission"]["words"].append("landing_type"), "leakage"),
        (lambda r: r.update(award="gold"), "award"),
    ],
)  # fmt: skip
def test_a_claim_that_is_changed_fails_even_if_the_card_agrees(pulled, change, fails):
    assert failures(pulled) == set()
    rewrite(pulled, change)
    assert fails in failures(pulled)


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (lambda f: (f / "README.md").write_text((f / "README.md").read_text() + "Best of all!\n"), "README.md"),
        (lambda f: (f / "model.pkl").write_bytes(b"cos\nsystem\n"), "model.pkl"),
        (lambda f: (f / "onnx" / "model.onnx").unlink(), "onnx/model.onnx"),
        (lambda f: (f / "onnx" / "model.onnx").write_bytes(b"\0" * 99), "the remaining checks"),
        (lambda f: (f / "results.json").write_text("[" * 100_000), "the remaining checks"),
        (lambda f: (f / "results.json").write_text("{}"), "mission"),
        (lambda f: (f / "results.json").write_text('{"mission": {"title": 1}}'), "mission"),
    ],
)  # fmt: skip
def test_a_file_that_is_changed_fails(pulled, change, fails):
    change(pulled)
    assert fails in failures(pulled)


def test_a_number_is_predicted_too_and_groups_stay_together(hub, tmp_path):
    folder = tmp_path / "mass"
    publish.new(folder)
    text = (EXAMPLE / "mission.toml").read_text()
    for old, new in [
        ('kind = "yes or no"', 'kind = "number"'),
        ('target = "landing_type"\nyes = "ASDS"', 'target = "payload_mass_kg"'),
        ('numbers = ["payload_mass_kg", "booster_flight"]', 'numbers = ["booster_flight"]'),
        (
            'test_column = "date_utc"\ntest_from = "2021-01-01"',
            'test_column = "launch_site"\ntest_share = 0.4',
        ),
        ('words = ["orbit", "launch_site"]', 'words = ["landing_type"]'),
    ]:
        assert old in text
        text = text.replace(old, new)
    (folder / "mission.toml").write_text(text)
    model = (folder / "model.py").read_text().replace("LogisticRegression(C=1.0, max_iter=2000)", "Ridge()")
    (folder / "model.py").write_text(model.replace("import LogisticRegression", "import Ridge"))
    mission = spec.read(folder)
    path = tmp_path / "launches.csv"
    launches().assign(launch_site=[f"site {n % 40}" for n in range(400)]).to_csv(path, index=False)
    push_folder(_only(tmp_path, path), "spacehub/falcon9-landings", repo_type="dataset", message="More sites")
    train, test = measure.split(mission, path)
    assert 20 <= len(test.target) < len(train.target)
    repo_id, _ = publish.publish(folder, "ada")
    assert failures(Path(snapshot_download(repo_id)), repo_id) == set()
    holding = portfolio.write("ada", tmp_path / "portfolio")
    page = (tmp_path / "portfolio" / "index.html").read_text()
    assert holding == page.count("the card is correct") == 2
    assert "week by week" not in page
    assert "<h1>Does the booster come back to land, or to a drone ship?</h1>" in page
    progress = tmp_path / "progress.json"
    said = {"said": "<script>twice</script>", "at": "2026-01-05", "ask": "How much?", "result": "6.5 times"}
    progress.write_text(json.dumps({"format": "spacehub-progress", "version": 1, "days": {"3.1": "2026-01-05"}, "predictions": {"3.1": said}}))  # fmt: skip
    cli.main(["mission", "portfolio", "ada", "--folder", str(tmp_path / "portfolio"), "--progress", str(progress)])  # fmt: skip
    page = (tmp_path / "portfolio" / "index.html").read_text()
    assert page.count("the card is correct") == 2
    assert "<td>3. Regression</td><td>1 of 7</td>" in page
    assert "<td>predicted: &lt;script&gt;twice&lt;/script&gt;</td><td>result: 6.5 times</td>" in page
    assert portfolio.publish("ada", tmp_path / "portfolio")
    assert "index.html" in HfApi().list_repo_files("ada/portfolio", repo_type="space")


def _only(tmp_path, path):
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(path, folder / "launches.csv")
    return folder


def test_a_portfolio_shows_a_card_that_does_not_hold_and_runs_none_of_its_html(hub, pulled, tmp_path):
    rewrite(pulled, lambda r: r["metrics"][0].update(value=0.0))
    (pulled / "README.md").write_text((pulled / "README.md").read_text() + "\n<script>alert(1)</script>\n")
    push_folder(pulled, "eve/mission-drone-ship", repo_type="model", message="Perfect")
    assert portfolio.write("eve", tmp_path / "page") == 0
    page = (tmp_path / "page" / "index.html").read_text()
    assert "the card is not correct" in page
    assert "<script" not in page
    with pytest.raises(SpaceHubError, match="bob has not published a mission"):
        portfolio.write("bob", tmp_path / "none")


def mission(**changes):
    stated = spec.read(EXAMPLE).as_json()
    stated.pop("test_share")
    return {**stated, **changes}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "`title` must be"),
        ({"title": "two\nlines"}, "`title` must be"),
        ({"question": "x" * 501}, "`question` must be"),
        ({"kind": "cluster"}, "`kind` must be"),
        ({"licence": "mine"}, "`licence` must be"),
        ({"dataset": "../../etc"}, "`dataset` must be"),
        ({"file": "../token.csv"}, "`file` must be"),
        ({"file": "model.pkl"}, "`file` must be"),
        ({"numbers": [], "words": []}, "at least one column"),
        ({"words": ["orbit", "orbit"]}, "contain a column twice"),
        ({"numbers": "mass"}, "`numbers` must be"),
        ({"words": ["x"] * 31}, "`words` must be"),
        ({"only": ["landing_type"]}, "`only` must"),
        ({"yes": ""}, "needs the key `yes`"),
        ({"test_share": 0.5}, "either `test_from` or"),
        ({"test_from": "", "test_share": True}, "either `test_from` or"),
        ({"award": "gold"}, "`award` is not a known key"),
    ],
)
def test_an_impossible_mission_is_a_sentence(changes, problem):
    with pytest.raises(SpaceHubError, match=problem):
        spec.check(mission(**changes))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"target": "nothing"}, "has no column named 'nothing'"),
        ({"test_from": "2035-01-01"}, "test split has 0 rows"),
        ({"test_from": "soon"}, "test_from"),
        ({"only": {"orbit": ["moon"]}}, "training split has 0 rows"),
    ],
)
def test_a_split_that_cannot_be_is_a_sentence(changes, problem, tmp_path):
    path = tmp_path / "launches.csv"
    launches(100).to_csv(path, index=False)
    with pytest.raises(SpaceHubError, match=re.escape(problem)):
        measure.split(spec.check(mission(**changes)), path)


def test_a_parquet_file_that_unpacks_to_too_much_is_not_read(tmp_path):
    path = tmp_path / "launches.parquet"
    pd.DataFrame({"landed": np.zeros(measure.MOST_ROWS + 1, np.int8)}).to_parquet(path)
    assert path.stat().st_size < 10_000
    with pytest.raises(SpaceHubError, match="has 200,001 rows"):
        measure.split(spec.check(mission(file="launches.parquet")), path)


def test_a_new_mission_is_a_template_that_is_not_published_as_it_is(hub, tmp_path, capsys):
    cli.main(["mission", "new", str(tmp_path / "my-mission")])
    assert "mission publish" in capsys.readouterr().out
    with pytest.raises(SpaceHubError, match="still contains a TODO in: title, question, limitations"):
        publish.publish(tmp_path / "my-mission", "ada")
    template = tomllib.loads((tmp_path / "my-mission" / "mission.toml").read_text(encoding="utf-8"))
    stated = spec.check(template)
    assert [one.name for one in grade._honest(stated) if one.state == FAILED] == ["limitations"]
    for name, problem in (("my-mission", "exists"), ("My Mission", "is not a valid repository name")):
        with pytest.raises(SpaceHubError, match=problem):
            publish.new(tmp_path / name)
    shutil.copy(EXAMPLE / "mission.toml", tmp_path / "my-mission")
    (tmp_path / "my-mission" / "model.py").write_text("def build(numbers, words):\n    return 1 / 0\n")
    with pytest.raises(SpaceHubError, match=r"model\.py fails: ZeroDivisionError: division by zero"):
        publish.publish(tmp_path / "my-mission", "ada")
