"""What the app reports about itself: the request log, metrics, probes, drift; and that none of it holds an input."""

import contextlib
import json
import re
import urllib.error
import urllib.request

import numpy as np
import pytest

from space_app.mission_control import load as load_picture
from space_app.mission_control.drift import draw, words
from space_app.monitoring import load, requests
from space_app.monitoring.drift import ANSWER, Drift, Report
from space_app.monitoring.log import FILES, RequestLog
from space_app.watch import Status
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.serving.drift import Reference, index
from tests.processes import free_port, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.test_app_endpoints import FLIGHT

TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def watched(published, tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("watched"), free_port()
    app = AppProcess(
        folder,
        published,
        SPACEHUB_HOME=str(folder / "home"),
        SPACEHUB_METRICS_PORT=str(port),
        SPACEHUB_METRICS_TOKEN=TOKEN,
    )
    try:
        client = app.client()
        for _ in range(3):
            client.predict(**FLIGHT, api_name="/predict_landing")
        for bad in ("a secret orbit", "another"):
            with pytest.raises(Exception, match="not in the training data"):
                client.predict(**FLIGHT | {"orbit": bad}, api_name="/predict_landing")
        yield app, f"http://127.0.0.1:{port}/", folder / "home"
    finally:
        stop(app.process)
    assert "Traceback" not in app.log.read_text()


def get(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def samples(text: str) -> dict[str, float]:
    """Return the metrics by name with its labels, read by Prometheus' own parser."""
    from prometheus_client.parser import text_string_to_metric_families

    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_metrics_need_the_token_or_the_private_port(watched):
    app, private, _ = watched
    assert get(app.address + "livez") == get(private + "livez") == (200, "ok\n")
    assert get(app.address + "readyz")[0] == get(private + "readyz")[0] == 200
    assert get(app.address + "metrics")[0] == 401
    assert get(app.address + "metrics", Authorization="Bearer wrong")[0] == 401
    assert get(app.address + "metrics", Authorization=f"Bearer {TOKEN}")[0] == 200
    assert get(private + "metrics")[0] == 200


def test_metrics_tell_latency_outcomes_memory_commits_and_drift(watched):
    found = samples(get(watched[1] + "metrics")[1])
    route = ("route", "/predict_landing")
    assert found["spacehub_requests_total", ("outcome", "ok"), route] == 3
    assert found["spacehub_requests_total", ("outcome", "refused"), route] == 2
    assert found["spacehub_request_seconds_count", route] == 5
    assert found["spacehub_request_seconds_sum", route] > 0
    assert found["spacehub_queue_length",] == 0
    assert found["process_resident_memory_bytes",] > 10 * 2**20
    assert [name for name in found if name[0] == "spacehub_commit" and ("key", "landing") in name]
    assert found["spacehub_hub_away",] == 0
    assert found["spacehub_counted", ("key", "landing")] == 3
    assert found["spacehub_drift_psi", ("key", "landing"), ("name", "orbit")] > 0


def test_the_log_has_a_line_for_each_request_and_no_input(watched):
    app, _, home = watched
    commit = app.client().predict(**FLIGHT, api_name="/predict_landing")["commit"]
    path = home / "logs" / "requests.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    asked = [line for line in lines if line["route"] == "/predict_landing"]
    assert [line["outcome"] for line in asked[:5]] == ["ok"] * 3 + ["refused"] * 2
    assert asked[0]["models"] == {"landing": commit}
    assert set(asked[0]) == {"time", "route", "outcome", "milliseconds", "models"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", asked[0]["time"])
    assert "secret" not in path.read_text()
    assert FLIGHT["launch_site"] not in path.read_text()


def test_the_counts_outlive_the_app(watched):
    app, _, home = watched
    stop(app.process)
    kept = json.loads((home / "serving" / "drift.json").read_text())["landing"]
    assert kept["n"] >= 3
    assert {sum(counts) for counts in kept["bins"].values()} == {kept["n"]}
    assert FLIGHT["launch_site"] not in json.dumps(kept)


@pytest.mark.parametrize(
    ("n", "index", "doubted", "said"),
    [
        (
            1,
            {"answer": 3.0},
            0,
            "1 answer (narrow bars) compared with the training data (wide bars). Too few answers to measure drift.",
        ),
        (
            200,
            {"answer": 0.05, "orbit": 0.02},
            20,
            "10 % doubted: little drift (PSI 0.05, most in the answers)",
        ),
        (200, {"answer": 0.05, "orbit": 0.2}, 0, "some drift (PSI 0.20, most in orbit)"),
        (
            1000,
            {"answer": 0.5},
            0,
            "1,000 answers (narrow bars) compared with the training data (wide bars): much drift (PSI 0.50)",
        ),
    ],
)
def test_the_picture_tells_how_much(n, index, doubted, said):
    report = Report(n=n, doubted=doubted, index=index, then=(0.5, 0.5), now=(0.9, 0.1))
    assert said in words(report)
    assert draw(report).count("<rect") == 4


def test_the_index_of_each_input_is_drawn_largest_first():
    given = {"answer": 0.05, "orbit": 2.5, "payload_mass_kg": 0.25}
    report = Report(200, 0, given, then=(0.5, 0.5), now=(0.5, 0.5))
    drawn = draw(report)
    assert re.findall(r"<dt>([^<]*)</dt>", drawn) == ["orbit", "payload mass kg", "answers"]
    assert re.findall(r"width:(\d+)%[^0-9]*</i>([\d.]+)", drawn) == [
        ("100", "2.50"),
        ("25", "0.25"),
        ("5", "0.05"),
    ]
    few = Report(199, 0, given, then=(0.5, 0.5), now=(0.5, 0.5))
    assert "<dt>" not in draw(few)


def test_the_board_shows_how_the_app_fares(monkeypatch):
    counting = load.Load(lambda: 2)
    assert counting.report().n == 0
    monkeypatch.setattr(load, "FRESH_SECONDS", 0)
    for seconds, outcome in [(0.004, "ok")] * 12 + [(0.03, "ok")] * 7 + [(90.0, "failed")]:
        counting(requests.Record("/x", True, seconds=seconds, outcome=outcome))
    counting(requests.Record("page refresh", False, seconds=1.0))
    report = counting.report()
    assert report.bins == (12, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1)
    assert report.memory > 10 * 2**20
    said = load_picture.words(report)
    assert (
        "20 requests since the start: median at most 10 ms, 95th percentile at most 50 ms; 1 failed; 2 waiting; "
        in said
    )
    heights = re.findall(r'<rect [^>]*height="([\d.]+)"', load_picture.draw(report))
    assert [float(height) for height in heights[:3]] == [40.0, 0.0, 23.3]
    assert load_picture.draw(None) == ""


def test_the_index_is_that_of_the_formula():
    reference = Reference(shares=(0.25, 0.25, 0.5), edges=(0.0, 1.0))
    # 40.375, 10.375 and 50.75 of 101.5: 0.14778 (ln 1.59113 - ln 0.40887) = 0.14778 (0.46445 + 0.89436)
    assert index(reference, [40, 10, 50]) == pytest.approx(0.20081, abs=1e-5)
    assert index(reference, [50, 50, 100]) == pytest.approx(0, abs=1e-12)
    same = Reference.of_numbers(np.arange(800.0))
    counts = np.bincount([same.place(value) for value in range(800)], minlength=len(same.shares))
    assert index(same, counts) < 0.01
    moved = np.bincount([same.place(value) for value in range(600, 1400)], minlength=len(same.shares))
    assert index(same, moved) > 1


@pytest.mark.parametrize(
    ("reference", "value", "place"),
    [
        (Reference.of_numbers([1, 2, 3, 4]), 0, 0),
        (Reference.of_numbers([1, 2, 3, 4]), 99, -2),
        (Reference.of_numbers([1, 2, float("nan")]), float("nan"), -1),
        (Reference.of_numbers([1, 2]), None, -1),
        (Reference.of_numbers([5, 5, 5]), 5, 1),
        (Reference.of_names(["LEO", "GTO"]), "GTO", 0),
        (Reference.of_names(["LEO", "GTO"]), "Mars", -1),
        (Reference.of_bins([0.1, 0.5, 0.9], [10, 20, 30]), 0.31, 1),
        (Reference.of_bins([0.1, 0.5, 0.9], [10, 20, 30]), 0.95, 2),
    ],
)
def test_a_value_falls_into_its_bin(reference, value, place):
    assert sum(reference.shares) == pytest.approx(1)
    assert reference.place(value) == place % len(reference.shares)


class Model:
    def references(self):
        return {ANSWER: Reference.of_bins([0.2, 0.8], [5, 5]), "orbit": Reference.of_names(["LEO", "GTO"])}


def status(commit: str) -> Status:
    return Status(entry=catalogue.MODELS["landing"], commit=commit, served=Model())


def test_drift_is_kept_as_counts_of_one_commit(tmp_path):
    path = tmp_path / "drift.json"
    drift = Drift(path)
    assert drift.report(status("a")) is None
    drift.observe(status("a"), {ANSWER: 0.9, "orbit": "Mars", "text": "a secret"}, doubted=True)
    drift.observe(status("a"), {ANSWER: 0.1, "orbit": "LEO"})
    drift.save()
    assert "secret" not in path.read_text()
    assert "Mars" not in path.read_text()
    again = Drift(path).report(status("a"))
    assert (again.n, again.doubted, again.now) == (2, 1, (0.5, 0.5))
    drift.observe(status("b"), {ANSWER: 0.9})
    assert drift.report(status("b")).n == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "<html>", '{"landing": 1}', '{"landing": {"commit": "a", "n": "x"}}', "[" * 99_999]
)
def test_a_file_of_counts_that_is_damaged_counts_nothing(text, tmp_path):
    path = tmp_path / "drift.json"
    path.write_text(text)
    assert Drift(path).report(status("a")) is None


def test_the_log_is_rotated_and_an_outcome_named(tmp_path, monkeypatch):
    monkeypatch.setattr("space_app.monitoring.log.BYTES", 2_000)
    monkeypatch.setattr(requests, "_listeners", [])
    log = RequestLog(tmp_path / "logs" / "requests.jsonl")
    requests.listen(log)
    mistakes = {"ok": None, "refused": SpaceHubError("No.", "Try."), "failed": ValueError("a secret")}
    for _ in range(40):
        for error in mistakes.values():
            with contextlib.suppress(Exception), requests.watched("/x"):
                requests.uses("landing", "abc")
                if error:
                    raise error
    with requests.watched("page refresh", public=False):
        pass
    log.flush()
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == FILES
    assert all(file.stat().st_size <= 2_000 for file in files)
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert {line["outcome"] for line in lines} == set(mistakes)
    assert {line["route"] for line in lines} == {"/x"}
    assert not any("secret" in file.read_text() for file in files)


def test_a_folder_that_cannot_be_written_stops_no_request(tmp_path):
    (tmp_path / "file").write_text("")
    log = RequestLog(tmp_path / "file" / "requests.jsonl")
    log(requests.Record("/x", True))
    drift = Drift(tmp_path / "file" / "drift.json")
    drift.observe(status("a"), {ANSWER: 0.9})
    drift.save()
