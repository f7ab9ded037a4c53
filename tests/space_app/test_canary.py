"""A canary: a new commit is compared with the one that serves, then takes over or is rejected; nothing leaks or waits."""

import json
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import HfApi

from space_app.mission_control.tab import board, entry
from space_app.monitoring import requests
from space_app.monitoring.log import RequestLog
from space_app.monitoring.metrics import Metrics
from space_app.rollout import canary
from space_app.rollout.canary_rules import Rules, read
from space_app.rollout.last_good import Good
from space_app.rollout.trial import Trials
from space_app.served.titles import KEY, SERVED
from space_app.titles.api import classify_title
from space_app.watch import Watch
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from tests import colour_model, title_model
from tests.space_app.test_monitoring import samples

REPO = catalogue.MODELS[KEY].repo_id
TITLES = ("The moon", "A rocket to Saturn", "My best recipe", "The match", "A recipe for my rocket")
SECRET = "My secret rocket"


@pytest.fixture(scope="module")
def hub():
    with LocalHub() as running:
        yield running


@pytest.fixture
def settings(hub, tmp_path, monkeypatch):
    """A clean Hub and home, with a canary of ten answers, all of them asked."""
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPACEHUB_CANARY", "1")
    monkeypatch.setenv("SPACEHUB_CANARY_ANSWERS", "10")
    HfApi().delete_repo(REPO, missing_ok=True)
    return monkeypatch


@pytest.fixture
def publish(settings, tmp_path):
    """Publish a model with other weights; return the commit."""
    count = 0

    def make(**weights: float) -> str:
        nonlocal count
        count += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(title_model, "WEIGHTS", title_model.WEIGHTS | weights)
            folder = title_model.write_model(tmp_path / f"model-{count}")
        (folder / "onnx" / "number").write_text(str(count))
        HfApi().create_repo(REPO, exist_ok=True)
        return HfApi().upload_folder(repo_id=REPO, folder_path=folder).oid

    return make


@pytest.fixture
def notes(monkeypatch):
    """What is noted besides requests."""
    taken = []
    monkeypatch.setattr(requests, "_note_takers", [taken.append])
    return taken


def look(watch: Watch | None = None) -> Watch:
    watch = watch or Watch({KEY: SERVED[KEY]})
    watch.look([KEY])
    return watch


def ask(watch: Watch, times: int = 1) -> list[str]:
    return [classify_title(watch, text)["commit"] for _ in range(times) for text in TITLES]


def test_a_commit_that_agrees_takes_over(publish, notes):
    first = publish()
    watch = look()
    assert watch.status(KEY).commit == first  # with nothing to compare it with, it serves at once
    second = publish(saturn=2.5)
    look(watch)
    assert (watch.status(KEY).commit, watch.status(KEY).canary.commit) == (first, second)
    assert entry(watch.status(KEY))["canary"] == second
    assert set(ask(watch)) == {first}
    look(watch)
    assert f"Canary: commit {second[:7]} agrees with the current commit on 5 of 5 answers." in board(watch)
    found = samples(Metrics(watch, _NoDrift(), lambda: 0).text().decode())
    assert found["spacehub_canary_compared", ("commit", second), ("key", KEY)] == 5
    assert found["spacehub_canary_agreed", ("commit", second), ("key", KEY)] == 5
    assert set(ask(watch)) == {first}
    look(watch)
    status = watch.status(KEY)
    assert (status.commit, status.canary, status.problem) == (second, None, "")
    assert set(ask(watch)) == {second}
    assert watch._trials._process is None
    assert [(note["event"], note["compared"], note["agreed"]) for note in notes] == [
        ("canary began", 0, 0),
        ("canary took over", 10, 10),
    ]
    assert look().status(KEY).commit == second  # after a restart, too


def test_a_commit_that_disagrees_is_rejected_and_stays_so_after_a_restart(publish, notes):
    first = publish()
    watch = look()
    second = publish(moon=-4.0)
    look(watch)
    ask(watch)
    look(watch)
    assert watch.status(KEY).canary.count.agreed == 4
    ask(watch)
    look(watch)
    status = watch.status(KEY)
    assert (status.commit, status.canary, status.unusable) == (first, None, second)
    assert (
        "The new commit's answers agreed with the current commit's answers for 8 of 10 queries. At least 90 % of the answers must agree."
        in status.problem
    )
    assert f"Commit {first[:7]} is served instead." in board(watch)
    assert set(ask(watch)) == {first}
    assert notes[-1] == {"event": "canary rejected", "models": {KEY: second}, "compared": 10, "agreed": 8}
    restarted = look(look())
    assert (restarted.status(KEY).commit, restarted.status(KEY).unusable) == (first, second)
    third = publish(saturn=2.0)  # a better one gets a canary of its own
    look(restarted)
    assert restarted.status(KEY).canary.commit == third
    assert restarted.status(KEY).canary.count.compared == 0


def test_a_limit_of_the_operator_lets_it_pass(publish, settings):
    settings.setenv("SPACEHUB_CANARY_AGREEMENT", "0.8")
    publish()
    watch = look()
    second = publish(moon=-4.0)
    ask(look(watch), 2)
    look(watch)
    assert watch.status(KEY).commit == second


def test_a_restart_goes_on_and_a_newer_commit_begins_again(publish):
    first = publish()
    watch = look()
    publish(saturn=2.5)
    ask(look(watch))
    look(watch)
    assert look().status(KEY).canary.count.compared == 5
    third = publish(saturn=2.6)
    look(watch)
    status = watch.status(KEY)
    assert (status.commit, status.canary.commit, status.canary.count.compared) == (first, third, 0)


def test_few_answers_decide_after_a_day(publish, settings):
    publish()
    watch = look()
    second = publish(saturn=2.5)
    look(watch)
    settings.setattr(canary, "MOST_SECONDS", -1)
    assert look(watch).status(KEY).commit == second


def test_a_pin_and_no_setting_need_no_canary(publish, settings):
    publish()
    look()
    second = publish(saturn=2.5)
    with settings.context() as patch:
        patch.setenv("SPACEHUB_PIN", f"titles@{second}")
        assert look().status(KEY).commit == second
    third = publish(saturn=2.7)
    settings.delenv("SPACEHUB_CANARY")
    assert look().status(KEY).commit == third


def test_no_input_is_written(publish, tmp_path):
    log = RequestLog(tmp_path / "home" / "logs" / "requests.jsonl")
    requests._note_takers.append(log.note)
    try:
        publish()
        watch = look()
        second = publish(saturn=2.5)
        look(watch)
        for _ in range(10):
            classify_title(watch, SECRET)
        look(watch)
    finally:
        requests._note_takers.remove(log.note)
    assert watch.status(KEY).commit == second
    log.flush()
    written = [path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert any(b"canary took over" in content for content in written)
    assert not any(b"secret" in content for content in written)
    lines = [json.loads(line) for line in (tmp_path / "home/logs/requests.jsonl").read_text().splitlines()]
    assert lines[-1].keys() == {"time", "event", "models", "compared", "agreed"}


class _NoDrift:
    def report(self, status):
        return None


class Crashing:
    """A model that ends its process at its first question."""

    def __init__(self, folder: Path):
        pass

    def agrees(self, question, answer) -> bool:
        os._exit(3)


class Failing(Crashing):
    """A model that raises."""

    def agrees(self, question, answer) -> bool:
        raise MemoryError(question)


class Endless(Crashing):
    """A model that never answers."""

    def agrees(self, question, answer) -> bool:
        while True:
            pass


@pytest.fixture
def trials():
    running = Trials()
    yield running
    running.close()


def of_rules(rules: Rules) -> canary.Canary:
    good = Good(commit="0" * 40, made=None, signature=None, known=0)
    count = canary.Count(commit=good.commit, began=time.time())
    return canary.Canary(rules, folder=Path("nowhere"), good=good, count=count)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (Crashing, "The process that loads the files and computes the answers ended"),
        (
            Failing,
            r"answers agreed with the current commit's answers for 0 of 3 queries\. At least 50 % of the answers must agree\.",
        ),
        (Endless, "took longer than 1 seconds|processor time"),
    ],
)
def test_a_model_that_fails_is_rejected(model, why, trials, monkeypatch):
    monkeypatch.setattr("space_app.rollout.trial.SECONDS", 1)
    one = of_rules(Rules(every=1, answers=4, agreement=0.5))
    for _ in range(3):
        one.offer(SECRET, "space")
    one.compare(trials, model)
    assert one.verdict is False
    assert re.search(why, one.why)
    assert SECRET not in one.why


def test_questions_that_wait_are_few_and_one_in_n():
    busy = of_rules(Rules(every=1))
    for _ in range(10 * canary.MOST_WAITING):
        busy.offer("x", "y")
    assert len(busy._waiting) == canary.MOST_WAITING
    rare = of_rules(Rules(every=10_000))
    for _ in range(100):
        rare.offer("x", "y")
    assert len(rare._waiting) < 20


@pytest.mark.parametrize(
    ("compared", "agreed", "verdict"),
    [
        (0, 0, None),
        (9, 9, None),
        (10, 9, True),
        (10, 10, True),
        (10, 8, False),
        (1, 0, None),
        (2, 0, False),  # the other eight cannot make up for it
    ],
)
def test_when_it_is_decided(compared, agreed, verdict):
    one = of_rules(Rules(every=1, answers=10))
    one.count = canary.Count(commit=one.commit, began=time.time(), compared=compared, agreed=agreed)
    assert one.verdict is verdict


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPACEHUB_CANARY", "0"),
        ("SPACEHUB_CANARY", "often"),
        ("SPACEHUB_CANARY", "2.5"),
        ("SPACEHUB_CANARY_ANSWERS", "-1"),
        ("SPACEHUB_CANARY_AGREEMENT", "90 %"),
        ("SPACEHUB_CANARY_AGREEMENT", "1.1"),
        ("SPACEHUB_CANARY_AGREEMENT", "nan"),
    ],
)
def test_a_setting_that_is_no_number_is_two_sentences(name, value, monkeypatch):
    monkeypatch.setenv("SPACEHUB_CANARY", "10")
    assert read() == Rules(every=10, answers=50, agreement=0.9)
    monkeypatch.setenv(name, value)
    with pytest.raises(SpaceHubError, match=f"{name} is .*, but must be a (whole )?number from"):
        read()


def test_the_other_families_agree_with_themselves(tmp_path):
    from spacehub.serving.satellite.predictor import SatellitePredictor

    colour_model.write_model(tmp_path / "colours")
    model = SatellitePredictor(tmp_path / "colours")
    pixels = np.zeros((model.size, model.size, 3), np.uint8)
    said = model.classes[int(model.chances(pixels[np.newaxis])[0].argmax())]
    other = next(name for name in model.classes if name != said)
    assert model.agrees(pixels.tolist(), said)
    assert not model.agrees(pixels.tolist(), other)
