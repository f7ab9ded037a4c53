"""Progress: a line for people, a file for the app, and nothing at all when nobody asked."""

import json

from spacehub import progress


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
