"""The telemetry: each record as the source has it, every defect counted again, the events, and a card that loads."""

import json
import re
import runpy
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from spacehub import cards
from spacehub.data import falcon9_telemetry, folder, sources
from spacehub.data.falcon9_telemetry import clean, simulated, table
from spacehub.lab.telemetry import flights as lab
from spacehub.lab.telemetry import webcasts
from spacehub.lab.telemetry.detectors import DETECTORS
from spacehub.lab.telemetry.faults import FAULTS
from tests.card_layout import check_layout

KEY = "falcon9-telemetry"


@pytest.fixture(scope="module")
def raw_files(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("raw")))
        found = sources.find(falcon9_telemetry.FILES["default"])
    if found is None:
        pytest.skip("the real raw files are in no folder and cannot be downloaded")
    return found


@pytest.fixture(scope="module", params=[pytest.param("real", marks=pytest.mark.real_data), "simulated"])
def built(request, tmp_path_factory):
    """The folder of each kind, with the card that publishing would put in, and what it was made from."""
    home = tmp_path_factory.mktemp("home")
    found = request.getfixturevalue("raw_files") if request.param == "real" else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(home))
        patch.setattr(sources, "find", lambda names: found)
        path = folder.build_folder(KEY)
    (path / "README.md").write_text(cards.render(KEY, path), encoding="utf-8")
    facts = json.loads((path / "build.json").read_text(encoding="utf-8"))
    return SimpleNamespace(
        path=path,
        raw=clean.read(found) if found else simulated.raw(0),
        facts=facts,
        rows=pd.read_parquet(path / facts["data_files"][0]),
        events=pd.read_csv(path / "events.csv"),
    )


def is_real(built) -> bool:
    return not built.facts["simulated"]


def test_every_value_is_that_of_the_source(built):
    kept = {launch: pair for launch, pair in built.raw.items() if "Heavy" not in launch}
    assert len(kept) == len(built.raw) - 1 == len(built.events)
    assert built.events["launch"].tolist() == list(kept)
    assert len(built.rows) == sum(len(telemetry["time"]) for telemetry, _ in kept.values())
    for launch, rows in built.rows.groupby("launch"):
        telemetry, dates = kept[launch]
        assert rows["time_s"].tolist() == telemetry["time"]
        for ours, theirs in table.SOURCE_NAMES.items():
            assert rows[ours].tolist() == telemetry[theirs]
        after = rows.loc[rows["time_s"] > dates["meco"], "tracked"]
        assert set(after) == {"second stage" if dates["ses1"] else "first stage"}
        assert set(rows.loc[rows["time_s"] <= dates["meco"], "tracked"]) == {"first stage"}


def test_the_events_are_those_of_the_source_nulls_too(built):
    for row in built.events.to_dict("records"):
        telemetry, dates = built.raw[row["launch"]]
        assert {event: None if pd.isna(row[event]) else row[event] for event in dates} == dates
        assert row["seconds"] == len(telemetry["time"])


def test_each_trap_is_counted_as_in_the_source(built):
    """Counted again, launch by launch and second by second, in plain Python."""
    counted = dict.fromkeys(
        ("other_rocket", "event_missing", "event_after_the_end", "ends_before_orbit", "altitude_held"), 0
    ) | dict.fromkeys(("components_disagree", "downrange_negative", "altitude_jump", "moving_at_start"), 0)
    for launch, (telemetry, dates) in built.raw.items():
        if "Heavy" in launch:
            counted["other_rocket"] += 1
            continue
        last = telemetry["time"][-1]
        counted["event_missing"] += list(dates.values()).count(None)
        counted["event_after_the_end"] += sum(when is not None and when > last for when in dates.values())
        counted["ends_before_orbit"] += dates["ses1"] is not None and dates["seco1"] is None
        counted["moving_at_start"] += telemetry["velocity"][0] > 1
        counted["downrange_negative"] += sum(x < 0 for x in telemetry["downrange_distance"])
        parts = zip(telemetry["velocity_x"], telemetry["velocity_y"], telemetry["velocity"], strict=True)
        counted["components_disagree"] += sum(abs((x * x + y * y) ** 0.5 - v) > 5 for x, y, v in parts)
        heights, up = telemetry["altitude"], telemetry["velocity_y"]
        stretch = 1
        for second in range(1, len(heights)):
            climbed = 1000 * (heights[second] - heights[second - 1])
            counted["altitude_jump"] += abs(climbed - (up[second] + up[second - 1]) / 2) > 200
            if heights[second] == heights[second - 1]:
                stretch += 1
            else:
                stretch = 1
            counted["altitude_held"] += 10 if stretch == 10 else stretch > 10
    traps = {trap["name"]: trap["count"] for trap in built.facts["traps"]}
    assert {name: traps[name] for name in counted} == counted
    assert all(trap["what"] and trap["handling"] and trap["unit"] for trap in built.facts["traps"])
    rows = built.rows["flags"].map(list).explode().value_counts()
    assert rows.to_dict() == {
        name: flag["rows"] for name, flag in built.facts["flags"].items() if flag["rows"]
    }
    assert all(traps[name] == flag["rows"] for name, flag in built.facts["flags"].items())


@pytest.mark.real_data
def test_what_is_known_of_the_real_ones(raw_files, built):
    if not is_real(built):
        pytest.skip("of the real records alone")
    assert len(raw_files) == len(webcasts.CHECKSUMS) == 2 * 46
    assert built.facts["rows"] == 22_859
    assert built.facts["followed"] == {"first stage": 11, "second stage": 34}
    traps = {trap["name"]: trap["count"] for trap in built.facts["traps"]}
    assert traps == {
        "other_rocket": 1,
        "first_stage_followed": 11,
        "event_missing": 396,
        "event_never": 2,
        "event_after_the_end": 1,
        "ends_before_orbit": 21,
        "ends_before_landing": 6,
        "moving_at_start": 2,
        "velocity_spike": 3,
        "velocity_straight": 169,
        "components_disagree": 833,
        "altitude_held": 484,
        "altitude_jump": 47,
        "angle_unset": 14,
        "climbs_faster_than_it_flies": 73,
        "downrange_negative": 552,
    }
    late = built.rows[built.rows["flags"].map(lambda flags: "moving_at_start" in flags)]
    assert set(late["launch"]) == {"Eshail 2", "Iridium NEXT 3"}


@pytest.mark.real_data
def test_the_acceleration_is_what_the_card_says(built):
    """The rate of the speed plus g times the sine of the path: within the noise, in powered flight."""
    if not is_real(built):
        pytest.skip("of the real records alone")
    for launch, rows in built.rows.groupby("launch"):
        ascent = rows[rows["time_s"].between(20, 135)]
        speed = ascent["velocity_m_s"].to_numpy()
        sine = ascent["velocity_vertical_m_s"].to_numpy() / speed
        off = np.gradient(speed) + 9.80665 * np.clip(sine, -1, 1) - ascent["acceleration_m_s2"].to_numpy()
        assert np.median(np.abs(off)) < 0.4, launch


def test_the_sample_says_so_and_differs_with_the_seed():
    launches = simulated.raw(0)
    assert all(re.fullmatch(r"Simulated (\d\d|Falcon Heavy)", launch) for launch in launches)
    assert launches == simulated.raw(0)
    assert launches != simulated.raw(1)


def test_the_sample_has_the_defects():
    rows, events = clean.clean(simulated.raw(0))
    assert {flag for flags in rows["flags"] for flag in flags} == set(table.FLAGS)
    assert events["followed"].value_counts().to_dict() == {"second stage": 11, "first stage": 4}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda telemetry, dates: telemetry["time"].reverse(),
            "times of Simulated 03 are not the consecutive seconds 0, 1, 2",
        ),
        (lambda telemetry, dates: dates.update(explosion=3), "Simulated 03 has unknown events: explosion"),
        (lambda telemetry, dates: dates.pop("apogee"), "events are missing for Simulated 03: apogee"),
        (lambda telemetry, dates: dates.pop("meco"), "events are missing for Simulated 03: meco"),
        (lambda telemetry, dates: dates.update(meco=None), "the event 'meco' is missing for Simulated 03"),
    ],
)
def test_a_source_of_another_shape_is_an_error(spoil, words):
    launches = simulated.raw(0)
    spoil(*launches["Simulated 03"])
    with pytest.raises(ValueError, match=words):
        clean.clean(launches)


def test_the_app_reads_the_same_numbers(built):
    read = lab.read(built.path)
    assert read.launches == tuple(built.events["launch"])
    for name in lab.QUANTITIES:
        expected = [rows[name].to_numpy() for _, rows in built.rows.groupby("launch", sort=False)]
        for ours, theirs, seconds in zip(read.values[name], expected, read.seconds, strict=True):
            np.testing.assert_array_equal(ours[:seconds], theirs)
            assert np.isnan(ours[seconds:]).all()
    for name in lab.EVENTS:
        np.testing.assert_array_equal(read.events[name], built.events[name].to_numpy(dtype=float))


def test_every_fault_is_judged_by_every_detector(built):
    judged = built.facts["judged"]
    cells = {(row["detector"], row["fault"], row["size"]) for row in judged["rows"]}
    assert cells == {
        (detector, name, size)
        for detector in DETECTORS
        for name, fault in FAULTS.items()
        for size in fault.sizes
    }
    assert judged["flights"] == len(built.events)


def test_the_card_tells_it_all_and_its_snippet_runs(built, tmp_path, monkeypatch, capsys):
    import datasets

    record, card = built.facts, (built.path / "README.md").read_text()
    check_layout(card)
    assert ("These flights never happened" in card) == record["simulated"]
    for trap in record["traps"]:
        assert f"| {trap['handling']} | {trap['count']:,} | {trap['unit']} |" in card
    for column in record["columns"]:
        assert f"| `{column['name']}` | {column['dtype']} | {column['unit']} |" in card
    for source in record["sources"]:
        assert f"({source['url']}) | `{source['sha256'][:12]}`" in card
    for row in record["judged"]["rows"]:
        unit = row["unit"].replace("of nine engines", "engine").replace("each second", "per second")
        assert f"| {row['fault']} | {row['size']} {unit}" in card
        assert f" | {row['detector']} | {row['recall']:.2f} (" in card
    assert {path.name for path in (built.path / "figures").iterdir()} == set(
        re.findall(r"figures/(\w+\.png)", card)
    )
    assert "{{" not in card
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    [snippet] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    script = tmp_path / "snippet.py"
    script.write_text(snippet.replace(f"spacehub/{KEY}", str(built.path)))
    runpy.run_path(str(script))
    first = int(built.events["meco"].min())
    assert capsys.readouterr().out == (
        f"{len(built.events)} launches, {record['rows']} seconds, the first engines cut off at T+{first} s\n"
    )
