"""Verifying: an untouched card holds; whatever is tampered with, card and results made to match, does not."""

import json
import pickle
import re
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi, snapshot_download

from spacehub import cards
from spacehub.errors import SpaceHubError
from spacehub.models import onnx_export, training_data
from spacehub.models.lander import proof as lander_proof
from spacehub.models.lander.archive import read_tensors, scan
from spacehub.models.lander.reproduce import CALM
from spacehub.models.landing import make_flights, payload, storage
from spacehub.models.landing.evaluation import PRESETS, search
from spacehub.models.landing.features import NAMES
from spacehub.models.proof import FAILED, OK, UNVERIFIED, Unproven, agree, compare, show
from spacehub.serving.lander.agents import OnnxAgent
from spacehub.serving.lander.batch import fly_many
from spacehub.serving.lander.video import write_video
from spacehub.verify import hub as verify_hub
from spacehub.verify import verify_folder
from spacehub.verify.folder import check_card
from tests import tampering
from tests.doses import SOAK

MODEL, LANDER = "spacehub/falcon9-landing-classifier", "spacehub/ppo-LunarLander-v3"


@pytest.fixture(scope="module")
def landing(published, tmp_path_factory) -> Path:
    cache = tmp_path_factory.mktemp("landing")
    first = HfApi(endpoint=published.endpoint).list_repo_commits(MODEL)[-2].commit_id
    return Path(snapshot_download(MODEL, revision=first, endpoint=published.endpoint, cache_dir=cache))


@pytest.fixture(scope="module")
def lander(published, tmp_path_factory) -> Path:
    cache = tmp_path_factory.mktemp("lander")
    first = HfApi(endpoint=published.endpoint).list_repo_commits(LANDER)[-2].commit_id
    return Path(snapshot_download(LANDER, revision=first, endpoint=published.endpoint, cache_dir=cache))


def test_untouched_cards_hold(published):
    run = published.call("-m", "spacehub.cli", "verify", "--all")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "FAIL" not in run.stdout
    assert f"The card of {MODEL} is correct" in run.stdout
    assert f"The card of {LANDER} is correct" in run.stdout
    # Out-of-fold claims are never ok unless they were made again.
    assert "not verified  metrics: only retraining can check the values; add --retrain" in run.stdout
    assert "ok            known" in run.stdout


def divide_baselines(results: dict) -> None:
    for metric in results["metrics"]:
        metric["baseline"]["base_rate"] /= 10


def spoil_candidates(results: dict) -> None:
    for row in results["candidates"]:
        if not row["chosen"]:
            row["brier"]["value"] *= 3


def test_landing_with_everything_but_the_model_tampered_with(landing, published, tmp_path):
    folder, rows = tampering.copy(landing, tmp_path / "model"), tampering.rows_of(landing, published)
    tampering.edit(folder / "results.json", divide_baselines)
    tampering.edit(folder / "results.json", spoil_candidates)
    tampering.edit(folder / "results.json", lambda results: results["dataset"].update(used=1880))
    tampering.edit(folder / "onnx" / "inputs.json", lambda form: form["features"].reverse())
    tampering.repaint(folder)
    (folder / "extra.pkl").write_bytes(pickle.dumps({}))
    table = training_data.read_snapshot(rows)
    launches = payload.make_launches(table)
    launches["payload_mass_kg"] = launches["payload_mass_kg"].iloc[::-1].to_numpy()
    wrong = payload.search(plan=PRESETS["smoke"], seed=0).fit(
        launches[list(payload.FEATURES)], launches["payload_mass_kg"]
    )
    onnx_export.export(
        wrong.best_estimator_, launches[list(payload.FEATURES)], folder / "payload" / "model.onnx"
    )
    flights = make_flights(table)
    features, inverted = flights[list(NAMES)], (~flights["landed"]).astype(int)
    fitted = search("logistic_regression", plan=PRESETS["smoke"], seed=0).fit(features, inverted)
    onnx_export.export(fitted.best_estimator_, features, folder / "onnx" / "model.onnx")
    listed = folder / "predictions.csv"
    listed.write_text(listed.read_text("utf-8").replace(",True,0.", ",True,0.0", 1), encoding="utf-8")
    found = tampering.failures("landing", folder, rows)
    assert "metrics.brier.baseline.base_rate" in found
    assert "candidates.decision_tree.brier.value" in found
    assert "dataset.used" in found
    assert {f"figures/{path.name}" for path in (folder / "figures").glob("*.png")} <= found
    assert {
        "extra.pkl",
        "payload/model.onnx, compared with a new fit",
        "predictions.csv, probabilities",
    } <= found
    assert "onnx/inputs.json" in found
    assert "onnx/model.onnx, compared with a new fit" in found
    assert "model.skops, compared with a new fit" not in found


def test_landing_models_trained_on_inverted_labels(landing, published, tmp_path):
    folder, rows = tampering.copy(landing, tmp_path / "model"), tampering.rows_of(landing, published)
    flights = make_flights(training_data.read_snapshot(rows))
    features, inverted = flights[list(NAMES)], (~flights["landed"]).astype(int)
    fitted = search("logistic_regression", plan=PRESETS["smoke"], seed=0).fit(features, inverted)
    storage.save(fitted.best_estimator_, folder / "model.skops")
    onnx_export.export(fitted.best_estimator_, features, folder / "onnx" / "model.onnx")
    found = tampering.failures("landing", folder, rows)
    assert {"model.skops, compared with a new fit", "onnx/model.onnx, compared with a new fit"} <= found


def test_retraining_catches_edited_out_of_fold_claims(landing, published, tmp_path):
    folder, rows = tampering.copy(landing, tmp_path / "model"), tampering.rows_of(landing, published)
    path = folder / "figures" / "forecasts.csv"
    head, first, *rest = path.read_text("utf-8").splitlines()
    place = head.split(",").index("random_forest")
    cells = first.split(",")
    cells[place] = str(1 - float(cells[place]))
    path.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    tampering.edit(folder / "results.json", lambda one: one["payload"]["mae_kg"]["model"].update(value=12.0))
    tampering.edit(folder / "results.json", lambda one: one["variants"][1]["brier"].update(value=0.9))
    found = tampering.failures("landing", folder, rows, retrain=True)
    assert "out-of-fold forecasts, shuffled, Random forest" in found
    assert {"payload.mae_kg.model.value", "variants.calibrated (sigmoid).brier.value"} <= found


class Command:
    """Pickles to a call that leaves a file behind when it is unpickled."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_lander_with_replay_figure_and_numbers_replaced(lander, tmp_path):
    folder = tampering.copy(lander, tmp_path / "model")
    tampering.repaint(folder)
    data = (folder / "replay.mp4").read_bytes()
    (folder / "replay.mp4").write_bytes(data[: len(data) // 2])
    tampering.edit(folder / "results.json", lambda one: one["metrics"][0]["baseline"].update(random=-9.0))
    tampering.edit(folder / "results.json", lambda one: one["scores"]["agent"]["calm"].update(n=1000))
    flights = folder / "flights.csv"
    flights.write_text(flights.read_text("utf-8").replace("crashed", "landed"), encoding="utf-8")
    found = tampering.failures("lander", folder, None)
    assert "metrics.mean_reward.baseline.random" in found
    assert "scores.agent.calm.n" in found
    assert "flights.csv, seeds and outcomes" in found
    assert "replay.mp4" in found
    assert "figures/outcomes.png" in found


def reencode(source: Path, target: Path, change=None, *, quality: int = 23, sound: bool = False) -> None:
    """Encode a video again, picture by picture."""
    import av
    import numpy as np

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        made = old.streams.video[0]
        stream = new.add_stream(
            "libx264", rate=made.average_rate, options={"crf": str(quality), "preset": "ultrafast"}
        )
        stream.width, stream.height, stream.pix_fmt = made.width, made.height, "yuv420p"
        track = new.add_stream("aac", rate=8000) if sound else None
        for place, frame in enumerate(old.decode(made)):
            pixels = frame.to_ndarray(format="rgb24")
            if change:
                pixels = np.ascontiguousarray(change(place, pixels))
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
                new.mux(packet)
        new.mux(stream.encode())
        if track:
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 8000), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate = 8000
            new.mux([*track.encode(silence), *track.encode()])


@pytest.fixture(scope="module")
def replay(lander, tmp_path_factory) -> Path:
    """The replay of one flight of the six, or in the soak the published one."""
    if SOAK:
        return lander / "replay.mp4"
    agent = OnnxAgent(lander / "onnx" / "model.onnx")
    path = tmp_path_factory.mktemp("replay") / "replay.mp4"
    write_video(fly_many(agent, seeds=lander_proof.REPLAYED[:1], conditions=CALM), path)
    return path


@pytest.mark.parametrize(
    ("change", "options", "holds"),
    [
        (None, {"quality": 30}, True),
        # A single other picture: the last flight's end, say.
        (lambda place, pixels: pixels[:, ::-1] if place == 40 else pixels, {}, False),
        (None, {"sound": True}, False),
    ],
)
def test_a_replay_encoded_again_holds_only_with_the_same_pictures(replay, tmp_path, change, options, holds):
    reencode(replay, tmp_path / "replay.mp4", change, **options)
    found = lander_proof._same_video(tmp_path / "replay.mp4", replay)
    assert (found.state == OK) == holds, found.detail


def test_a_lander_s_onnx_swapped_alone(lander, tmp_path):
    folder = tampering.copy(lander, tmp_path / "model")
    tensors = read_tensors(folder / "ppo-LunarLander-v3.zip")
    [held] = lander_proof.same_weights(folder, "ppo-LunarLander-v3.zip", tensors)
    assert held.state == OK
    tampering.nudge(folder / "onnx" / "model.onnx")
    [found] = lander_proof.same_weights(folder, "ppo-LunarLander-v3.zip", tensors)
    assert (found.name, found.state) == ("onnx/model.onnx, compared with ppo-LunarLander-v3.zip", FAILED)


def test_a_lander_whose_zip_runs_a_command_is_not_unpickled(lander, tmp_path):
    folder = tampering.copy(lander, tmp_path / "model")
    path, mark = next(folder.glob("*.zip")), tmp_path / "ran"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    data = json.loads(parts["data"])
    data["action_space"][":serialized:"] = b64encode(pickle.dumps(Command(mark))).decode()
    parts["data"] = json.dumps(data).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    findings = verify_folder("lander", folder, None)
    [broken] = [one for one in findings if one.state == FAILED and one.name == "ppo-LunarLander-v3.zip"]
    assert "'action_space' refers to pathlib.Path.touch, which is not allowed" in broken.detail
    assert not mark.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"cos\nsystem\n(S'true'\ntR.", "refers to os.system"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93.", "refers to os.system"),
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93.", "refers to os.system"),
        # The name is made at run time, or what was pushed last is popped again.
        (b"\x80\x04\x8c\x02os\x94)\x93.", "contains a pickle reference"),
        (
            b"\x80\x04\x8c\x02os\x8c\x06system\x8c\x05numpy\x8c\x05dtype00\x93.",
            "contains a pickle reference",
        ),
        (b"\x80\x04\x82\x01.", "outside the pickle"),
        (b"(ios\nsystem\n.", "refers to os.system"),
    ],
)
def test_a_scan_knows_every_way_to_name_a_global(data, said):
    with pytest.raises(ValueError, match=said):
        scan(data, "part")


EDITABLE = {
    "metrics": [{"key": "accuracy", "value": 0.9, "n": 305}, {"key": "log_loss", "value": 0.4, "n": 305}],
    "by_class": [{"name": "Forest", "n": 30, "f1": 0.8}, {"name": "River", "n": 31, "f1": 0.7}],
}


@pytest.mark.parametrize(
    ("section", "place", "name", "value", "failed"),
    [
        ("metrics", 0, "n", 3050, "metrics.accuracy.n"),
        ("metrics", 1, "value", 0.39, "metrics.log_loss.value"),
        ("by_class", 0, "f1", 1.0, "by_class.Forest.f1"),
        ("by_class", 1, "n", 310, "by_class.River.n"),
    ],
)
def test_each_edited_number_fails_alone(section, place, name, value, failed):
    edited = json.loads(json.dumps(EDITABLE))
    edited[section][place][name] = value
    assert {one.name for one in compare(edited, EDITABLE) if one.state == FAILED} == {failed}


STATED = {"n": 10, "rows": [{"name": "a", "share": 0.5}], "wall_time_s": 3.0, "words": "x"}


@pytest.mark.parametrize(
    ("found", "failed"),
    [
        (STATED | {"wall_time_s": Unproven("why")}, set()),
        ({**STATED, "n": 11}, {"n"}),
        ({**STATED, "rows": [{"name": "a", "share": 0.5004}]}, {"rows.a.share"}),
        ({**STATED, "rows": []}, {"rows"}),
        ({key: value for key, value in STATED.items() if key != "words"}, {"words"}),
        ({**STATED, "more": 1}, {"more"}),
    ],
)
def test_no_value_is_left_out(found, failed):
    assert {one.name for one in compare(STATED, found) if one.state == FAILED} == failed


def test_what_nothing_recomputes_is_not_ok():
    found = compare(STATED, STATED | {"wall_time_s": Unproven("reported by the run")})
    [states] = [one.state for one in found if one.name == "wall_time_s"]
    assert states == UNVERIFIED != OK


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.5, 0.5004), ("0.5000", "0.5004")),
        ((0.8809999, 0.881), ("0.8809999", "0.8810000")),
        ((1234.5, 1.0), ("1,234.500", "1.000")),
        ((1500, 150), ("1,500", "150")),
    ],
)
def test_numbers_are_printed_as_on_a_card_with_as_many_digits_as_it_takes(values, texts):
    assert show(*values) == texts


def test_a_truth_value_is_no_number():
    assert agree("simulated", True, 1).state == FAILED


@pytest.mark.parametrize("repo", ["nothing", "somebody/else", "falcon9-landings"])
def test_only_models_are_verified(repo):
    with pytest.raises(SpaceHubError, match="is not a model in the catalogue"):
        verify_hub.find(repo)


@pytest.fixture
def commit(published):
    """Commit files to a repository of the published models; put them back afterwards."""
    api, before = HfApi(endpoint=published.endpoint, token=published.token), []

    def change(**files: str) -> None:
        names = {"card": "README.md", "results": "results.json"}
        for name in files:
            old = api.hf_hub_download(MODEL, names[name], cache_dir=published.folder / "before")
            before.append(CommitOperationAdd(names[name], Path(old).read_bytes()))
        made = [CommitOperationAdd(names[name], text.encode()) for name, text in files.items()]
        api.create_commit(MODEL, made, commit_message="Tamper")

    yield change
    api.create_commit(MODEL, before, commit_message="Put it back")


def test_a_hand_edited_card_names_the_command_that_renders_it(published, landing, commit, tmp_path):
    commit(card=(landing / "README.md").read_text("utf-8") + "\nThe best model there is.\n")
    run = published.call_here(tmp_path / "home", "verify", MODEL)
    assert run.returncode == 1
    assert "FAIL          README.md: the card was edited" in run.stdout
    assert "→ spacehub publish landing --overwrite" in run.stdout
    assert run.stdout.count("FAIL ") == 1
    assert "is not correct" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        # The model index, which leaderboards read, and the text each say another number than the results.
        (r"(name: PR-AUC for failures\n      value: )[\d.]+", r"\g<1>0.999"),
        (r"(\*\*PR-AUC for failures: )[\d.]+", r"\g<1>0.999"),
        (r"(\| shuffled \| Brier score \(lower is better\) \| )[\d.]+", r"\g<1>0.001"),
        (r"figures/pr_curve\.png", "figures/calibration.png"),
        (r"(library_name: )\w+", r"\g<1>pickle"),
    ],
)
def test_an_index_that_disagrees_with_the_text_fails(landing, tmp_path, pattern, other):
    folder = tampering.copy(landing, tmp_path / "model")
    card = (folder / "README.md").read_text("utf-8")
    assert check_card("landing", folder).state == OK
    edited, count = re.subn(pattern, other, card, count=1)
    assert count == 1
    (folder / "README.md").write_text(edited, encoding="utf-8")
    found = check_card("landing", folder)
    assert found.state == FAILED
    assert found.fix == "spacehub publish landing --overwrite"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            {"id": "somebody/falcon9-landings"},
            "FAIL          dataset: the results name the dataset somebody/falcon9-landings",
        ),
        (
            {"commit": "0" * 40},
            "FAIL          dataset commit: the history of spacehub/falcon9-landings does not contain commit 00000000",
        ),
        ({"commit": "main"}, "FAIL          dataset commit: 'main' is not a valid commit ID"),
    ],
)
def test_a_foreign_dataset_and_a_commit_that_is_gone_fail(published, landing, commit, tmp_path, named, said):
    folder = tampering.copy(landing, tmp_path / "model")
    tampering.edit(folder / "results.json", lambda one: one["dataset"].update(named))
    commit(results=(folder / "results.json").read_text("utf-8"), card=cards.render("landing", folder))
    run = published.call_here(tmp_path / "home", "verify", "landing")
    assert run.returncode == 1, run.stdout + run.stderr
    assert said in run.stdout
    assert "not verified  every number and figure" in run.stdout
