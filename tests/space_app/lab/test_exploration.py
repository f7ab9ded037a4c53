"""Exploration through its endpoints."""

import pytest


@pytest.fixture
def client(lab):
    return lab("exploration")


def test_a_bandit(client):
    lost = {
        name: client.predict(chances=[0.4, 0.6, 0.4], strategy=name, api_name="/lab_bandit")
        for name in ("ε-greedy", "UCB1", "Thompson")
    }
    assert lost["Thompson"]["regret"] + 3 * lost["Thompson"]["error"] < lost["UCB1"]["regret"]
    for answer in lost.values():
        assert 0 < answer["regret"] < answer["ucb1_bound"]
        assert answer["best_share"] > 0.6


def test_the_frozen_lake(client):
    answer = client.predict(api_name="/lab_frozen_lake")
    assert 0.6 < answer["success"] <= answer["best_success"] == pytest.approx(0.74419, abs=1e-5)
    assert answer["value"] == pytest.approx(answer["best_value"], abs=0.1)
    dry = client.predict(ice="not slippery", rate=1, api_name="/lab_frozen_lake")
    assert (dry["success"], dry["best_success"]) == (1, 1)
