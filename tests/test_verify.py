"""Verifying: an untouched card holds; a prettier number, another card or other weights do not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download

from tests.processes import ROOT

MODEL = "spacehub/falcon9-landing-classifier"


def verify(published) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "spacehub.cli", "verify", "landing"],
        env=published.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_an_untouched_card_holds(published):
    run = verify(published)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "FAIL" not in run.stdout
    assert "ok   pr_auc_failures" in run.stdout


@pytest.fixture
def tamper(published, tmp_path):
    """Commit other content to a file of the published model; put it back afterwards."""
    api = HfApi(endpoint=published.endpoint, token=published.token)
    before: list[CommitOperationAdd] = []

    def change(name: str, edit) -> None:
        path = hf_hub_download(MODEL, name, endpoint=published.endpoint, cache_dir=tmp_path / "cache")
        text = Path(path).read_text(encoding="utf-8")
        assert edit(text) != text
        before.append(CommitOperationAdd(name, text.encode()))
        api.create_commit(MODEL, [CommitOperationAdd(name, edit(text).encode())], commit_message="Tamper")

    yield change
    api.create_commit(MODEL, before, commit_message="Put it back")


def flatter(text: str) -> str:
    results = json.loads(text)
    headline = next(metric for metric in results["metrics"] if metric["key"] == "pr_auc_failures")
    headline["value"] += 0.1
    return json.dumps(results)


def test_prettier_numbers_and_words_do_not(published, tamper):
    tamper("results.json", flatter)
    tamper("README.md", lambda text: text + "\nThe best model there is.\n")
    run = verify(published)
    assert run.returncode == 1
    assert "FAIL card is what its folder renders" in run.stdout
    assert "FAIL pr_auc_failures" in run.stdout
    assert "does not hold" in run.stderr
    assert "Traceback" not in run.stderr
