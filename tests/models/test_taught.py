"""Visitors' feedback as training reads it: bounded, checked, counted once, and never a title or picture of another split."""

import base64
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from huggingface_hub import HfApi
from PIL import Image

from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.models import feedback
from spacehub.models.feedback import WEIGHT, Feedback
from spacehub.models.satellite import taught as pictures_taught
from spacehub.models.satellite.pictures import Pictures
from spacehub.models.titles import taught
from spacehub.models.titles.titles import Titles
from spacehub.serving.feedback import MOST_BYTES, Row

REPO = "spacehub/said"


def row(place: int, given: str, answer: str, right: bool, correction=None, model="titles") -> Row:
    said = {"answer": answer, "right": right, "correction": correction}
    return Row(id=f"{place:032x}", day="2026-11-29", model=model, commit="a" * 40, input=given, **said)


def of_rows(*rows: Row) -> Feedback:
    return Feedback(rows=list(rows), skipped=0, id=REPO, commit="c" * 40)


def small() -> Titles:
    columns = {
        "texts": ["The moon", "A cake", "The match", "Held out"],
        "communities": ["a", "b", "c", "d"],
        "ids": ["1", "2", "3", "4"],
        "splits": ["train", "train", "test", "validation"],
    }
    arrays = {name: np.array(values, object) for name, values in columns.items()}
    return Titles(
        labels=np.array([0, 0, 0, 1]), total=4, id="spacehub/x", commit="c", config="default", **arrays
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(1, "Ion drive", "other", False, "space")], {"Ion drive": 1}),
        ([row(1, "Ion drive", "other", True)], {"Ion drive": 0}),
        ([row(1, "The  MOON", "other", False, "space")], {"The moon": 1}),  # a training title is corrected
        ([row(1, "the match", "other", False, "space")], {}),  # one of the test split is not learned
        ([row(1, "held out", "other", False, "space")], {}),
        ([row(1, "Ion drive", "other", False)], {}),
        ([row(1, "Ion drive", "other", False, "plants")], {}),
        ([row(1, "Ion", "other", True), row(2, "ion", "other", False, "space")], {}),  # at odds
        ([row(n, "Ion", "other", n > 2, None if n > 2 else "space") for n in range(5)], {"Ion": 1}),
    ],
)
def test_titles_learn_what_most_visitors_said(rows, expected):
    before = small()
    after, used = taught.add(before, of_rows(*rows), before)
    assert used == len(expected)
    found = dict(
        zip(after.texts[after.splits == "train"], after.labels[after.splits == "train"], strict=True)
    )
    assert found == {"The moon": 0, "A cake": 0} | expected
    train = after.texts[after.rows("train")].tolist()
    assert {text: train.count(text) for text in found} == {
        "The moon": 1,
        "A cake": 1,
        **dict.fromkeys(expected, WEIGHT),
    }
    for split in "test", "validation":
        assert after.texts[after.rows(split)].tolist() == before.texts[before.rows(split)].tolist()
        assert after.labels[after.rows(split)].tolist() == before.labels[before.rows(split)].tolist()
    assert before.labels.tolist() == [0, 0, 0, 1]


def test_a_held_out_title_that_the_preset_left_out_is_not_learned():
    fewer = small().fewer(judged=0)
    _, used = taught.add(fewer, of_rows(row(1, "the match", "other", False, "space")), small())
    assert used == 0


def png(colour: int, side: int = 4) -> str:
    file = io.BytesIO()
    Image.new("RGB", (side, side), (colour, 0, 0)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_network_learns_pictures_that_are_new_and_whole():
    pixels = np.stack([np.full((3, 4, 4), 9, np.uint8), np.zeros((3, 4, 4), np.uint8)])
    pixels[1, 0] = 200  # the test picture
    shown = Pictures(
        pixels=pixels,
        labels=np.array([0, 1]),
        folds=np.zeros(2, np.int8),
        splits=np.array(["train", "test"]),
        files=np.array(["a", "b"]),
        digests=np.array(["a", "b"]),
        sides=np.full(2, 4),
        names=["Forest", "SeaLake"],
        metres_a_pixel=10.0,
        side=4,
        example="a",
        id="spacehub/x",
        commit="c",
        config="default",
    )
    cut = base64.b64encode(base64.b64decode(png(7))[:45]).decode()
    given = {png(50): "SeaLake", png(60, 8): "SeaLake", png(200): "Forest", png(7): "Desert", cut: "Forest"}
    given[png(1, 600)] = "Forest"
    said = of_rows(
        *(row(n, text, label, True, model="satellite") for n, (text, label) in enumerate(given.items()))
    )
    learned, labels, used = pictures_taught.add(shown, np.array([0]), said, size=4)
    assert (used, labels.tolist(), learned.shape) == (2, [0, *[1] * 2 * WEIGHT], (1 + 2 * WEIGHT, 3, 4, 4))
    assert learned[:, 0, 0, 0].tolist() == [9, *[50] * WEIGHT, *[60] * WEIGHT]


def test_lines_that_are_none_are_skipped_and_a_row_counts_once(tmp_path):
    good = row(1, "Ion drive", "other", False, "space").line()
    other = row(2, "x", "Forest", True, model="landing").line()
    (tmp_path / "titles").mkdir()
    content = (
        good + good + b"{}\n" + other + b"\xff\n" + b'{"id": ' + b"9" * (MOST_BYTES + 9) + b"\n" + good[:-9]
    )
    (tmp_path / "titles" / "a.jsonl").write_bytes(content)
    (tmp_path / "titles" / "a.py").write_text("raise SystemExit")
    found = feedback.read_folder(tmp_path, "titles", repo_id=REPO, commit="c" * 40)
    assert [one.input for one in found.rows] == ["Ion drive"]
    assert found.report(1) == {
        "id": REPO,
        "commit": "c" * 40,
        "rows": 1,
        "skipped": 5,
        "used": 1,
        "weight": WEIGHT,
    }


def test_a_dataset_is_bounded_before_it_is_downloaded(tmp_path, monkeypatch):
    (tmp_path / "titles").mkdir()
    (tmp_path / "titles" / "a.jsonl").write_bytes(row(1, "Ion drive", "other", True).line())
    with LocalHub():
        with pytest.raises(SpaceHubError, match=f"has no dataset named {REPO}.*SPACEHUB_FEEDBACK={REPO}"):
            feedback.load(REPO, "titles")
        HfApi().create_repo(REPO, repo_type="dataset", private=True)
        assert feedback.load(REPO, "titles").rows == []
        commit = HfApi().upload_folder(repo_id=REPO, repo_type="dataset", folder_path=tmp_path).oid
        found = feedback.load(REPO, "titles")
        assert (found.commit, len(found.rows)) == (commit, 1)
        assert feedback.load(REPO, "satellite").rows == []
        for name in "MOST_FILES", "FILE_BYTES", "MOST_BYTES":
            with monkeypatch.context() as patch:
                patch.setattr(feedback, name, 0)
                with pytest.raises(SpaceHubError, match="The limits are"):
                    feedback.load(REPO, "titles")


def test_lines_are_what_json_reads():
    line = row(1, "Ion «drive»", "other", False, "space").line()
    assert json.loads(line)["input"] == "Ion «drive»"
    assert line.count(b"\n") == 1
    assert replace(row(1, "a\nb", "other", True)).line().count(b"\n") == 1
