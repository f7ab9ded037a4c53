"""The meteorites table: every trap of the source counted again, no row lost, nothing changed but what is flagged."""

import doctest
import json
import re
import runpy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from spacehub import cards
from spacehub.data import folder, meteorite_landings, sources
from spacehub.data.meteorite_landings import classes, clean, simulated, table
from spacehub.lab import meteorites as lab
from tests.card_layout import check_layout

KEY = "meteorite-landings"


@pytest.fixture(scope="module")
def raw_file(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("raw")))
        found = sources.find(meteorite_landings.FILES["default"])
    if found is None:
        pytest.skip("the real raw file is in no folder and cannot be downloaded")
    return found


@pytest.fixture(scope="module")
def real(raw_file):
    [path] = raw_file.values()
    built, report = meteorite_landings.build(raw_file, "default")
    return SimpleNamespace(
        # Read again, with pandas' own idea of types: what the builder read is not taken for granted.
        source=pd.read_csv(path),
        table=built,
        report=report,
        by_name=built.set_index("name"),
    )


@pytest.fixture(scope="module")
def invented():
    generated, report = meteorite_landings.simulate(0)
    return SimpleNamespace(table=generated, report=report)


@pytest.fixture(params=["real", "invented"])
def either(request):
    return request.getfixturevalue(request.param)


# What the notes on the source say of it, and what was found besides.
NOTED = {
    "mass_missing": 131,
    "year_missing": 291,
    "position_missing": 7315,
    "position_zero": 6214,
    "mass_zero": 19,
    "year_in_future": 1,
    "longitude_over_180": 1,
}
FOUND = {
    "latitude_zero": 223,
    "latitude_doubtful": 3,
    "not_on_earth": 3,
    "year_one_early": 8,
    "shared_position": 15814,
    "blanks_in_names": 5,
    "blanks_in_classes": 118,
    "respelled_classes": 3,
    "doubtful_classes": 24,
    "relict": 75,
    "year_of_find": 44318,
    "position_twice": 38401,
}


@pytest.mark.real_data
def test_every_trap_is_told_with_its_count(real):
    assert {trap["name"]: trap["count"] for trap in real.report["traps"]} == NOTED | FOUND
    assert all(trap["what"] and trap["handling"] and trap["unit"] == "rows" for trap in real.report["traps"])


@pytest.mark.real_data
def test_the_counts_are_those_of_the_source(real):
    source = real.source
    at_zero = (source["reclat"] == 0) & (source["reclong"] == 0)
    placed = source[source["reclat"].notna() & ~at_zero]
    field = source["name"].str.startswith("Yamato") & (source["reclong"].round(2) == 35.67)
    counted = {
        "mass_missing": source["mass (g)"].isna(),
        "year_missing": source["year"].isna(),
        "position_missing": source["reclat"].isna() & source["reclong"].isna(),
        "position_zero": at_zero,
        "mass_zero": source["mass (g)"] == 0,
        "year_in_future": source["year"] == 2101,
        "longitude_over_180": source["reclong"].abs() > 180,
        "latitude_zero": field & (source["reclat"] == 0),
        "not_on_earth": source["name"].isin(["Bench Crater", "Hadley Rille", "Meridiani Planum"]),
        "year_one_early": source["year"] <= 1575,
        "shared_position": placed.duplicated(["reclat", "reclong"], keep=False),
        "relict": source["nametype"] == "Relict",
    }
    assert {name: int(rows.sum()) for name, rows in counted.items()} == {
        name: (NOTED | FOUND)[name] for name in counted
    }
    assert real.report["placed"] == len(placed) == 32187
    assert real.report["placed_on_earth"] == 32187 - 223 - 3 - 2
    # The others of the two fields lie where they should: what is flagged is the exception.
    assert (source[field & (source["reclat"] != 0)]["reclat"].between(-73, -70)).all()
    elephant = source[source["name"].str.startswith("Elephant Moraine") & source["reclat"].notna()]
    assert (elephant["reclat"] < -80).sum() == 3
    assert (elephant["reclat"].between(-76.5, -76)).sum() > 1500


@pytest.mark.real_data
def test_no_row_is_lost_and_only_flagged_values_differ(real):
    source, built = real.source, real.table
    assert built["id"].tolist() == source["id"].tolist()
    assert built["id"].is_unique
    assert built["name"].is_unique
    for column, name in {
        "mass_g": "mass (g)",
        "year": "year",
        "latitude": "reclat",
        "longitude": "reclong",
    }.items():
        ours, theirs = built[column].astype("float64").to_numpy(), source[name].to_numpy()
        changed = ~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
        assert built[changed]["flags"].str.len().min() >= 1, column
        known = {"mass_g": 19, "year": 9, "latitude": 6214, "longitude": 6215}
        assert changed.sum() == known[column]
    assert (built["fall"] == source["fall"]).all()
    assert (built["class"] != source["recclass"]).sum() == 118 + 3


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("Ensisheim", "year", 1492),
        ("Nogata", "year", 861),
        ("Campo del Cielo", "year", 1576),
        ("Castrovillari", "year", 1583),
        ("Northwest Africa 7701", "year", None),
        ("Northwest Africa 7701", "flags", ["year_in_future", "position_zero"]),
        ("Meridiani Planum", "longitude", 354.47333 - 360),
        ("Meridiani Planum", "flags", ["not_on_earth"]),
        ("Bench Crater", "latitude", None),
        ("Hadley Rille", "flags", ["not_on_earth"]),
        ("Yamato 74380", "flags", ["latitude_zero"]),
        ("Yamato 74380", "latitude", 0.0),
        ("Meru", "flags", []),
        ("Meru", "latitude", 0.0),
        ("Mason Gully", "flags", ["position_zero"]),
        ("Österplana 048", "flags", ["mass_zero"]),
        ("Österplana 048", "mass_g", None),
        ("Hoba", "mass_g", 6e7),
        ("Chergach", "group", "H"),
    ],
)
def test_known_rows(real, name, column, expected):
    value = real.by_name.at[name, column]
    if expected is None:
        assert pd.isna(value)
    else:
        assert value == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.real_data
def test_the_sample_is_typed_alike(real, invented):
    assert dict(invented.table.dtypes) == dict(real.table.dtypes)


def test_what_holds_of_every_row(either):
    rows = either.table
    assert (rows["mass_g"].dropna() > 0).all()
    assert rows["year"].dropna().between(860, clean.LAST_YEAR).all()
    assert (rows["latitude"].isna() == rows["longitude"].isna()).all()
    assert rows["latitude"].dropna().between(-90, 90).all()
    assert rows["longitude"].dropna().between(-180, 180).all()
    assert not ((rows["latitude"] == 0) & (rows["longitude"] == 0)).any()
    assert set(rows["fall"]) == {"Fell", "Found"}
    assert (rows["name"] == rows["name"].str.strip()).all()
    assert (rows["class"] == rows["class"].str.strip()).all()
    assert set(rows["group"]) <= set(classes.GROUPS)
    assert {flag for flags in rows["flags"] for flag in flags} <= set(table.FLAGS)


def test_the_report_is_of_the_table(either):
    rows, report = either.table, either.report
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["rows"] == len(rows) == report["fell"] + report["found"]
    assert sum(group["fell"] + group["found"] for group in report["groups"]) == len(rows)
    assert {column["name"]: column["missing"] for column in report["columns"]} == rows.isna().sum().to_dict()
    assert all(column["nullable"] or not column["missing"] for column in report["columns"])
    traps = {trap["name"]: trap["count"] for trap in report["traps"]}
    assert {flag: count["rows"] for flag, count in report["flags"].items()} == {
        flag: traps[flag] for flag in table.FLAGS
    }


def test_the_sample_says_so_and_has_the_defects(invented):
    rows = invented.table
    assert rows["name"].str.fullmatch(r"Simulated \d+").all()
    traps = {trap["name"]: trap["count"] for trap in invented.report["traps"]}
    assert {name: traps[name] for name in NOTED} == {
        "mass_missing": simulated.WITHOUT_MASS,
        "year_missing": simulated.WITHOUT_YEAR,
        "position_missing": simulated.WITHOUT_PLACE,
        "position_zero": simulated.AT_ZERO,
        "mass_zero": simulated.NO_MASS,
        "year_in_future": 1,
        "longitude_over_180": 1,
    }
    pd.testing.assert_frame_equal(rows, meteorite_landings.simulate(0)[0])
    assert not rows["mass_g"].equals(meteorite_landings.simulate(1)[0]["mass_g"])


def test_a_class_of_no_known_group_is_an_error():
    raw = simulated.raw(0)
    raw.loc[5, "recclass"] = "Cheese"
    with pytest.raises(ValueError, match="The meteorite class 'Cheese' does not belong"):
        clean.clean(raw)
    raw = simulated.raw(0)
    raw.loc[5, "year"] = "last week"
    with pytest.raises(ValueError, match="last week"):
        clean.clean(raw)


def test_examples_of_groups():
    tried = doctest.testmod(classes)
    assert tried.attempted
    assert not tried.failed


def test_the_lab_knows_the_same_groups_and_flags():
    assert set(lab.GROUPS) == set(classes.GROUPS)
    assert lab.MISPLACED == table.MISPLACED


@pytest.fixture(scope="module", params=["real", "simulated"])
def built(request, tmp_path_factory):
    """The folder of each kind, with the card that publishing would put in."""
    home = tmp_path_factory.mktemp("home")
    if request.param == "real":
        request.getfixturevalue("raw_file")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(home))
        if request.param == "simulated":
            patch.setattr(sources, "find", lambda names: None)
        path = folder.build_folder(KEY)
    (path / "README.md").write_text(cards.render(KEY, path), encoding="utf-8")
    return path


def facts(path):
    return json.loads((path / "build.json").read_text(encoding="utf-8"))


def test_the_folder_loads_with_its_types_and_the_csv_has_the_same_rows(built, tmp_path):
    from datasets import load_dataset

    record = facts(built)
    dataset = load_dataset(str(built), record["config"], split="train", cache_dir=str(tmp_path))
    assert dataset.features == meteorite_landings.features()
    assert len(dataset) == record["rows"]
    read = lab.read(built / "meteorites.csv")
    columns = dataset.to_dict()
    assert read.name.tolist() == columns["name"]
    assert [lab.GROUPS[place] for place in read.group] == columns["group"]
    assert read.fell.tolist() == [fall == "Fell" for fall in columns["fall"]]
    for name in "mass_g", "year", "latitude", "longitude":
        np.testing.assert_array_equal(getattr(read, name), np.array(columns[name], dtype=float))
    assert read.placed.sum() == record["placed"]
    assert (read.placed & ~read.misplaced).sum() == record["placed_on_earth"]


def test_the_card_tells_it_all(built, tmp_path, monkeypatch, capsys):
    import datasets

    record, card = facts(built), (built / "README.md").read_text()
    check_layout(card)
    assert ("These meteorites do not exist" in card) == record["simulated"]
    for trap in record["traps"]:
        assert f"| {trap['handling']} | {trap['count']:,} | {trap['unit']} |" in card
    for column in record["columns"]:
        assert f"| `{column['name']}` | {column['dtype']} |" in card
    for source in record["sources"]:
        assert source["sha256"][:12] in card
        assert source["licence"] in card
    assert {path.name for path in (built / "figures").iterdir()} == set(
        re.findall(r"figures/(\w+\.png)", card)
    )
    assert "{{" not in card
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    [snippet] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    script = tmp_path / "snippet.py"
    script.write_text(snippet.replace(f"spacehub/{KEY}", str(built)))
    runpy.run_path(str(script))
    assert capsys.readouterr().out == f"{record['fell']} of {record['rows']} were seen to fall\n"
