"""The launches table: every trap of the sources, the invariants, the counts, and the simulated twin."""

import doctest
import json
from datetime import datetime
from types import SimpleNamespace

import pandas as pd
import pytest

from spacehub.data import falcon9_landings
from spacehub.data.falcon9_landings import codes, launches, merge, missions, table
from spacehub.data.falcon9_landings.corrections import CORRECTIONS
from spacehub.data.falcon9_landings.matching import pair
from spacehub.data.falcon9_landings.simulated import rows as simulated_rows
from spacehub.errors import SpaceHubError
from spacehub.lab import launches as lab


@pytest.fixture(scope="module")
def real(raw):
    built, report = falcon9_landings.build(raw, "default")
    return SimpleNamespace(table=built, report=report, by_flight=built.set_index("csv_flight_number"))


@pytest.fixture(scope="module")
def simulated():
    generated, report = falcon9_landings.simulate(0)
    return SimpleNamespace(table=generated, report=report)


@pytest.fixture(params=["real", "simulated"])
def either(request):
    return request.getfixturevalue(request.param)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("flight", "column", "expected"),
    [
        # No attempt is no failure.
        ("F9-3", "landing_attempted", False),
        ("F9-3", "landed", None),
        ("F9-3", "landing_type", None),
        ("F9-166", "landing_outcome", "no attempt"),
        # A landing that was planned and never came to be.
        ("F9-19", "landing_attempted", False),
        ("F9-19", "landed", None),
        ("F9-19", "landing_type", "ASDS"),
        ("F9-19", "landing_outcome", "precluded"),
        ("FT-4", "landing_attempted", False),
        ("FT-4", "landed", None),
        ("FT-4", "launch_success", False),
        # Parachutes, and the open sea.
        ("F9-1", "landing_type", "Parachute"),
        ("F9-2", "landed", False),
        ("F9-6", "landing_type", "Ocean"),
        ("F9-6", "landed", False),
        ("F9-9", "landed", True),
        # The failures that everyone remembers.
        ("F9-46", "landed", False),
        ("F9-89", "landed", False),
        # Flown, not planned: the day, the month, the year, the clock.
        ("F9-139", "date_utc", "2022-06-17T16:09:00"),
        ("F9-157", "date_utc", "2022-09-19T00:18:00"),
        ("F9-111", "date_utc", "2021-12-02T23:12:00"),
        ("FT-4", "date_utc", "2016-09-01T13:07:00"),
        ("F9-28", "date_utc", "2017-10-09T12:37:00"),
        ("F9-53", "date_utc", "2019-06-12T14:17:00"),
        ("F9-94", "date_utc", "2021-04-07T16:34:00"),
        ("F9-179", "date_utc", "2023-01-19T15:43:00"),
        ("F9-4", "date_utc", "2012-10-08T00:35:00"),
        ("F9-5", "date_utc", "2013-03-01T15:10:00"),
        ("FT-16", "date_utc", "2017-10-11T22:53:00"),
        # Boosters: the flight given twice, the wrong serial, those that the CSV does not know.
        ("F9-100", "booster_flight", 2),
        ("F9-110", "booster_flight", 3),
        ("F9-158", "booster_serial", "B1073"),
        ("F9-40", "booster_serial", "B1048"),
        ("F9-8", "booster_serial", "B1005"),
        ("F9-195", "booster_flight", 4),
        ("F9-47", "booster_flight", 1),
        ("F9-23", "block", 2),
        ("F9-196", "block", 5),
        # Masses: taken once, filler and unknown ones null, the capsule left out.
        ("F9-16", "payload_mass_kg", 4159.0),
        ("F9-68", "payload_mass_kg", 15410.0),
        ("FT-9", "payload_mass_kg", None),
        ("F9-176", "payload_mass_kg", None),
        ("F9-1", "payload_mass_kg", None),
        ("F9-5", "payload_mass_kg", 677.0),
        ("F9-53", "payload_mass_kg", 4200.0),
        ("F9-79", "payload_mass_kg", 12500.0),
        # Payloads and customers of several rows.
        ("F9-68", "payload_count", 61),
        ("F9-68", "payloads", ["Starlink 8", "SkySats-16", "SkySats-17", "SkySats-18"]),
        ("F9-68", "customers", ["SpaceX", "Planet Labs"]),
        ("F9-68", "rideshare", True),
        ("F9-161", "rideshare", False),
        ("F9-4", "rideshare", True),
        ("F9-169", "payloads", ["OneWeb Flight #15"]),
        ("F9-169", "name", "OneWeb Flight #15"),
        ("F9-169", "payload_count", 40),
        ("F9-169", "customers", ["OneWeb"]),
        ("F9-86", "payload_count", 60),
        ("FT-20", "customers", ["Hisdesat", "SpaceX"]),
        ("F9-15", "customers", ["USAF", "NASA", "NOAA"]),
        # Sites, orbits, names.
        ("F9-148", "launch_site", "KSC LC-39A"),
        ("F9-153", "launch_site", "CCSFS SLC-40"),
        ("F9-6", "launch_site", "VSFB SLC-4E"),
        ("F9-2", "orbit", "LEO"),
        ("FT-13", "orbit", "PO"),
        ("F9-142", "orbit", "GTO"),
        ("F9-110", "orbit", "HCO"),
        ("F9-15", "orbit", "ES-L1"),
        ("F9-56", "orbit", "LEO"),
        ("F9-117", "orbit", "SSO"),
        ("F9-117", "name", "Transporter-3"),
        ("F9-18", "name", "TürkmenÄlem 52°E / MonacoSAT"),
        ("F9-18", "payloads", ["TurkmenAlem 52°E/MonacoSAT"]),
        ("F9-44", "name", "Es'hail 2"),
        ("F9-168", "name", "CRS-26"),
        ("F9-163", "name", "Starlink 4-36"),
        ("F9-128", "dragon", "crew"),
        ("F9-50", "dragon", "crew"),
        ("F9-168", "dragon", "cargo"),
        ("F9-144", "launch_success", True),
        # Landings: where the second source calls a ground pad by another word; pads of the API alone.
        ("F9-196", "landing_type", "RTLS"),
        ("F9-196", "landing_pad", None),
        ("F9-43", "landing_pad", "LZ-4"),
        ("F9-196", "source", "csv"),
        ("F9-159", "source", "both"),
    ],
)
def test_traps(real, flight, column, expected):
    value = real.by_flight.loc[flight, column]
    if expected is None:
        assert pd.isna(value)
    elif column == "date_utc":
        assert value == datetime.fromisoformat(expected)
    else:
        assert value == expected


@pytest.mark.real_data
def test_counts_of_the_real_table(real):
    assert len(real.table) == 216
    assert real.report["rows_by_source"] == {"both": 179, "csv": 37}
    assert real.report["outcomes"] == {"success": 177, "failure": 13, "precluded": 2, "no attempt": 24}
    assert real.report["merge"]["matched"] == {"booster": 171, "date": 8}
    assert not real.table["csv_flight_number"].str.startswith(("F1", "FH")).any()


@pytest.mark.real_data
def test_one_source_alone_makes_a_table_too(raw):
    """The API alone knows 153 landing attempts, 11 of them failures, and Transporter-3 without payloads."""
    api = launches.read(*(raw[name] for name in falcon9_landings.FILES["default"][:3]))
    rows, tallies = merge.merge(pair(api, []))
    alone = table.tabulate(rows)
    assert set(alone["source"]) == {"api"}
    assert alone["landed"].value_counts().to_dict() == {True: 142, False: 11}
    assert tallies["date_utc"].api_only == tallies["date_utc"].taken_api == len(alone) == 179
    empty = alone[alone["payloads"].str.len() == 0]
    assert empty["name"].tolist() == ["Transporter-3"]
    assert empty["customers"].tolist() == [[]]


def test_a_launch_without_a_date_is_refused():
    rows = simulated_rows(0)
    rows[5]["date_utc"] = None
    with pytest.raises(ValueError, match=r"date_utc.*: \['Simulated 6'\]"):
        table.tabulate(rows)


@pytest.mark.real_data
def test_known_failures_are_all_there_is(real):
    failed = set(real.table[real.table["landing_outcome"] == "failure"]["name"])
    assert failed == {
        "Falcon 9 Test Flight",
        "COTS 1",
        "CASSIOPE",
        "CRS-4",
        "CRS-5",
        "CRS-6",
        "Jason 3",
        "SES-9",
        "ABS-2A / Eutelsat 117W B",
        "CRS-16",
        "Starlink-4",
        "Starlink-5",
        "Starlink-19",
    }


@pytest.mark.real_data
def test_every_field_is_accounted_for(real):
    fields = real.report["merge"]["fields"]
    for field in fields:
        known = field["agree"] + field["disagree"] + field["api_only"] + field["csv_only"]
        assert known + field["neither"] == len(real.table), field["field"]
        assert len(field["disagreements"]) == field["disagree"], field["field"]
        filled = field["taken_api"] + field["taken_csv"] + field["corrected"]
        null_by_hand = sum(
            c.field == field["field"] and c.take == "value" and c.value is None for c in CORRECTIONS
        )
        assert filled - null_by_hand == real.table[field["field"]].notna().sum(), field["field"]
    assert {field["field"]: field["disagree"] for field in fields if field["disagree"]} == {
        "date_utc": 38,
        "booster_serial": 1,
        "booster_flight": 1,
        "block": 3,
        "launch_site": 2,
        "orbit": 18,
        "payload_mass_kg": 70,
        "customers": 35,
        "dragon": 1,
        "landing_outcome": 2,
    }


@pytest.mark.real_data
def test_every_correction_is_used_and_says_why(real):
    assert {correction.launch for correction in CORRECTIONS} <= set(real.table["csv_flight_number"])
    named = {column.name for column in table.COLUMNS}
    assert all(c.field in named and c.reason.endswith((".", ")")) and c.source for c in CORRECTIONS)
    assert len({(c.launch, c.field) for c in CORRECTIONS}) == len(CORRECTIONS)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("trap", "count"),
    [
        ("no_attempt", 24),
        ("never_reached", 2),
        ("parachute", 2),
        ("ocean", 7),
        ("falcon_1", 7),
        ("falcon_heavy", 5),
        ("several_rows", 24),
        ("listed_twice", 3),
        ("stray_blanks", 98),
        ("stray_characters", 2),
        ("date_slip", 7),
        ("date_corrected", 4),
        ("same_booster_flight", 1),
        ("unknown_booster", 5),
        ("filler_mass", 10),
        ("wrong_mass", 4),
        ("api_mass_missing", 24),
        ("foreign_payload", 1),
        ("vleo", 58),
        ("success_unknown", 1),
    ],
)
def test_traps_are_counted(real, trap, count):
    assert {entry["name"]: entry["count"] for entry in real.report["traps"]}[trap] == count


def test_invariants(either):
    launched = either.table
    assert launched["date_utc"].is_monotonic_increasing
    assert launched["date_utc"].is_unique
    assert launched["name"].is_unique
    assert launched["flight_number"].tolist() == list(range(1, len(launched) + 1))
    assert (launched["landed"].notna() == launched["landing_attempted"]).all()
    assert (launched["landing_attempted"] <= launched["landing_type"].notna()).all()
    assert (launched["landed"] == (launched["landing_outcome"] == "success"))[
        launched["landing_attempted"]
    ].all()
    assert (launched["payload_mass_kg"].dropna() > 0).all()
    assert launched["payload_mass_kg"].max() < 22_800, "more than a Falcon 9 lifts"
    assert not launched.duplicated(["booster_serial", "booster_flight"]).any()
    for serial, flights in launched.groupby("booster_serial")["booster_flight"]:
        assert flights.is_monotonic_increasing, serial
    assert set(launched["orbit"].dropna()) <= set(codes.ORBIT_MEANINGS)
    assert set(launched["launch_site"]) <= set(codes.SITES.values())
    assert launched["payloads"].str.len().min() >= 1
    assert launched["customers"].str.len().min() >= 1


def test_no_stray_blanks(either):
    texts = either.table.select_dtypes("string")
    lists = either.table[["payloads", "customers"]].apply(lambda column: column.str.join("|"))
    for column in [*texts.items(), *lists.items()]:
        name, values = column[0], column[1].dropna()
        assert (values == values.str.strip()).all(), name
        assert not values.str.contains(r"\s\s|\u00a0|\ufffd|Ã|Â|º|’", regex=True).any(), name


def test_report_is_of_the_table(either):
    launched, report = either.table, either.report
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert sum(report["outcomes"].values()) == report["rows"] == len(launched)
    assert report["attempts"] == report["outcomes"]["success"] + report["outcomes"]["failure"]
    for by in ("landings_by_type", "landings_by_year", "landings_by_block"):
        assert sum(row["attempts"] for row in report[by]) == report["attempts"]
    assert {
        column["name"]: column["missing"] for column in report["columns"]
    } == launched.isna().sum().to_dict()
    assert all(column["nullable"] or not column["missing"] for column in report["columns"])


@pytest.mark.real_data
def test_the_simulated_sample_is_typed_alike(simulated, real):
    assert dict(simulated.table.dtypes) == dict(real.table.dtypes)


def test_the_simulated_sample_says_so(simulated):
    launched = simulated.table
    assert set(launched["source"]) == {"simulated"}
    assert launched["name"].str.fullmatch(r"Simulated \d+").all()
    assert simulated.report["merge"] is None
    assert len(launched) == 200
    assert 0.03 < 1 - launched["landed"].mean() < 0.12
    assert not launched["booster_serial"].str.match(r"B\d").any()
    again, _ = falcon9_landings.simulate(0)
    other, _ = falcon9_landings.simulate(1)
    pd.testing.assert_frame_equal(launched, again)
    assert not launched["payload_mass_kg"].equals(other["payload_mass_kg"])


def test_a_model_can_learn_from_the_simulated_sample():
    """Early blocks fail more often than the last, over many samples and not by luck of one."""
    tables = pd.concat([falcon9_landings.simulate(seed)[0] for seed in range(10)])
    attempts = tables[tables["landing_attempted"]]
    success = attempts.groupby(attempts["block"] == 5)["landed"].mean()
    assert success[False] < success[True] - 0.1


def launch(number, serial, flight, day):
    return {
        "api_flight_number": number,
        "csv_flight_number": f"F9-{number}",
        "booster_serial": serial,
        "booster_flight": flight,
        "date_utc": day and datetime(2021, 1, day),
    }


@pytest.mark.parametrize(
    ("api", "csv", "expected"),
    [
        # By booster, whatever the dates say.
        ([launch(1, "B1", 1, 1)], [launch(7, "B1", 1, 28)], [(1, "F9-7", "booster")]),
        ([launch(1, "B1", 1, 1)], [launch(7, "B1", 1, None)], [(1, "F9-7", "booster")]),
        # By date, when the booster is unknown, wrong, or given twice; never across more than a day.
        ([launch(1, "B1", 1, 5)], [launch(7, None, None, 6)], [(1, "F9-7", "date")]),
        ([launch(1, "B1", 1, 5)], [launch(7, "B2", 1, 5)], [(1, "F9-7", "date")]),
        (
            [launch(1, "B1", 2, 5), launch(2, "B1", 2, 20)],
            [launch(7, "B1", 2, 5), launch(8, "B1", 3, 20)],
            [(1, "F9-7", "date"), (2, "F9-8", "date")],
        ),
        ([launch(1, "B1", 1, 5)], [launch(7, None, None, 9)], [(None, "F9-7", None), (1, None, None)]),
        # One that only one source has.
        ([launch(1, "B1", 1, 5)], [], [(1, None, None)]),
        ([], [launch(7, "B1", 1, 5)], [(None, "F9-7", None)]),
    ],
)
def test_pairing(api, csv, expected):
    pairs = pair(api, csv)
    assert [
        (one and one["api_flight_number"], two and two["csv_flight_number"], how) for one, two, how in pairs
    ] == expected


@pytest.mark.parametrize("module", [codes, missions])
def test_docstring_examples(module):
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed


def test_the_csv_has_the_same_rows_for_the_lab(either, tmp_path):
    falcon9_landings.add_files(either.table, tmp_path)
    read, table = lab.read(tmp_path / "launches.csv"), either.table
    assert read.name.tolist() == table["name"].tolist()
    assert read.site.tolist() == table["launch_site"].tolist()
    assert read.orbit.tolist() == table["orbit"].fillna("").tolist()
    assert (
        read.landing_type.tolist()
        == table["landing_type"].where(table["landing_attempted"]).fillna("").tolist()
    )
    for ours, theirs in (
        ("mass_kg", "payload_mass_kg"),
        ("booster_flight",) * 2,
        ("block",) * 2,
        ("landed",) * 2,
    ):
        expected = table[theirs].astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
        assert getattr(read, ours).tolist() == pytest.approx(expected.tolist(), nan_ok=True)
    moments = table["date_utc"].dt
    assert (read.year.astype(int) == moments.year).all()
    days = (read.year - moments.year) * (365 + moments.is_leap_year)
    assert days.tolist() == pytest.approx(
        (
            moments.day_of_year - 1 + (moments.hour + moments.minute / 60 + moments.second / 3600) / 24
        ).tolist(),
        abs=1e-6,
    )


def test_the_lab_knows_the_codes():
    assert sorted(lab.ORBITS) == sorted(codes.ORBIT_MEANINGS)
    assert sorted(lab.SITES) == sorted(codes.SITES.values())


def test_a_file_that_is_no_table_of_launches_is_told(tmp_path):
    path = tmp_path / "launches.csv"
    path.write_text("name,year\nCRS-1,2012\n")
    with pytest.raises(SpaceHubError, match=r"launches\.csv is not a table of launches"):
        lab.read(path)
