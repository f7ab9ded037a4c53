"""The Lab through its endpoints, as a program meets it."""

import pytest

BAD = [
    ("/lab_network_points", {"points": "stars"}, "Choose one of: XOR"),
    ("/lab_network_points", {"units": 10**6}, "1 to 128 units"),
    ("/lab_network_points", {"rate": 0}, "above 0"),
    ("/lab_network_points", {"seed": -1}, "The seed is -1"),
    ("/lab_network_digits", {"epochs": 10**9}, "from 1 to 100"),
    ("/lab_network_digits", {"held_out": "none of it"}, "a random quarter"),
    ("/lab_network_digits", {"dropout": 1}, "below 1"),
    ("/lab_gradient_check", {"step": 0}, "above 0"),
    ("/lab_gradient_check", {"mistake": "typo"}, "Choose one of: none"),
    ("/lab_gradient_check", {"units": 100}, "too many to move"),
    ("/lab_bandit", {"chances": [0.5]}, "from 2 to 20"),
    ("/lab_bandit", {"chances": ["high", "low"]}, "no list of numbers"),
    ("/lab_bandit", {"chances": [0.5, 0.4], "strategy": "luck"}, "Choose one of: ε-greedy"),
    ("/lab_bandit", {"chances": [0.5, 0.4], "pulls": 10**9}, "from 2 to 2,000"),
    ("/lab_frozen_lake", {"lake_map": "a pond"}, "Choose one of: 4 × 4"),
    ("/lab_frozen_lake", {"moves": 10**12}, "1,000,000"),
    ("/lab_frozen_lake", {"optimism": 9}, "more is never paid"),
]


def test_networks(client):
    answer = client.predict(points="circles", activation="tanh", api_name="/lab_network_points")
    assert (answer["held_out"], answer["diverged"]) == (1000, False)
    line = client.predict(points="circles", activation="none", api_name="/lab_network_points")
    assert answer["held_out_wrong"] < 0.25 < 0.4 < line["held_out_wrong"]
    digits = client.predict(api_name="/lab_network_digits")
    assert digits["held_out_wrong"] <= 0.03
    assert digits["wrong"] < digits["held_out_wrong"]
    errors = [
        client.predict(mistake=mistake, api_name="/lab_gradient_check")["error"]
        for mistake in ("none", "biases left out")
    ]
    assert errors[0] < 1e-8 < 0.1 < errors[1]


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


@pytest.mark.parametrize(("name", "change", "words"), BAD, ids=lambda value: str(value)[:40])
def test_a_bad_value_is_a_sentence(client, name, change, words):
    with pytest.raises(Exception, match=words):
        client.predict(**change, api_name=name)
