"""Feedback: a row on the disk for each click, then a commit; bounded, without the visitor, and off unless it is set."""

import json
import re
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space_app.feedback import asked, store
from space_app.feedback.asked import Answers, Asked
from space_app.feedback.routes import AT_ONCE, PATH, VARIABLE, Feedback
from space_app.feedback.store import Store
from space_app.limits import MOST_VISITORS, Allowance
from space_app.watch import Status
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.serving import feedback as rows
from tests.processes import stop
from tests.space_app.conftest import AppProcess
from tests.space_app.screens import PHONE_FIRST
from tests.space_app.test_accessibility import EXCLUDED, RUN, STILL
from tests.title_model import write_dataset, write_model

REPO = "spacehub/said-by-visitors"
COMMIT = "3cff9bf0" * 5
FLIGHT = {"orbit": "LEO", "payload_mass_kg": None, "block": 5.0}
PICTURE = "iVBORw0KGgoAAAANSUhEUg=="
ROW = {"id": "0f" * 16, "day": "2026-11-29", "model": "titles", "commit": COMMIT, "input": "The moon"}
ROW |= {"answer": "other", "right": False, "correction": "space"}


def asked_of(model: str = "titles", given="The moon", answer="other", labels=("other", "space")) -> Asked:
    return Asked(model=model, commit=COMMIT, input=given, answer=answer, labels=labels)


@pytest.fixture(scope="module")
def hub():
    with LocalHub() as running:
        yield running


@pytest.fixture
def feedback(hub, tmp_path, monkeypatch):
    """The route of an app that keeps feedback, its answers and its client."""
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(VARIABLE, REPO)
    monkeypatch.setattr(asked, "_active", [])
    HfApi().delete_repo(REPO, repo_type="dataset", missing_ok=True)
    taking = Feedback()
    client = TestClient(Starlette(routes=taking.routes()))
    yield taking, client
    if taking._store._scheduler:
        taking._store._scheduler.stop()


def written(folder) -> list[dict]:
    return [json.loads(line) for path in folder.rglob("*.jsonl") for line in path.read_text().splitlines()]


def judge(client, name, right, correction=None):
    return client.post(PATH, json={"answer": name, "right": right, "correction": correction})


CLASSES = ("Forest", "Residential", "SeaLake")


@pytest.mark.parametrize(
    ("answer", "right", "correction", "kept"),
    [
        (asked_of(), True, None, None),
        (asked_of(), False, None, "space"),  # of two labels the other one
        (asked_of(), False, "space", "space"),
        (asked_of("landing", FLIGHT, "landed", ("crashed", "landed")), False, None, "crashed"),
        (asked_of("satellite", PICTURE, "Forest", CLASSES), False, None, None),
        (asked_of("satellite", PICTURE, "Forest", CLASSES), False, "SeaLake", "SeaLake"),
    ],
)
def test_a_click_is_a_row_on_the_disk_and_says_nothing_of_the_visitor(
    answer, right, correction, kept, feedback, tmp_path
):
    taking, client = feedback
    name = taking._answers.keep(answer)
    reply = judge(client, name, right, correction)
    assert (reply.status_code, reply.json()) == (200, {"message": "Thank you. Your feedback was saved."})
    [row] = written(tmp_path)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.pop("day"))
    assert row == {
        "id": name,
        "model": answer.model,
        "commit": COMMIT,
        "input": answer.input,
        "answer": answer.answer,
        "right": right,
        "correction": kept,
    }
    assert judge(client, name, right).status_code == 404  # once each


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"answer": "NAME", "right": "yes"}, 422, "Fields to correct: right."),
        ({"answer": "NAME"}, 422, "Fields to correct: right."),
        ({"answer": "NAME", "right": False, "correction": "<b>"}, 422, "Fields to correct: correction."),
        ({"answer": "NAME", "right": False, "correction": ["space"]}, 422, "Fields to correct: correction."),
        ({"answer": "NAME", "right": True, "correction": "space"}, 422, "Fields to correct: correction."),
        ({"answer": "0" * 32, "right": True}, 404, "no longer has this answer"),
        ({"answer": ["NAME"], "right": True}, 404, "no longer has this answer"),
        (["NAME"], 400, "not a JSON object"),
        ({"answer": "x" * 3_000, "right": True}, 413, "larger than 2,000 bytes"),
    ],
)
def test_what_is_no_verdict_is_refused(body, status, said, feedback, tmp_path):
    taking, client = feedback
    name = taking._answers.keep(asked_of())
    reply = client.post(
        PATH, content=json.dumps(body).replace("NAME", name), headers={"Content-Type": "application/json"}
    )
    assert (reply.status_code, reply.headers["Content-Type"]) == (status, "application/problem+json")
    assert said in reply.json()["detail"]
    assert written(tmp_path) == []


def test_a_visitor_is_held_back_and_another_is_not(feedback):
    taking, client = feedback
    names = [taking._answers.keep(asked_of()) for _ in range(AT_ONCE + 1)]
    assert {judge(client, name, True).status_code for name in names[:-1]} == {200}
    late = judge(client, names[-1], True)
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 60
    other = TestClient(client.app, client=("192.0.2.7", 50000))
    assert judge(other, names[-1], True).status_code == 200


def test_an_allowance_fills_up_again_and_forgets_the_oldest():
    now = 0.0
    allowance = Allowance(2, 3600, clock=lambda: now)
    assert [allowance.spend("a") for _ in range(4)] == [0, 0, 1, 1]
    assert allowance.spend("2001:db8::1") == allowance.spend("2001:db8::2") == 0
    assert allowance.spend("2001:db8::3") == 1  # one network, one visitor
    now = 1.0
    assert [allowance.spend("a") for _ in range(2)] == [0, 1]
    for number in range(MOST_VISITORS + 10):
        allowance.spend(str(number))
    assert len(allowance._left) == MOST_VISITORS


def test_rows_reach_the_hub_in_a_private_dataset_and_survive_a_restart(feedback, tmp_path):
    taking, client = feedback
    judge(client, taking._answers.keep(asked_of()), False)  # before the Hub was ever asked
    again = Feedback()  # the app was killed and starts again
    again._store._connect()
    judge(TestClient(Starlette(routes=again.routes())), again._answers.keep(asked_of(given="Saturn")), True)
    again.stop()
    api = HfApi()
    assert api.dataset_info(REPO).private
    files = [name for name in api.list_repo_files(REPO, repo_type="dataset") if name.endswith(".jsonl")]
    assert len(files) == 2
    found = [
        json.loads(line)
        for name in files
        for line in Path(api.hf_hub_download(REPO, name, repo_type="dataset")).read_text().splitlines()
    ]
    assert {row["input"] for row in found} == {"The moon", "Saturn"}
    assert [config["config_name"] for config in api.dataset_info(REPO).card_data["configs"]] == ["titles"]


def test_a_hub_that_is_away_loses_nothing(feedback, hub, tmp_path, monkeypatch, caplog):
    taking, client = feedback
    hub.fail("/api/*", status=503, times=None)
    monkeypatch.setattr(store, "RETRY_SECONDS", 0.01)
    taking.start()
    assert judge(client, taking._answers.keep(asked_of()), True).status_code == 200
    taking.stop()
    hub.recover()
    assert len(written(tmp_path)) == 1
    assert caplog.text.count("Feedback stays on this disk") <= 1
    taking._store._stopped.clear()
    taking._store._connect()
    taking._store.commit()
    assert any(name.endswith(".jsonl") for name in HfApi().list_repo_files(REPO, repo_type="dataset"))


def test_a_hub_that_comes_back_soon_is_not_waited_for_a_minute(feedback, hub, monkeypatch):
    taking, _ = feedback
    hub.fail("/api/*", status=403, times=None)
    waits, stopped = [], taking._store._stopped
    monkeypatch.setattr(stopped, "wait", waits.append)
    monkeypatch.setattr(stopped, "is_set", lambda: len(waits) == 8)
    taking._store._connect()
    hub.recover()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(("name", "value"), [("MOST_ROWS", 2), ("MOST_BYTES", 600)])
def test_the_disk_is_not_filled(name, value, tmp_path, monkeypatch):
    monkeypatch.setattr(store, name, value)
    row = rows.read(json.dumps(ROW).encode())
    kept = Store(REPO, tmp_path)
    kept.add(row)
    kept.add(row)
    with pytest.raises(SpaceHubError, match="enough feedback"):
        kept.add(row)
    with pytest.raises(SpaceHubError, match="enough feedback"):
        Store(REPO, tmp_path).add(row)
    assert len(written(tmp_path)) == 2


def test_a_disk_that_cannot_be_written_is_a_sentence(feedback, tmp_path, monkeypatch):
    taking, client = feedback
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "feedback").write_text("")  # where the folder should be
    reply = judge(client, taking._answers.keep(asked_of()), True)
    assert (reply.status_code, "cannot be saved" in reply.json()["detail"]) == (503, True)


def test_answers_that_wait_for_a_verdict_are_few():
    answers = Answers()
    names = [answers.keep(asked_of(given="x" * 1_000)) for _ in range(asked.MOST + 5)]
    assert len(answers._kept) == asked.MOST
    assert answers.find(names[0]) is None
    assert answers.find(names[-1]) is not None
    for _ in range(1_000):
        answers.keep(asked_of("satellite", "x" * asked.LONGEST_INPUT, "Forest", CLASSES))
    assert sum(one.size for one in answers._kept.values()) == answers._bytes <= asked.MOST_BYTES


def test_nothing_is_offered_unless_it_is_set(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(asked, "_active", [])
    assert Feedback().routes() == []
    status = Status(entry=catalogue.MODELS["titles"], commit=COMMIT)
    words = {"answer": "other", "labels": ("other", "space"), "question": "", "what": ""}
    assert asked.form(status, given="The moon", **words) == ""
    asked.begin(REPO)
    assert 'class="feedback"' in asked.form(status, given="The moon", **words)
    assert asked.form(status, given="x" * 1_001, **words) == ""


@pytest.mark.parametrize("value", ["feedback", "a/b/c", "../etc/passwd", "a/b c"])
def test_a_dataset_that_is_none_is_two_sentences(value, monkeypatch):
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(SpaceHubError, match="not a valid dataset name"):
        Feedback()


@pytest.mark.parametrize(
    "change",
    [
        {"right": 1},
        {"right": True},  # and corrected
        {"id": "../x"},
        {"model": "lander"},
        {"day": "yesterday"},
        {"commit": "main"},
        {"input": ""},
        {"input": "x" * 1_001},
        {"input": {"text": "The moon"}},
        {"answer": None},
        {"answer": "x" * 81},
        {"visitor": "192.0.2.1"},
        {"model": "landing", "input": {"orbit": ["LEO"]}},
        {"model": "landing", "input": {}},
        {"model": "landing", "input": {"payload_mass_kg": float("inf")}},
        {"input": "half a pair: \ud83d"},
        {"model": "satellite", "input": "not an image"},
        {"model": "satellite", "input": "R0lGODlhAQABAAAAACw="},
    ],
    ids=str,
)
def test_a_line_that_is_no_row_is_refused(change):
    assert rows.read(json.dumps(ROW).encode()).correction == "space"
    with pytest.raises(ValueError, match=r"\w"):
        rows.read(json.dumps(ROW | change).encode())


# Python reads 1e999 as infinity.
INFINITE = (
    json.dumps(ROW | {"model": "landing", "input": {"payload_mass_kg": 7}}).replace(": 7", ": 1e999").encode()
)


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{", b"\xff", b"[" * 20_000, b"{}", b" " * 50_000, b'{"id": NaN}', INFINITE]
)
def test_a_line_of_anything_is_refused(line):
    with pytest.raises(ValueError, match=r"\w"):
        rows.read(line)


@pytest.fixture(scope="module")
def running(own_hub, tmp_path_factory):
    """The app over the titles, with feedback."""
    folder = tmp_path_factory.mktemp("feedback")
    own_hub.push(write_dataset(folder / "dataset"), "spacehub/space-titles", "dataset")
    own_hub.push(write_model(folder / "model"), "spacehub/space-titles-bert")
    home = {"SPACEHUB_HOME": str(folder / "home"), "HF_TOKEN": own_hub.token}
    app = AppProcess(folder, own_hub, SPACEHUB_FEEDBACK=REPO, **home)
    yield app, folder / "home", own_hub
    if app.process.poll() is None:
        stop(app.process)
    assert "Traceback" not in app.log.read_text()


@pytest.mark.browser
@PHONE_FIRST
def test_a_visitor_judges_an_answer_by_keyboard(width, dark, running, open_page, axe, screenshots):
    app, home, _ = running
    page = open_page(app, width=width, dark=dark)
    page.get_by_role("tab", name="Titles").click()
    page.fill("#titles-text textarea", "The moon")
    page.click("#titles-go")
    wrong = page.get_by_role("button", name="Wrong")
    wrong.wait_for()
    assert page.get_by_text("to the spacehub/said-by-visitors dataset").is_visible()
    page.add_style_tag(content=STILL)
    page.evaluate(axe)
    assert page.evaluate(RUN, EXCLUDED) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".feedback").scroll_into_view_if_needed()
    screenshots(page, f"feedback-{width}.png")
    page.get_by_role("button", name="Right", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    thanks = page.get_by_text("Thank you. Your feedback was saved.")
    thanks.wait_for()
    assert thanks.evaluate("element => element === document.activeElement")
    assert not wrong.is_visible()
    row = written(home / "feedback")[-1]
    assert (row["input"], row["answer"], row["right"], row["correction"]) == (
        "The moon",
        "space",
        False,
        "other",
    )


@pytest.mark.browser
def test_an_app_that_stops_commits_its_last_rows(running):
    app, home, hub = running
    stop(app.process)
    api = HfApi(endpoint=hub.endpoint, token=hub.token)
    on_hub = [name for name in api.list_repo_files(REPO, repo_type="dataset") if name.endswith(".jsonl")]
    folder = home / "feedback" / REPO.replace("/", "--")
    on_disk = [path.relative_to(folder).as_posix() for path in folder.rglob("*.jsonl")]
    assert sorted(on_hub) == sorted(on_disk) != []
    logged = (home / "logs" / "requests.jsonl").read_text()
    assert "POST /api/feedback" in logged
    assert "moon" not in logged
