"""An artefact folder appears whole or not at all, and replaces nothing but its like."""

import pytest

from spacehub.errors import SpaceHubError
from spacehub.models import artefacts


def fill(folder, text):
    with artefacts.replacing(folder) as fresh:
        (fresh / "results.json").write_text(text)


def test_a_new_folder_takes_the_place_of_the_old(tmp_path):
    folder = tmp_path / "landing"
    fill(folder, "old")
    (folder / "stale").touch()
    fill(folder, "new")
    assert [path.name for path in folder.iterdir()] == ["results.json"]
    assert (folder / "results.json").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_a_run_that_fails_leaves_the_old_folder(tmp_path):
    folder = tmp_path / "landing"
    fill(folder, "old")
    with pytest.raises(TypeError):
        fill(folder, None)
    assert (folder / "results.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(SpaceHubError, match="--output"):
        fill(tmp_path, "new")
    assert (tmp_path / "thesis.tex").exists()
