"""The Lab through its endpoints, as a program meets it."""

import math

import pytest

from spacehub.lab import kepler

BAD = [
    ("/lab_orbit", {"orbit": "Pluto"}, "Choose one of: ISS"),
    ("/lab_orbit", {"steps_per_orbit": 2}, "The step is too long"),
    ("/lab_orbit", {"steps_per_orbit": 10**9}, "too many"),
    ("/lab_orbit", {"method": "Verlet"}, "Choose one of: Euler"),
    ("/lab_hohmann", {"from_altitude_km": -1}, "Choose altitudes"),
    ("/lab_hohmann", {"from_altitude_km": 500, "to_altitude_km": 500}, "same altitude"),
    ("/lab_solar_system", {"step_days": 60}, "too long for Mercury"),
    ("/lab_lagrange", {"point": "L9"}, "Choose one of: L1"),
    ("/lab_derivative", {"step": 0}, "step above zero"),
    ("/lab_matrix_product", {"size": 5000}, "from 1 to 48"),
    ("/lab_rotation", {"times": 0}, "Choose from 1 to 360"),
    ("/lab_dice", {"dice": 2, "total": 13}, "from 2 to 12"),
    ("/lab_large_numbers", {"p": 1.5}, "from 0 to 1"),
    ("/lab_pi", {"points": 10**12}, "1,000,000"),
    ("/lab_debris", {"area_m2": -4}, "up to 100,000 m²"),
    ("/lab_signal", {"looks": [True], "prior": 7}, "from 0 to 1"),
    ("/lab_spam", {"message": "!!! 123"}, "no word"),
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


def test_an_orbit(client):
    answer = client.predict(orbit="ISS", method="RK4", steps_per_orbit=400, orbits=3, api_name="/lab_orbit")
    assert answer["period_s"] == pytest.approx(kepler.ORBITS["ISS"].period)
    assert answer["energy_drift"] < 1e-8
    assert answer["error_km"] < 0.01


def test_a_hohmann_transfer(client):
    answer = client.predict(191.34411, 35_781.34857, api_name="/lab_hohmann")
    assert answer["delta_v_m_s"] == pytest.approx(3935.224, rel=2e-5)


def test_many_bodies(client):
    system = client.predict(api_name="/lab_solar_system")
    assert system["energy_drift"] < 1e-3
    # A step of five days is too long for the inner planets, which the energy does not show.
    assert system["half_step_planet"] == "Venus"
    assert system["half_step_change_km"] == pytest.approx(1.478e8, rel=0.01)
    craft = {
        point: client.predict(point=point, offset_km=2000, months=6, api_name="/lab_lagrange")
        for point in ("L1", "L4")
    }
    assert {point: (one["stayed"], one["never_left"], one["hit"]) for point, one in craft.items()} == {
        "L1": (5, 0, 1),
        "L4": (12, 12, 0),
    }
    assert max(one["jacobi_drift"] for one in craft.values()) < 1e-7


def test_numerics(client):
    answer = client.predict(function="sin x", x=1, step=1e-5, api_name="/lab_derivative")
    assert answer["true"] == pytest.approx(math.cos(1))
    assert answer["error"] < 1e-9
    assert client.predict(12, api_name="/lab_matrix_product")["largest_difference"] < 1e-12
    assert client.predict(90, 4, api_name="/lab_rotation")[0] == pytest.approx([0, 1.6], abs=1e-12)


@pytest.mark.parametrize("name", ["dice", "large_numbers", "pi", "debris"])
def test_what_is_drawn_is_close_to_what_is_exact(client, name):
    required = {"debris": {"size": "1 mm"}}.get(name, {})
    answer = client.predict(**required, api_name=f"/lab_{name}")
    assert abs(answer["estimate"] - answer["exact"]) < 4 * answer["error"]
    assert answer["error"] > 0


def test_bayes(client):
    answer = client.predict(looks=[True] * 8, api_name="/lab_signal")
    assert len(answer["chances"]) == 9
    assert answer["final"] > 0.99
    spam, ham = (
        client.predict(message=message, api_name="/lab_spam")["spam"]
        for message in ("Click now to win a free star", "The launch is on Tuesday")
    )
    assert spam > 0.9 > 0.1 > ham


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
