"""A model's versions: one for each commit that changed its results, bounded, and read once."""

import json

import pytest
from huggingface_hub import HfApi

from space_app.cards import history, history_view
from spacehub.errors import SpaceHubError

REPO = "spacehub/dqn-LunarLander-v3"


def results(value: object, **more) -> str:
    metric = {"key": "mean_reward", "name": "Mean reward", "value": value, "low": None, "high": None, "n": 10}
    return json.dumps({"preset": "quick", "metrics": [{"key": "other", "value": 1}, metric | more]})


@pytest.fixture
def commit(local_hub):
    """Commit one file of a model; return the commit's sha."""
    history._measured.cache_clear()
    api = HfApi()
    api.create_repo(REPO)

    def push(name: str, text: str) -> str:
        return api.upload_file(path_or_fileobj=text.encode(), path_in_repo=name, repo_id=REPO).oid

    return push


def test_a_version_is_a_commit_that_changed_the_results(commit):
    first = commit("results.json", results(100, low=90, high=110))
    commit("README.md", "---\nlicense: mit\n---\n# A card\n")
    for broken in (
        "[1",
        "[]",
        results("high"),
        results(True),
        json.dumps({"metrics": [{"key": "mean_reward"}]}),
    ):
        commit("results.json", broken)
    second = commit("results.json", results(200.5, low=190))
    found = history.versions(REPO)
    assert [(one["commit"], one["value"], one["low"], one["high"]) for one in found] == [
        (second, 200.5, None, None),
        (first, 100.0, 90.0, 110.0),
    ]
    assert {(one["name"], one["n"], one["preset"]) for one in found} == {("Mean reward", 10, "quick")}
    drawn = history_view.draw(REPO, found)
    assert drawn.count("<circle") == 2
    assert "Mean reward of 2 versions, oldest first: 100.0, 200.5" in drawn
    assert "90.0 to 110.0, n = 10" in drawn


def test_old_commits_are_left_out_and_read_ones_are_not_asked_for_again(commit, monkeypatch):
    monkeypatch.setattr(history, "MAX_COMMITS", 3)
    for value in range(5):
        commit("results.json", results(value))
    assert [one["value"] for one in history.versions(REPO)] == [4, 3, 2]
    before = history._measured.cache_info()
    assert len(history.versions(REPO)) == 3
    after = history._measured.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (0, 3)


def test_one_version_needs_no_chart_and_hostile_words_are_escaped(commit):
    commit("results.json", results(1.5, name="<script>{x}"))
    drawn = history_view.draw(REPO, history.versions(REPO))
    assert "<svg" not in drawn
    assert "&lt;script&gt;&#123;x&#125;" in drawn
    assert history_view.draw(REPO, []) == ""


@pytest.mark.parametrize("repo", ["somebody/else", "spacehub/falcon9-landings"])
def test_only_models_of_the_catalogue_have_versions(repo):
    with pytest.raises(SpaceHubError, match="no version history for"):
        history.versions(repo)
