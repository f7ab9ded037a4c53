"""The WebSocket of those who fly themselves, as a program meets it."""

import contextlib
import json
import time

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from space_app.lander.seats import LONGEST_MESSAGE, SEATS
from spacehub.serving.lander.agents import random_agent
from spacehub.serving.lander.conditions import Conditions
from spacehub.serving.lander.flight import fly

# Heavy, so that it is over soon.
WISH = {"agent": "random", "seed": 4, "gravity": -11.9, "wind_power": 0, "turbulence_power": 0}


@pytest.fixture
def sit(app):
    with contextlib.ExitStack() as stack:

        def connected(**options):
            address = app.address.replace("http", "ws") + "lander/fly"
            return stack.enter_context(connect(address, open_timeout=20, proxy=None, **options))

        yield connected


def hear(socket) -> dict:
    return json.loads(socket.recv(timeout=30))


def test_a_flight_with_the_engines_off_is_the_environments(sit):
    socket = sit()
    socket.send(json.dumps(WISH))
    start = hear(socket)
    conditions = Conditions(gravity=-11.9)
    yours = fly(lambda seen: np.zeros(len(seen), int), seed=4, conditions=conditions)
    theirs = fly(random_agent(), seed=4, conditions=conditions)
    assert start["terrain"] == [pytest.approx(point, abs=1e-3) for point in yours.terrain.tolist()]
    assert start["rival"] == "Random"
    assert start["step"]["you"] == start["step"]["rival"]
    socket.send("0")
    heard = [json.loads(text) for text in socket]
    assert socket.close_code == 1000
    steps = [message["step"] for message in heard if "step" in message]
    assert [step["time"] for step in steps] == [n / 50 for n in range(1, max(yours.steps, theirs.steps) + 1)]
    assert steps[-1]["rival"][3:] == pytest.approx(theirs.legs[-1].ravel().tolist(), abs=2e-3)
    ended = {message["ended"]["who"]: message["ended"] for message in heard if "ended" in message}
    for who, flight in ("you", yours), ("rival", theirs):
        assert ended[who]["points"] == round(flight.total_reward, 1)
        assert ended[who]["landed"] == flight.landed
    assert ended["you"]["sentence"].startswith("Crashed ")


def test_what_is_pressed_is_what_fires(sit):
    socket = sit()
    socket.send(json.dumps(WISH))
    hear(socket)
    fired = []
    for key in "2", "1", "0":
        socket.send(key)
        while not fired or fired[-1] != int(key):
            fired.append(hear(socket)["step"]["fires"])
    assert list(dict.fromkeys(fired)) == [2, 1, 0]


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (["hello"], "does not recognise"),
        (["[1]"], "does not recognise"),
        (['{"agent": "random"}'], "does not recognise"),
        ([b"\x00\x01"], "does not recognise"),
        (["x" * (LONGEST_MESSAGE + 1)], "does not recognise"),
        ([json.dumps(WISH | {"agent": "nobody"})], "The agent 'nobody' does not exist"),
        ([json.dumps(WISH | {"agent": "dqn"})], "not published yet"),
        ([json.dumps(WISH | {"seed": "abc"})], "not a whole number"),
        ([json.dumps(WISH | {"gravity": 0})], "between -12 and 0"),
        ([json.dumps(WISH), "9"], "does not recognise"),
        ([json.dumps(WISH), "1", "fire"], "does not recognise"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_another_message_gets_an_error_and_ends_the_flight(sit, messages, words):
    socket = sit()
    for message in messages:
        socket.send(message)
    answer = {}
    while "problem" not in answer:
        answer = hear(socket)
    assert words in answer["problem"]
    with pytest.raises(ConnectionClosed):
        hear(socket)
    assert socket.close_code == 1008


def test_a_page_of_another_origin_is_turned_away(app, sit):
    with pytest.raises(InvalidStatus) as refused:
        sit(origin="http://evil.example")
    assert refused.value.response.status_code == 403
    sit(origin=app.address.rstrip("/")).send(json.dumps(WISH))


def test_the_seats_are_counted_and_free_again(sit):
    sockets = [sit() for _ in range(SEATS)]
    for socket in sockets:
        socket.send(json.dumps(WISH))
        hear(socket)
    late = sit()
    assert "All seats are taken" in hear(late)["problem"]
    for socket in sockets:
        socket.close()
    deadline = time.monotonic() + 20
    answer = {"problem": ""}
    while "problem" in answer:
        assert time.monotonic() < deadline
        socket = sit()
        with contextlib.suppress(ConnectionClosed):
            socket.send(json.dumps(WISH))
        answer = hear(socket)
