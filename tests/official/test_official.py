"""The clients' own tests pass against an embedded Hub: in every run those of their API, in soak whole suites."""

import os

import pytest

from tests.official import suites
from tests.official.harness import hub, prepare, run

SOAK = bool(os.environ.get("SPACEHUB_SOAK"))

# Of each client the tests of every run, and those of soak; and how many must at least be there.
SUITES = {
    "huggingface_hub": (
        [
            "test_hf_api.py",
            "test_snapshot_download.py",
            "test_commit_scheduler.py",
            "test_cli_discussions.py",
            "-k",
            "not huge_regular_files",  # 20 s of base64
        ],
        ["tests", "-n", "2"],
        200,
    ),
    "datasets": (
        [
            "test_hub.py",
            "test_upstream_hub.py",
            "-k",
            "delete_from_hub or test_push_dataset_dict_to_hub_with",
        ],
        ["test_hub.py", "test_upstream_hub.py"],
        5,
    ),
}


@pytest.fixture(scope="module", params=SUITES)
def suite(request, tmp_path_factory):
    """A suite of an installed release, made ready, and the address of the Hub that it runs against."""
    folder = tmp_path_factory.mktemp(request.param)
    with hub(folder) as endpoint:
        try:
            prepare(suites.Suite.installed(request.param), endpoint, folder)
            suites.plugins()
        except suites.Unreachable as error:
            pytest.skip(
                f"the tests of {request.param} come from the package registry, which does not answer: {error}"
            )
        yield request.param, folder, endpoint


@pytest.mark.timeout(3000)
def test_the_clients_own_tests_pass(suite):
    """Every test but those in exclusions.toml."""
    package, folder, endpoint = suite
    small, whole, least = SUITES[package]
    outcomes = run(folder, endpoint, whole if SOAK else small)
    bad = {name: outcome.text for name, outcome in outcomes.items() if outcome.state in ("failure", "error")}
    assert not bad, "\n\n".join(f"{name}\n{text}" for name, text in bad.items())
    assert sum(outcome.state == "passed" for outcome in outcomes.values()) >= least


@pytest.mark.skipif(not SOAK, reason="waits for hosts that do not answer")
@pytest.mark.timeout(3000)
def test_no_exclusion_is_stale(suite, monkeypatch):
    """A test that would pass must not be left out."""
    _, folder, endpoint = suite
    monkeypatch.setenv("OFFICIAL_ONLY_EXCLUDED", "1")
    outcomes = run(folder, endpoint, ["tests", "-n", "2", "--timeout", "60"])
    assert not [name for name, outcome in outcomes.items() if outcome.state == "passed"]
