"""The clients' own tests pass against an embedded Hub: in every run those of their API, in soak whole suites."""

import contextlib
from pathlib import Path

import pytest

from tests.doses import SOAK
from tests.official import suites
from tests.official.harness import Outcome, hub, prepare, run

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


# Excluded tests that pass without proving anything: they expect an error of the file's size, and accept that the
# repository does not exist.
VACUOUS = {
    f"test_file_download.py::TestCachedDownload::test_file_consistency_check_fails_{kind}_file"
    for kind in ("regular", "LFS")
}

# Excluded tests that pass on a quiet machine.
TIMED = {
    f"test_hf_api.py::TestCommitInBackground::{name}"
    for name in ("test_commit_to_repo_in_background", "test_run_as_future")
}

# An older release whose tests of the API run in soak.
OLDER = suites.Suite("huggingface_hub", "1.28.0")


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Make a suite ready; gives its folder and the address of the Hub that it runs against."""
    with contextlib.ExitStack() as stack:

        def make(suite: suites.Suite) -> tuple[Path, str]:
            folder = tmp_path_factory.mktemp(suite.package)
            endpoint = stack.enter_context(hub(folder))
            try:
                prepare(suite, endpoint, folder)
                suites.plugins()
                suite.library()
            except suites.Unreachable as error:
                pytest.skip(
                    f"the tests of {suite.archive} come from a package registry, which does not answer: {error}"
                )
            return folder, endpoint

        yield make


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("package", SUITES)
def test_the_clients_own_tests_pass(ready, package):
    """Every test but those in exclusions.toml."""
    suite = suites.Suite.installed(package)
    small, whole, least = SUITES[package]
    outcomes = run(suite, *ready(suite), whole if SOAK else small)
    check(outcomes, least)


@pytest.mark.skipif(not SOAK, reason="a whole client to install, and two minutes of tests")
@pytest.mark.timeout(3000)
def test_an_older_clients_own_tests_pass(ready):
    check(run(OLDER, *ready(OLDER), ["test_hf_api.py", "-m", "not production"]), 190)


@pytest.mark.skipif(not SOAK, reason="waits for hosts that do not answer")
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("package", SUITES)
def test_no_exclusion_is_stale(ready, package, monkeypatch):
    """A test that would pass must not be left out."""
    monkeypatch.setenv("OFFICIAL_ONLY_EXCLUDED", "1")
    suite = suites.Suite.installed(package)
    files = ["tests"] if package == "huggingface_hub" else SUITES[package][1]
    outcomes = run(suite, *ready(suite), [*files, "-n", "2", "--timeout", "60"])
    passed = {name for name, outcome in outcomes.items() if outcome.state == "passed"}
    # A test that was stopped after its 60 s has no name in the report.
    assert passed - VACUOUS - TIMED - {""} == set()


def check(outcomes: dict[str, Outcome], least: int) -> None:
    bad = {name: outcome.text for name, outcome in outcomes.items() if outcome.state in ("failure", "error")}
    assert not bad, "\n\n".join(f"{name}\n{text}" for name, text in bad.items())
    assert sum(outcome.state == "passed" for outcome in outcomes.values()) >= least
