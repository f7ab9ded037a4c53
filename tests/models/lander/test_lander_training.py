"""Training: a run that was stopped goes on from its checkpoint and ends as one that was not."""

import itertools
import tempfile
from dataclasses import replace

import numpy as np
import pytest
from filelock import FileLock

from spacehub.errors import SpaceHubError
from spacehub.models.lander import agents, seeds, training
from spacehub.models.lander.recipes import IN_WIND, PRESETS
from spacehub.models.tracking import Silent
from spacehub.serving.lander.conditions import Conditions

RECIPES = {
    "ppo": replace(PRESETS["ppo", "smoke"].recipe, stint_steps=1_024, envs=4, rollout=64),
    "dqn": replace(
        PRESETS["dqn", "smoke"].recipe, stint_steps=512, envs=4, learning_starts=100, layers=(16,)
    ),
}


class Stopped(Exception):
    pass


def train(recipe, folder, *, stop_after=None, number=0):
    def report(done, total):
        if done == stop_after:
            raise Stopped

    return training.train(
        recipe,
        number=number,
        conditions=Conditions(),
        validation=2,
        folder=folder,
        tracker=Silent(),
        report=report,
    )


def weights(recipe, path):
    return agents.algorithm(recipe).load(path, device="cpu").policy.state_dict()


@pytest.mark.parametrize("name", RECIPES)
def test_a_stopped_run_ends_as_one_that_was_not(name, tmp_path, monkeypatch):
    recipe = RECIPES[name]
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    whole = train(recipe, tmp_path / "whole")
    for stint in 1, 2:
        with pytest.raises(Stopped):
            train(recipe, tmp_path / "stopped", stop_after=stint)
    resumed = train(recipe, tmp_path / "stopped")
    assert list(elsewhere.glob("SB3*")) == []
    assert (whole.resumed, resumed.resumed) == (0, 2)
    assert resumed.curve == whole.curve
    assert resumed.chosen["validation_reward"] == max(point["validation_reward"] for point in whole.curve)
    for file in training.CHECKPOINT, training.BEST:
        mine, other = (weights(recipe, run.best.with_name(file)) for run in (resumed, whole))
        assert all(np.array_equal(mine[key], other[key]) for key in other)


def test_another_recipe_or_run_is_not_taken_for_the_same(tmp_path):
    recipe = RECIPES["ppo"]
    first = train(recipe, tmp_path)
    again = train(recipe, tmp_path)
    assert again.curve == first.curve
    other = train(replace(recipe, gamma=0.9), tmp_path)
    assert other.resumed == 0
    assert other.curve != first.curve
    assert train(recipe, tmp_path / "run", number=1).curve != first.curve


def test_two_processes_do_not_train_one_run(tmp_path):
    with (
        FileLock(f"{tmp_path / 'run'}.lock"),
        pytest.raises(SpaceHubError, match="Another process is training"),
    ):
        train(RECIPES["ppo"], tmp_path / "run")


def test_the_seeds_are_apart():
    presets = [*PRESETS.values(), *IN_WIND.values()]
    for preset in presets:
        assert preset.recipe.envs <= seeds.PER_STINT
        assert preset.test <= len(seeds.TEST)
        assert preset.validation <= len(seeds.VALIDATION)
    trained = [seeds.training(run, stint) for run in range(3) for stint in range(100)]
    assert len(set(trained)) == 300
    assert min(trained) > max(seeds.VALIDATION) > min(seeds.VALIDATION) > max(seeds.TEST)
    assert all(second - first >= seeds.PER_STINT for first, second in itertools.pairwise(trained))
