"""The search for hyperparameters: seeded, on what it is given, and the same trials after a kill."""

import json
import subprocess
import sys

import pytest

from spacehub.errors import SpaceHubError
from spacehub.models import sweep
from spacehub.models.sweep import Range, Trial
from tests.processes import ROOT

SPACE = {"rate": Range(low=1e-4, high=1e-1, log=True), "depth": Range(low=1, high=6)}
FIRST = {"rate": 1e-2, "depth": 3}


def bowl(params: dict, number: int) -> float:
    return abs(params["depth"] - 4) + abs(params["rate"] - 3e-3)


def search(**given) -> list[Trial]:
    return sweep.search(bowl, space=SPACE, first=FIRST, trials=9, seed=5, **given)


def test_the_first_trial_is_the_usual_one_and_all_are_in_the_space():
    found = search()
    assert found[0].params == FIRST
    assert len(found) == 9
    assert all(1e-4 <= one.params["rate"] <= 1e-1 and one.params["depth"] in range(1, 7) for one in found)
    assert found[sweep.best(found)].value < bowl(FIRST, 0)
    assert found == search()
    assert found != sweep.search(bowl, space=SPACE, first=FIRST, trials=9, seed=6)


KILLED = """
import os, sys
from pathlib import Path
from spacehub.models import sweep
from tests.models.test_sweep import FIRST, SPACE, bowl
def objective(params, number):
    if number == 6:
        os._exit(9)
    return bowl(params, number)
sweep.search(objective, space=SPACE, first=FIRST, trials=9, seed=5, journal=Path(sys.argv[1]))
"""


def test_a_killed_search_continues_with_the_same_trials(tmp_path):
    journal = tmp_path / "runs" / "sweep.log"
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(journal)], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 9, run.stderr
    with journal.open("a") as file:
        file.write('{"op_code": 4, "half a li')  # the kill came while a line was written
    journal.with_name("sweep.log.lock").symlink_to(journal)
    asked = []

    def objective(params: dict, number: int) -> float:
        asked.append(number)
        return bowl(params, number)

    found = sweep.search(objective, space=SPACE, first=FIRST, trials=9, seed=5, journal=journal)
    assert asked == [6, 7, 8]
    assert found == search()
    assert search(journal=journal) == found  # finished: nothing is tried again


def test_another_search_has_another_journal(tmp_path):
    names = {sweep.journal_of(tmp_path, *facts).name for facts in (["a", 1], ["a", 2], ["a", 1])}
    assert len(names) == 2


def test_the_results_can_be_written_and_drawn(tmp_path):
    found = sweep.results(search(), space=SPACE, score="bowl")
    assert json.loads(json.dumps(found)) == found
    assert found["space"] == {"rate": "0.0001 to 0.1 (log)", "depth": "1 to 6"}
    assert found["trials"][found["best"]]["value"] == min(trial["value"] for trial in found["trials"])
    sweep.draw(found, tmp_path)
    assert (tmp_path / sweep.FIGURE).stat().st_size > 5_000


@pytest.mark.parametrize(("trials", "world"), [(-1, "1"), (501, "1"), (2, "2")])
def test_what_cannot_be_searched_is_two_sentences(trials, world, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", world)
    with pytest.raises(SpaceHubError, match="--sweep"):
        sweep.require_possible(trials)
