"""Neural nets through their endpoints."""

import pytest


@pytest.fixture
def client(lab):
    return lab("networks")


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
