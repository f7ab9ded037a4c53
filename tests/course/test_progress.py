"""A progress file: what is summed up of it, and what is not accepted."""

import json

import pytest

from spacehub.course import progress
from spacehub.errors import SpaceHubError
from spacehub.lab import checkpoints

KEY = checkpoints.week(3).questions[0].key
FILE = {
    "format": "spacehub-progress",
    "version": 1,
    "days": {"3.1": "2026-01-05", "3.2": "2026-01-06"},
    "katas": {"3.1": "2026-01-05"},
    "predictions": {"3.1": {"said": "twice", "at": "2026-01-05", "ask": "How much?", "result": "6.5 times"}},
    "lab": {"edges": {"said": "5 %", "at": "2026-01-05"}},
    "questions": {KEY: {"box": 2, "due": 1.8e12}},
}


def written(folder, **changes):
    path = folder / "progress.json"
    path.write_text(json.dumps(FILE | changes), encoding="utf-8")
    return path


def test_a_week_is_summed_up(tmp_path):
    week = progress.weeks(progress.read(written(tmp_path)))[2]
    assert (week["days"], week["katas"][0], week["questions"]) == ((2, 7), 1, (1, 25))
    assert week["predictions"][0]["result"] == "6.5 times"
    assert progress.weeks(progress.Progress())[2]["days"] == (0, 7)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"format": "other"}, "does not contain progress in this course"),
        ({"version": 2}, "version"),
        ({"version": True}, "version"),
        ({"days": []}, "The days section of the file must be a table"),
        ({"days": {"3.8": "2026-01-05"}}, "'3.8' in days"),
        ({"days": {"3.1": "2026-13-05"}}, "'3.1' in days"),
        ({"katas": {"13.1": "2026-01-05"}}, "'13.1' in katas"),
        ({"predictions": {"3.1": {"said": "x" * 201, "at": "2026-01-05"}}}, "'3.1' in predictions"),
        ({"predictions": {"3.1": {"said": "x\n", "at": "2026-01-05"}}}, "'3.1' in predictions"),
        ({"predictions": {"3.1": {"said": "x", "at": "2026-01-05", "more": 1}}}, "'3.1' in predictions"),
        ({"questions": {KEY: {"box": 6, "due": 0}}}, "in questions"),
        ({"questions": {KEY: {"box": 1, "due": float("nan")}}}, "in questions"),
        ({"questions": {f"q{n}": {"box": 1, "due": 0} for n in range(1001)}}, "at most 1000 entries"),
        ({"filler": "x" * 300_000}, "larger than 262,144 bytes"),
    ],
)
def test_a_file_that_is_not_progress_is_a_sentence(changes, problem, tmp_path):
    with pytest.raises(SpaceHubError, match=problem):
        progress.read(written(tmp_path, **changes))


@pytest.mark.parametrize("text", ["", "[" * 100_000, "\x00"])
def test_a_file_that_is_not_json_is_a_sentence(text, tmp_path):
    path = tmp_path / "progress.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpaceHubError, match="Cannot read"):
        progress.read(path)
