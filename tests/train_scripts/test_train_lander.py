"""The lander's script as its user runs it: published, loaded by others' libraries, verified, killed and resumed."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import gymnasium
import numpy as np
import onnxruntime
import pytest
from huggingface_hub import HfApi, snapshot_download

from spacehub import pipeline
from spacehub.errors import SpaceHubError
from tests.card_layout import check_layout
from tests.doses import SOAK, in_the_soak
from tests.processes import ROOT, command
from train_scripts import train_lander

# Only the soak also trains PPO's agent with discrete actions.
REPOS = ({"lander": "spacehub/ppo-LunarLander-v3"} if SOAK else {}) | {
    "lander-dqn": "spacehub/dqn-LunarLander-v3",
    "lander-continuous": "spacehub/ppo-LunarLanderContinuous-v3",
}
FILES = {
    "README.md",
    "config.json",
    "figures/failures.png",
    "figures/learning_curve.png",
    "figures/outcomes.png",
    "figures/returns.png",
    "flights.csv",
    "onnx/model.onnx",
    "replay.mp4",
    "results.json",
}


@pytest.fixture(scope="module")
def hub(own_hub):
    """A Hub with agents that are seconds old, published by the commands that ``spacehub publish`` runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_PRESET", "smoke")
        own_hub.run_commands(*(pipeline.command(key)[2:] for key in REPOS))
    return own_hub


@pytest.fixture(scope="module")
def agents(hub, tmp_path_factory) -> dict[str, tuple[str, Path, dict]]:
    """Repository, folder and results of each published agent."""
    cache, found = tmp_path_factory.mktemp("cache"), {}
    for key, repo in REPOS.items():
        folder = Path(snapshot_download(repo, endpoint=hub.endpoint, cache_dir=cache))
        found[key] = repo, folder, json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(params=REPOS)
def published(request, agents):
    """Key, repository, folder and results of a published agent."""
    return request.param, *agents[request.param]


@pytest.fixture(scope="module")
def flown(agents, tmp_path_factory) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What each agent saw in one flight, and what its ONNX file answered."""
    return {key: fly(folder, continuous=key == "lander-continuous") for key, (_, folder, _) in agents.items()}


@pytest.fixture(scope="module")
def ran(hub, agents, flown, tmp_path_factory) -> dict:
    """What each card's two snippets printed, and the actions of the zip in Stable-Baselines3.

    Under "publish" and "verify", what these commands printed: one process imports once.
    """
    folder, texts = tmp_path_factory.mktemp("ran"), []
    for key, (repo, artefacts, results) in agents.items():
        np.save(folder / f"{key}-seen.npy", flown[key][0])
        load = LOAD.format(
            name="DQN" if key == "lander-dqn" else "PPO",
            repo=repo,
            continuous=key == "lander-continuous",
            file=results["files"]["zip"],
            seen=str(folder / f"{key}-seen.npy"),
            out=str(folder / f"{key}-actions.npy"),
        )
        texts += [*snippets(artefacts), load]
    texts += [command("spacehub.cli", name, *REPOS) for name in ("publish", "verify")]
    said = iter(hub.run_each(*texts, TRUST_REMOTE_CODE="True", SPACEHUB_PRESET="smoke"))
    printed = {key: (next(said), next(said), next(said)) for key in agents}
    found = {key: (*lines[:2], np.load(folder / f"{key}-actions.npy")) for key, lines in printed.items()}
    return found | {"publish": next(said), "verify": next(said)}


def snippets(folder: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)


def fly(folder: Path, *, continuous: bool) -> tuple[np.ndarray, np.ndarray]:
    pilot = onnxruntime.InferenceSession(folder / "onnx" / "model.onnx")

    def act(observations: np.ndarray) -> np.ndarray:
        said = pilot.run(None, {"observation": observations})[0]
        return said if continuous else said.argmax(axis=1)

    env = gymnasium.make("LunarLander-v3", continuous=continuous)
    observation, _ = env.reset(seed=0)
    seen, over = [], False
    while not over:
        seen.append(observation)
        observation, _, terminated, truncated, _ = env.step(act(observation[None])[0])
        over = terminated or truncated
    return np.array(seen), act(np.array(seen))


def test_one_commit_brings_everything(hub, published):
    _, repo, _, results = published
    api = HfApi(endpoint=hub.endpoint)
    expected = FILES | {results["files"]["zip"]}
    assert set(api.list_repo_files(repo)) - {".gitattributes"} == expected
    assert len(api.list_repo_commits(repo)) == 2
    info = api.model_info(repo)
    assert (info.library_name, info.pipeline_tag) == ("stable-baselines3", "reinforcement-learning")
    reward = next(one for one in info.card_data.eval_results if one.metric_type == "mean_reward")
    stated = results["scores"]["agent"]["calm"]
    assert reward.metric_value == f"{stated['reward']['value']:.2f} +/- {stated['std']:.2f}"


def test_every_score_has_n_interval_and_baselines(published):
    key, *_, results = published
    keys = ["mean_reward", "std_reward", "landed", "fuel"]
    metrics = {metric["key"]: metric for metric in results["metrics"]}
    assert list(metrics) == keys + [f"{one}_wind" for one in keys]
    for name, metric in metrics.items():
        assert metric["n"] == 10
        assert set(metric["baseline"]) == {"heuristic", "random"}
        assert name.startswith("std") or metric["low"] <= metric["value"] <= metric["high"]
    assert metrics["landed"]["baseline"]["heuristic"] > metrics["landed"]["baseline"]["random"] == 0
    for worlds in results["scores"].values():
        for scores in worlds.values():
            assert sum(found["count"] for found in scores["outcomes"].values()) == scores["n"]
    assert len(results["runs"]) == (1 if key == "lander-dqn" else 2)
    best = max(results["runs"], key=lambda run: run["chosen"]["validation_reward"])
    assert results["chosen"]["run"] == best["number"]


LOAD = """
import gymnasium
from huggingface_sb3 import load_from_hub
from stable_baselines3 import DQN, PPO
import numpy as np
model = {name}.load(load_from_hub({repo!r}, {file!r}), env=gymnasium.make("LunarLander-v3", continuous={continuous}), device="cpu")
seen = np.load({seen!r})
np.save({out!r}, model.predict(seen, deterministic=True)[0])
"""


def test_others_libraries_load_it_and_agree(published, flown, ran):
    key, *_ = published
    np.testing.assert_allclose(ran[key][2], flown[key][1], atol=1e-6)


def test_the_card_s_snippets_run(published, ran):
    key, _, folder, _ = published
    check_layout((folder / "README.md").read_text())
    _, loads = snippets(folder)
    assert f"{'DQN' if key == 'lander-dqn' else 'PPO'}.load(path, env=env" in loads
    assert "total reward" in ran[key][0]
    assert "first action" in ran[key][1]


def test_what_is_published_is_current_and_not_made_again(hub, ran):
    assert "exit status 0" in ran["publish"]
    for key, repo in REPOS.items():
        assert f"[{key}] is published and up to date" in ran["publish"]
        assert len(HfApi(endpoint=hub.endpoint).list_repo_commits(repo)) == 2


def test_the_cards_hold(ran):
    assert "exit status 0" in ran["verify"]
    for repo in REPOS.values():
        assert f"The card of {repo} is correct" in ran["verify"]


@in_the_soak
def test_a_killed_run_goes_on_and_publishes_the_same_agent(hub, tmp_path):
    home, log = tmp_path / "home", tmp_path / "log"
    command = [sys.executable, "-m", "train_scripts.train_lander", "--preset", "smoke", "--jobs", "1"]
    command += ["--no-push", "--no-track"]
    environment = hub.environment | {"SPACEHUB_HOME": str(home)}
    with open(log, "w") as file:
        first = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=file, stderr=file)
        deadline = time.monotonic() + 120
        while not list(home.glob("runs/lander-smoke/run-*/stint-*")):
            assert first.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert not (home / "artefacts").exists() or not list((home / "artefacts").glob("lander*"))
    again = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert again.returncode == 0, again.stderr
    folder = home / "artefacts" / "lander"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert sum(run["resumed"] for run in results["runs"]) == 1
    assert "resumed from a checkpoint" in (folder / "README.md").read_text(encoding="utf-8")
    made = hub.artefacts / "lander" / "onnx" / "model.onnx"
    assert (folder / "onnx" / "model.onnx").read_bytes() == made.read_bytes()
    assert not (home / "runs" / "lander-smoke").exists()


def test_a_mistake_is_two_sentences():
    with pytest.raises(
        SpaceHubError, match=r"Use one of these combinations: none; --algorithm dqn; --wind; --continuous\."
    ):
        train_lander.train(train_lander.Options(algorithm="dqn", wind=True))
