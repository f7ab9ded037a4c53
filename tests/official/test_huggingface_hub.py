"""The client's own tests pass against an embedded Hub: in every run those of its API, in soak its whole suite."""

import os

import pytest

from tests.official import suites
from tests.official.harness import hub, prepare, run

SMALL = ["test_hf_api.py", "test_snapshot_download.py", "test_commit_scheduler.py", "test_cli_discussions.py"]


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """The suite of the installed release, made ready, and the address of the Hub that it runs against."""
    try:
        tests, _ = suites.Suite.installed("huggingface_hub").fetch(), suites.plugins()
    except suites.Unreachable as error:
        pytest.skip(f"the client's tests come from the package registry, which does not answer: {error}")
    folder = tmp_path_factory.mktemp("official")
    with hub(folder) as endpoint:
        prepare(tests, endpoint, folder)
        yield folder, endpoint


@pytest.mark.timeout(3000)
def test_the_clients_own_tests_pass(suite):
    """Every test but those in exclusions.toml."""
    folder, endpoint = suite
    outcomes = run(folder, endpoint, ["tests", "-n", "2"] if os.environ.get("SPACEHUB_SOAK") else SMALL)
    failed = {
        name: outcome.text for name, outcome in outcomes.items() if outcome.state not in ("passed", "skipped")
    }
    assert not failed, "\n\n".join(f"{name}\n{text}" for name, text in failed.items())
    assert sum(outcome.state == "passed" for outcome in outcomes.values()) > 200


@pytest.mark.skipif(not os.environ.get("SPACEHUB_SOAK"), reason="waits for hosts that do not answer")
@pytest.mark.timeout(3000)
def test_no_exclusion_is_stale(suite, monkeypatch):
    """A test that would pass must not be left out."""
    folder, endpoint = suite
    monkeypatch.setenv("OFFICIAL_ONLY_EXCLUDED", "1")
    outcomes = run(folder, endpoint, ["tests", "-n", "4", "--timeout", "60"])
    assert not [name for name, outcome in outcomes.items() if outcome.state == "passed"]
