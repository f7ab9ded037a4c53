"""The dataset's folder: whole or absent, unchanged when nothing changed, and loaded with its types."""

import dataclasses
import errno
import json
import logging
import re
import runpy
import shutil
import types

import pytest

from spacehub import cards
from spacehub.data import falcon9_landings, folder, sources
from spacehub.errors import SpaceHubError
from tests.card_layout import check_layout

KEY = "falcon9-landings"


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """A home of its own, for what the test builds itself."""
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def cut_off(patch, nowhere):
    """Leave neither folder nor network."""
    patch.delenv("SPACEHUB_SOURCES", raising=False)
    patch.setattr(sources, "CHECKOUT_FOLDER", nowhere)
    patch.setattr(
        sources,
        "RAW_FILES",
        {
            name: dataclasses.replace(file, url="http://127.0.0.1:9/closed")
            for name, file in sources.RAW_FILES.items()
        },
    )


@pytest.fixture
def offline(monkeypatch, tmp_path):
    cut_off(monkeypatch, tmp_path / "nowhere")


@pytest.fixture(scope="module", params=["real", "simulated"])
def built(request, tmp_path_factory):
    """The folder of each kind, with the card that publishing would put in."""
    home = tmp_path_factory.mktemp("home")
    if request.param == "real":
        request.getfixturevalue("raw")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(home))
        if request.param == "simulated":
            cut_off(patch, home / "nowhere")
        path = folder.build_folder(KEY)
    (path / "README.md").write_text(cards.render(KEY, path), encoding="utf-8")
    return path


def facts(path):
    return json.loads((path / "build.json").read_text(encoding="utf-8"))


def test_holds_what_its_record_says(built):
    record = facts(built)
    place = "simulated" if record["simulated"] else "data"
    assert {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()} == {
        "README.md",
        "build.json",
        "figures/landings_by_year.png",
        "figures/payload_mass_by_orbit.png",
        "launches.csv",
        f"{place}/train-00000-of-00001.parquet",
    }
    assert record["config"] == ("simulated" if record["simulated"] else "default")
    assert [source["file"] for source in record["sources"]] == (
        [] if record["simulated"] else list(falcon9_landings.FILES["default"])
    )


def test_loads_with_its_types(built, tmp_path):
    from datasets import get_dataset_config_names, load_dataset

    record = facts(built)
    cache = str(tmp_path / "cache")
    dataset = load_dataset(str(built), record["config"], split="train", cache_dir=cache)
    assert dataset.features == falcon9_landings.features()
    assert len(dataset) == record["rows"]
    assert get_dataset_config_names(str(built)) == [record["config"]]
    columns = dataset.to_dict()
    assert {column["name"]: column["missing"] for column in record["columns"]} == {
        name: sum(value is None for value in values) for name, values in columns.items()
    }
    assert sum(value is True for value in columns["landed"]) == record["outcomes"]["success"]
    assert all(name and isinstance(name, str) for names in columns["customers"] for name in names)
    assert min(columns["date_utc"]).isoformat() == record["first_launch"]


def test_the_snippet_of_the_card_runs(built, tmp_path, monkeypatch, capsys):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    record = facts(built)
    [snippet] = re.findall(r"```python\n(.*?)```", (built / "README.md").read_text(), re.DOTALL)
    assert f'"spacehub/{KEY}"' in snippet
    script = tmp_path / "snippet.py"
    script.write_text(snippet.replace(f"spacehub/{KEY}", str(built)))
    runpy.run_path(str(script))
    printed = f"{record['outcomes']['success']} of {record['attempts']} landings succeeded\n"
    assert capsys.readouterr().out == printed
    assert any((tmp_path / "cache").iterdir())


def test_the_card_tells_real_from_simulated(built):
    record = facts(built)
    card = (built / "README.md").read_text()
    check_layout(card)
    assert ("These launches never happened" in card) == record["simulated"]
    assert ("## Known errors in the sources" in card) == (not record["simulated"])
    for source in record["sources"]:
        assert source["sha256"][:12] in card
        assert source["licence"] in card
    for trap in record["traps"]:
        assert f"{trap['handling']} | {trap['count']} | {trap['unit']} |" in card
    for column in record["columns"]:
        assert f"| `{column['name']}` |" in card
    assert "{{" not in card
    assert "None |" not in card


def test_a_second_build_changes_nothing(own_home, offline):
    path = folder.build_folder(KEY)
    before = {file: file.stat().st_mtime_ns for file in path.rglob("*")}
    assert folder.build_folder(KEY) == path
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*")} == before


def test_the_same_sources_give_the_same_bytes(own_home, raw):
    path = folder.build_folder(KEY)
    first = {file.name: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    shutil.rmtree(path)
    path = folder.build_folder(KEY)
    assert {file.name: file.read_bytes() for file in path.rglob("*") if file.is_file()} == first


@pytest.mark.parametrize("damage", ["simulated/train-00000-of-00001.parquet", "build.json"])
def test_a_damaged_folder_is_built_again(own_home, offline, damage):
    path = folder.build_folder(KEY)
    (path / damage).unlink()
    assert (folder.build_folder(KEY) / damage).is_file()


def test_real_data_takes_the_place_of_the_sample(own_home, raw):
    with pytest.MonkeyPatch.context() as patch:
        cut_off(patch, own_home / "nowhere")
        path = folder.build_folder(KEY)
    assert (path / "simulated").is_dir()
    assert folder.build_folder(KEY) == path
    assert (path / "data").is_dir()
    assert not (path / "simulated").exists()


@pytest.mark.parametrize("earlier", [False, True])
def test_a_build_that_fails_leaves_no_trace(own_home, offline, monkeypatch, earlier):
    if earlier:
        folder.build_folder(KEY)
    before = sorted(own_home.rglob("*"))

    def fail(table, figures, *, note):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(falcon9_landings, "draw", fail)
    monkeypatch.setattr(falcon9_landings, "VERSION", "next")
    with pytest.raises(SpaceHubError, match=r"Cannot write to .*falcon9-landings: No space left on device"):
        folder.build_folder(KEY)
    artefacts = own_home / "artefacts"
    assert [path.name for path in artefacts.iterdir()] == ([KEY] if earlier else [])
    if earlier:
        assert sorted(own_home.rglob("*")) == before


def test_the_log_names_each_source(own_home, raw, caplog):
    with caplog.at_level(logging.INFO, logger="spacehub"):
        folder.build_folder(KEY)
    assert all(name in caplog.text for name in falcon9_landings.FILES["default"])
    assert "SIMULATED" not in caplog.text


def test_the_log_shouts_that_the_sample_is_simulated(own_home, offline, caplog):
    folder.build_folder(KEY)
    assert [entry.levelname for entry in caplog.records if "SIMULATED" in entry.message] == ["WARNING"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ('"""Old."""\nx = 1\n', '"""New, and longer."""\n\nx = 1  # why\n', True),
        (
            'def f():\n    """Old."""\n    return 1\n',
            'def f():\n    """New."""\n    # why\n    return 1\n',
            True,
        ),
        ('class C:\n    """Old."""\n', 'class C:\n    """New."""\n', True),
        ("def f():\n    return 1\n", "def f():\n    return 2\n", False),
        ('words = "old"\n', 'words = "new"\n', False),
        ('def f(x="old"):\n    """Text."""\n', 'def f(x="new"):\n    """Text."""\n', False),
    ],
    ids=["module", "function", "class", "code", "text", "default"],
)
def test_only_code_marks_a_folder_as_outdated(tmp_path, monkeypatch, before, after, same):
    (tmp_path / "__init__.py").write_text('"""A builder."""\n')
    module = types.SimpleNamespace(__file__=str(tmp_path / "__init__.py"), VERSION=1)
    marks = []
    for code in (before, after):
        (tmp_path / "build.py").write_text(code)
        marks.append(folder.fingerprint(module, None))
    assert (marks[0] == marks[1]) is same
