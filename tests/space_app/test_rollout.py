"""New commits before they serve: what hostile ones come to, and what a restart, a pin and an absent Hub change."""

import json
import re
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import HfApi, constants, snapshot_download
from onnx import TensorProto, helper, numpy_helper

from space_app.mission_control.tab import board
from space_app.rollout import sizes, trial
from space_app.rollout.trial import Trials
from space_app.served import pilots, satellite
from space_app.served.titles import KEY, SERVED
from space_app.watch import Watch
from spacehub import catalogue
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from tests import colour_model
from tests.doses import in_the_soak
from tests.processes import ROOT, clean_environment
from tests.space_app import hostile_models as hostile
from tests.tampering import edit
from tests.title_model import chance, write_model

REPO = catalogue.MODELS[KEY].repo_id


@pytest.fixture(scope="module")
def hub():
    with LocalHub() as running:
        yield running
        running.recover()


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    return write_model(tmp_path_factory.mktemp("good") / "titles")


@pytest.fixture
def home(hub, tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    HfApi().delete_repo(REPO, missing_ok=True)
    yield tmp_path / "home"
    hub.recover()
    HfApi().delete_repo(REPO, missing_ok=True)


@pytest.fixture
def spoil(good, tmp_path):
    """Publish the good model with something changed; return the commit."""
    count = 0

    def publish(change=lambda folder: None) -> str:
        nonlocal count
        count += 1
        folder = Path(shutil.copytree(good, tmp_path / f"model-{count}"))
        (folder / "onnx" / "number").write_text(str(count))
        change(folder)
        HfApi().create_repo(REPO, exist_ok=True)
        return HfApi().upload_folder(repo_id=REPO, folder_path=folder, delete_patterns="*").oid

    return publish


def look(watch: Watch | None = None) -> Watch:
    watch = watch or Watch({KEY: SERVED[KEY]})
    watch.look([KEY])
    return watch


def answers(watch: Watch) -> float:
    return watch.ready(KEY).served.chances(["The moon"])[0]


@pytest.fixture(scope="module")
def serving(hub, good, tmp_path_factory):
    """An app that serves a good commit; each hostile one comes after it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("home")))
        # The process with limits stays for the whole table; only what fails starts a new one.
        patch.setattr(Trials, "close", lambda self: None)
        patch.setattr(trial, "SECONDS", 2)
        HfApi().create_repo(REPO)
        commit = HfApi().upload_folder(repo_id=REPO, folder_path=good).oid
        watch = look()
        assert watch.status(KEY).problem == ""
        yield watch, commit
    watch._trials._end()
    HfApi().delete_repo(REPO, missing_ok=True)


def peak() -> int:
    """Return the most memory that this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_a_hostile_commit_is_refused_and_the_last_good_one_serves(name, serving, good, tmp_path):
    (watch, commit), (change, said) = serving, hostile.HOSTILE[name]
    folder = Path(shutil.copytree(good, tmp_path / "model"))
    change(folder)
    before = peak()
    bad = HfApi().upload_folder(repo_id=REPO, folder_path=folder).oid
    look(watch)
    status = watch.status(KEY)
    assert (status.commit, status.unusable) == (commit, bad)
    assert re.search(said, status.problem), status.problem
    assert f"Commit {commit[:7]} is served instead" in status.problem
    assert answers(watch) == pytest.approx(chance("The moon"), abs=1e-6)
    assert not (folder / "ran").exists()
    assert peak() - before < 300 * 2**20


def test_a_table_that_takes_long_to_read_is_refused():
    with pytest.raises(SpaceHubError, match=r"predictions.csv is 3 MiB, but the limit is 2 MiB"):
        sizes.require_small([("predictions.csv", 3 * 2**20)])


@pytest.mark.parametrize(
    ("name", "mebibytes"),
    [
        ("results.json", 3),
        ("tokenizer.json", 17),
        pytest.param("onnx/model.onnx", 1024, marks=in_the_soak),
    ],
)
def test_a_large_file_is_refused_before_it_is_downloaded(name, mebibytes, home, spoil):
    def zeros(folder):
        with (folder / name).open("wb") as file:
            file.truncate(mebibytes * 2**20)

    spoil(zeros)
    watch = look()
    assert re.search(rf"{name} is {mebibytes:,} MiB, but the limit is \d+ MiB", watch.status(KEY).problem)
    cached = [
        path.stat().st_size for path in Path(constants.HF_HUB_CACHE).rglob("*") if "blobs" in path.parts
    ]
    assert all(size < 2**20 for size in cached)
    with pytest.raises(SpaceHubError, match="cannot answer"):
        watch.ready(KEY)


def lander(outputs: int, name: str = "q_values") -> bytes:
    """Return an agent for the lander that answers zeros."""
    weight = numpy_helper.from_array(np.zeros((8, outputs), np.float32), "weight")
    given = helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["N", 8])
    made = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", outputs])
    node = helper.make_node("MatMul", ["observation", "weight"], [name])
    graph = helper.make_graph([node], "agent", [given], [made], [weight])
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8
    ).SerializeToString()


def agent(content: bytes, **results: object):
    """Return what writes the lander's repository."""

    def write(folder: Path) -> None:
        (folder / "onnx").mkdir(parents=True)
        (folder / "onnx" / "model.onnx").write_bytes(content)
        (folder / "results.json").write_text(json.dumps(results))

    return write


def colours(**inputs: object):
    """Return what writes the repository of a classifier of pictures, with something changed."""

    def write(folder: Path) -> None:
        colour_model.write_model(folder)
        edit(folder / "onnx/inputs.json", lambda settings: settings.update(inputs))

    return write


ZEROS = {"observation": [0.0] * 8, "values": [0.0] * 4}


@pytest.mark.parametrize(
    ("key", "write", "said"),
    [
        ("satellite", colours(), ""),
        ("satellite", colours(classes=["Forest", "Industrial", "SeaLake"]), "does not reproduce"),
        ("satellite", colours(classes="none"), "[Cc]annot (be )?read"),
        ("satellite", colours(size=2_000_000), "[Cc]annot (be )?read|memory"),
        ("satellite", colours(mean="<b>"), "[Cc]annot (be )?read"),
        ("satellite", colours(known={"means": 1}), "[Cc]annot (be )?read"),
        ("lander", agent(lander(4), known=[ZEROS]), ""),
        ("lander", agent(lander(4), known=[ZEROS | {"values": [1.0, 0.0, 0.0, 0.0]}]), "does not reproduce"),
        ("lander", agent(lander(4), known=[ZEROS | {"observation": ["a"] * 8}]), "[Cc]annot (be )?read"),
        (
            "lander",
            agent(lander(4), known=[ZEROS | {"values": "none"}]),
            "does not contain one value for each",
        ),
        ("lander", agent(lander(5)), "not compatible with the lunar lander"),
        ("lander", agent(hostile.HTML.encode()), "not in ONNX format"),
    ],
)
def test_the_other_families_are_tried_too(key, write, said, home, tmp_path):
    write(tmp_path / "model")
    repo = catalogue.MODELS[key].repo_id
    HfApi().create_repo(repo)
    HfApi().upload_folder(repo_id=repo, folder_path=tmp_path / "model")
    try:
        watch = Watch(satellite.SERVED | pilots.served())
        watch.look([key])
        status = watch.status(key)
        assert (status.served is None) == bool(said)
        assert re.search(said, status.problem) if said else status.problem == "", status.problem
    finally:
        HfApi().delete_repo(repo)


def test_what_the_app_does_not_read_is_not_fetched(home, spoil):
    def litter(folder):
        for name in ("model.skops", "model.pkl", "replay.mp4", "pytorch_model.bin"):
            (folder / name).write_text(hostile.HTML)

    spoil(litter)
    folder = look().ready(KEY).folder
    fetched = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert fetched == set(SERVED[KEY].files)


def test_another_shape_needs_a_pin(home, spoil, monkeypatch):
    first = spoil()
    watch = look()
    # Its known answers are those of its own labels.
    second = spoil(hostile.renamed)
    look(watch)
    assert "The labels of the new commit differ from those of the served commit" in watch.status(KEY).problem
    assert watch.status(KEY).commit == first
    monkeypatch.setenv("SPACEHUB_PIN", f"titles@{second[:8]}")
    watch = look()
    assert (watch.status(KEY).commit, watch.status(KEY).problem) == (second, "")
    assert watch.ready(KEY).served.labels == ["not", "space"]


def test_a_restart_serves_the_last_good_commit(home, spoil):
    first = spoil()
    look()
    spoil(hostile.pickled)
    watch = look()
    assert watch.ready(KEY).commit == first
    assert f"Commit {first[:7]} is served instead" in watch.status(KEY).problem
    third = spoil()
    look(watch)
    assert (watch.status(KEY).commit, watch.status(KEY).problem) == (third, "")


def test_a_new_machine_finds_the_last_good_commit_in_the_history(home, spoil):
    first = spoil()
    spoil(hostile.pickled)
    spoil(hostile.unknown_operator)
    watch = look()
    assert watch.ready(KEY).commit == first
    assert answers(watch) == pytest.approx(chance("The moon"), abs=1e-6)


def test_a_pinned_commit_serves_whatever_is_newer(home, spoil, monkeypatch):
    first = spoil()
    second = spoil()
    assert look().ready(KEY).commit == second
    monkeypatch.setenv("SPACEHUB_PIN", f"titles@{first}")
    watch = look()
    assert (watch.ready(KEY).commit, watch.ready(KEY).pinned) == (first, True)
    spoil()
    look(watch)
    assert watch.ready(KEY).commit == first
    monkeypatch.setenv("SPACEHUB_PIN", "titles@" + "0" * 40)
    watch = look()
    assert "has no commit 000" in watch.status(KEY).problem


@pytest.mark.parametrize("pin", ["titles", "titles@", "titles@main", "titles@12345", "nothing@1234567"])
def test_a_pin_that_is_none_is_two_sentences(pin, home, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PIN", pin)
    with pytest.raises(SpaceHubError):
        Watch({})


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_hub_that_refuses_keeps_nothing_from_serving(status, home, hub, spoil):
    commit = spoil()
    watch = look()
    hub.fail(f"*{REPO}*", status=status, headers={"Retry-After": "0"}, times=None)
    for one in (look(watch), look()):  # the same app, and one that starts now
        assert one.ready(KEY).commit == commit
        assert answers(one) == pytest.approx(chance("The moon"), abs=1e-6)
        assert f"status {status}" in one.status(KEY).problem
    hub.recover()
    look(watch)
    assert watch.status(KEY).problem == ""


def test_a_hub_that_is_gone_keeps_nothing_from_serving(home, hub, spoil, tmp_path, monkeypatch):
    commit = spoil()
    watch = look()
    hub.drop("/api/*", times=None)
    for one in (look(watch), look()):
        assert one.ready(KEY).commit == commit
        assert "does not answer" in one.away
        assert one.missing() == []
    with monkeypatch.context() as patch:  # a new machine cannot know what is published
        patch.setenv("SPACEHUB_HOME", str(tmp_path / "new"))
        assert look().missing() == [KEY]
    hub.recover()
    assert look(watch).away == ""


def test_a_slow_hub_is_named(home, hub, spoil, monkeypatch):
    commit = spoil()
    watch = look()
    assert watch.slow == ""
    monkeypatch.setattr("space_app.watch.SLOW_SECONDS", 0)
    delay = hub.delay("/api/models/*", 60, times=None)
    looking = threading.Thread(target=watch.look, args=([KEY],))
    looking.start()
    while not delay.hits:
        assert looking.is_alive()
    assert "has taken more than" in watch.slow
    assert "The Hub is slow." in board(watch)
    assert watch.ready(KEY).commit == commit
    hub.recover()
    looking.join()
    assert watch.slow == ""


def test_an_app_stops_while_the_hub_is_slow(home, hub, spoil):
    spoil()
    hub.delay("/api/*", 600, times=None)
    begin = "from space_app.watch import Watch; import time; Watch({}).start(); time.sleep(2)"
    environment = clean_environment() | {"HF_ENDPOINT": hub.endpoint, "SPACEHUB_HOME": str(home)}
    subprocess.run([sys.executable, "-c", begin], env=environment, cwd=ROOT, timeout=60, check=True)


def test_offline_with_a_warm_cache(home, spoil, monkeypatch):
    commit = spoil()
    look()
    with monkeypatch.context() as patch:
        patch.setattr(constants, "HF_HUB_OFFLINE", True)
        watch = look()
        assert watch.ready(KEY).commit == commit
        assert "HF_HUB_OFFLINE is set" in watch.away
    shutil.rmtree(home)  # a cache that something else filled, such as a Space's preload_from_hub
    snapshot_download(REPO)
    with monkeypatch.context() as patch:
        patch.setattr(constants, "HF_HUB_OFFLINE", True)
        assert look().ready(KEY).commit == commit


@pytest.mark.parametrize("name", ["onnx/model_int8.onnx", "results.json", "tokenizer.json"])
def test_a_damaged_cache_is_fetched_again(name, home, hub, spoil):
    commit = spoil()
    watch = look()
    folder = watch.ready(KEY).folder
    blob = (folder / name).resolve()
    whole = blob.read_bytes()
    blob.write_bytes(whole[: len(whole) // 2])
    assert answers(watch) == pytest.approx(chance("The moon"), abs=1e-6)
    fresh = look()
    assert (fresh.ready(KEY).commit, fresh.status(KEY).problem) == (commit, "")
    assert (folder / name).read_bytes() == whole
    blob.write_bytes(whole[: len(whole) // 2])
    hub.drop("/api/*", times=None)
    alone = look()
    assert re.search(f"the last good commit are damaged: .*{name}", alone.status(KEY).problem)
    with pytest.raises(SpaceHubError, match="damaged"):
        alone.ready(KEY)


def test_what_passed_once_is_not_tried_again(home, spoil, monkeypatch):
    commit = spoil()
    look()

    def refuse(*_):
        raise AssertionError("it is tried again")

    monkeypatch.setattr(Trials, "run", refuse)
    assert look().ready(KEY).commit == commit
