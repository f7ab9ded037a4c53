"""Progress: a line for people, a file for the app, and nothing at all when nobody asked."""

import io
import json
import os
import pty

import pytest

from spacehub import board, progress


def test_the_file_holds_the_latest_state(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path / "progress"))
    progress.report("landing", "folds", 1, 4)
    progress.report("landing", "folds", 4, 4)
    state = json.loads((tmp_path / "progress" / "landing.json").read_text())
    assert (state["stage"], state["done"], state["total"]) == ("folds", 4, 4)
    assert [path.name for path in (tmp_path / "progress").iterdir()] == ["landing.json"]
    assert "[landing] folds: 4 of 4" in capsys.readouterr().err


def test_a_failure_replaces_the_state(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    progress.report("landing", "folds", 1, 4)
    progress.failed("landing", "The dataset is not on the Hub.")
    assert json.loads((tmp_path / "landing.json").read_text())["problem"] == "The dataset is not on the Hub."


def test_without_a_folder_only_the_line_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("SPACEHUB_PROGRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    progress.report("landing", "fit", 1, 1)
    assert capsys.readouterr().err.startswith("[landing] fit: 1 of 1")
    assert not list(tmp_path.iterdir())


def test_the_board_shows_each_change_of_stage_once(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    out = io.StringIO()
    with board.board(out) as shown:

        def show():
            shown.show([board.read(tmp_path, key) for key in ("falcon9-landings", "landing")])

        show()
        progress.report("landing", "folds", 1, 4)
        show()
        progress.report("landing", "folds", 2, 4)
        show()
        progress.published("falcon9-landings", "a" * 40, up_to_date=True)
        progress.published("landing", "b" * 40)
        show()
        progress.failed("landing-2", "No data.")
        shown.show([board.read(tmp_path, "landing-2")])
    assert out.getvalue().splitlines() == [
        "[landing] folds",
        "[falcon9-landings] is published and up to date at aaaaaaaa",
        "[landing] published at bbbbbbbb",
        "[landing-2] failed: No data.",
    ]


def test_in_a_terminal_the_board_is_a_table(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_PROGRESS", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    progress.report("landing", "folds", 1, 4)
    ours, theirs = pty.openpty()
    with open(theirs, "w") as out, board.board(out) as shown:
        shown.show([board.read(tmp_path, "landing"), board.read(tmp_path, "titles")])
    drawn = ""
    while "waiting" not in drawn:  # a terminal hands over what is written in pieces
        drawn += os.read(ours, 100_000).decode()
    for words in ("Name", "Stage", "Time left", "landing", "folds", "titles", "waiting"):
        assert words in drawn


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (100, "2 min"), (3600, "60 min")])
def test_a_time_left_is_rough(seconds, words):
    assert board.duration(seconds) == words
