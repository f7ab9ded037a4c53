"""The lander's endpoints over a real Hub, against the same flights flown here."""

import csv
import subprocess
import sys
from pathlib import Path

import av
import pytest
from huggingface_hub import HfApi, hf_hub_download

from spacehub.serving.lander.agents import OnnxAgent, heuristic, random_agent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fly
from spacehub.serving.reliability import wilson
from tests.processes import ROOT

PPO = "spacehub/ppo-LunarLander-v3"
WEATHER = {"gravity": -9.0, "wind_power": 12.0, "turbulence_power": 1.0}


def test_who_can_fly_and_who_is_not_there_yet(client, published):
    agents = {agent["agent"]: agent for agent in client.predict(api_name="/lander_agents")}
    assert [key for key, agent in agents.items() if agent["ready"]] == ["ppo", "heuristic", "random"]
    newest = HfApi(endpoint=published.endpoint, token=False).model_info(PPO).sha
    assert (agents["ppo"]["model"], agents["ppo"]["commit"]) == (PPO, newest)
    assert agents["dqn"]["note"].endswith("To publish it, run: .venv/bin/spacehub publish lander-dqn")
    with pytest.raises(Exception, match=r"To publish it, run: \.venv/bin/spacehub publish lander-wind"):
        client.predict("ppo-wind", api_name="/fly_lander")


@pytest.mark.parametrize("key", ["ppo", "heuristic", "random"])
def test_a_flight_is_the_one_flown_here(client, published, key, tmp_path):
    agent = {"heuristic": heuristic, "random": random_agent()}.get(key)
    if agent is None:
        place = {"endpoint": published.endpoint, "token": False, "cache_dir": tmp_path}
        agent = OnnxAgent(Path(hf_hub_download(PPO, "onnx/model.onnx", **place)))
    answer = client.predict(key, 7, **WEATHER, api_name="/fly_lander")
    here = fly(agent, seed=7, conditions=Conditions(**WEATHER))
    assert answer["total_reward"] == pytest.approx(here.total_reward, abs=1e-9)
    assert (answer["outcome"], answer["steps"], answer["seconds"]) == (
        here.outcome,
        here.steps,
        here.steps / 50,
    )
    assert answer["landed"] == (answer["outcome"] == "landed")
    assert answer["sentence"].endswith(f"after {answer['seconds']:.1f} s.")
    assert (answer["model"] == PPO) == (key == "ppo")


def test_a_film_is_a_video_and_a_table(client):
    film = client.predict("heuristic", "random", 3, api_name="/film_lander")
    steps = [flight["steps"] for flight in film["flights"]]
    with av.open(film["video"]) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.frames >= max(steps) / 2
    with open(film["telemetry"], newline="") as file:
        rows = list(csv.DictReader(file))
    for flight in film["flights"]:
        mine = [row for row in rows if row["agent"] == flight["agent"]]
        assert len(mine) == flight["steps"] + 1
        assert {row["seed"] for row in mine} == {"3"}
        assert float(mine[-1]["return"]) == pytest.approx(flight["total_reward"], abs=1e-5)
        assert float(mine[-1]["fuel_points"]) == pytest.approx(flight["fuel"], abs=1e-5)


def test_many_flights_are_counted(client):
    answer = client.predict("heuristic", 5, 30, api_name="/fly_lander_many")
    here = fly_many(heuristic, seeds=range(5, 35), conditions=Conditions())
    assert answer["returns"] == pytest.approx([flight.total_reward for flight in here])
    assert answer["landed"] == sum(flight.landed for flight in here) == answer["outcomes"]["landed"]
    assert (answer["low"], answer["high"]) == pytest.approx(wilson(answer["landed"], 30))
    assert sum(answer["outcomes"].values()) == answer["flights"] == 30


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"agent": "nobody"}, "The parameter agent (Agent) is 'nobody'. Choose one of: ppo, dqn, "),
        ({"agent": 7}, "The parameter agent (Agent) is '7'."),
        (
            {"seed": "abc"},
            "The parameter seed (Seed) is 'abc'. Enter a whole number from 0 to 2,147,483,647.",
        ),
        ({"seed": 3.5}, "The parameter seed (Seed) is '3.5'"),
        ({"seed": None}, "The parameter seed"),
        ({"seed": -1}, "from 0 to 2,147,483,647"),
        ({"gravity": 0}, "Enter a number above −12 and below 0"),
        ({"gravity": "heavy"}, "The parameter gravity (Gravity (m/s²)) is 'heavy'"),
        ({"wind_power": 21}, "Enter a number from 0 to 20."),
        ({"turbulence_power": True}, "The parameter turbulence_power (Turbulence (N m)) is 'True'"),
    ],
    ids=str,
)
def test_bad_input_is_a_sentence_with_the_range(client, given, words):
    with pytest.raises(Exception, match=r"\.") as caught:
        client.predict(**{"agent": "heuristic"} | given, api_name="/fly_lander")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"flights": 0}, "Enter a whole number from 1 to 100."),
        ({"flights": 101}, "Enter a whole number from 1 to 100."),
        ({"flights": "many"}, "Enter a whole number from 1 to 100."),
        ({"first_seed": 2**31 - 5}, "Start at 2,147,483,548 or lower."),
    ],
    ids=str,
)
def test_too_many_flights_are_told(client, given, words):
    with pytest.raises(Exception, match=r"\.") as caught:
        client.predict(**{"agent": "heuristic"} | given, api_name="/fly_lander_many")
    assert words in str(caught.value)


def test_every_parameter_is_described(client):
    named = client.view_api(return_format="dict")["named_endpoints"]
    for name in "/fly_lander", "/film_lander", "/fly_lander_many":
        for parameter in named[name]["parameters"]:
            assert len(parameter["python_type"]["description"]) > 15


def test_the_app_starts_without_the_simulation():
    probe = "import sys, space_app.page; "
    probe += "print([name for name in ('gymnasium', 'Box2D', 'pygame', 'av') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_published_replay_is_compared_with_the_simulator(lab):
    answer = lab("imaging").predict(film="the published replay", pilot="ppo", api_name="/lab_track")
    assert answer["found"] > 0.9 * answer["whole"]
    assert answer["median_error_pixels"] < 3
