"""The datasets that the app shows: what a hostile repository may hold is refused when it is loaded, in its trial."""

import copy
import io
import json

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from space_app.cards import view
from space_app.lab import launches
from space_app.lab.imaging.film import first_of_replay
from space_app.rollout import facts
from space_app.served import meteorites, satellite_pictures, space_pictures, telemetry, title_examples
from spacehub.errors import SpaceHubError
from spacehub.lab.telemetry.detectors import DETECTORS
from spacehub.lab.telemetry.faults import FAULTS
from spacehub.lab.telemetry.flights import EVENTS, QUANTITIES

HTML = b"<!doctype html><script>alert(1)</script>"
PICTURE = {"file": "moon.png", "name": "moon", "title": "The Moon", "shows": "", "origin": "", "licence": ""}
PICTURE |= {"author": "", "width": 20, "height": 10, "metres_a_pixel": None}
TITLE = {"title": "The Moon", "community": "space", "label": "space"}


def png(width: int, height: int) -> bytes:
    """Return a PNG file of zeros, which is small whatever its size in pixels."""
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def pictures(picture: bytes = b"", **changed: object):
    index = {"pictures": [PICTURE | changed]}
    content = {"pictures/index.json": index, "pictures/moon.png": picture or png(20, 10)}
    return space_pictures.SERVED.load, content, lambda loaded: loaded.find("moon").title == "The Moon"


def example_pictures(
    picture: bytes = b"", label: object = "Forest", file: object = "../../forest.png", **changed: object
):
    index = {"examples": [{"file": file, "label": label}]}
    built = {"sizes": [{"width": 64}], "metres_a_pixel": 10} | changed
    content = {
        "build.json": built,
        "examples/index.json": index,
        "examples/forest.png": picture or png(64, 64),
    }
    return satellite_pictures.load, content, lambda loaded: loaded.pictures[0].path.parent.name == "examples"


def example_titles(**changed: object):
    content = {"examples.json": {"examples": [TITLE | changed]}}
    return title_examples.load, content, lambda loaded: loaded[0].title == "The Moon"


TRAP = {"name": "year_missing", "what": "No year", "handling": "kept", "count": 1, "unit": "rows"}
SHARES = {"recall": 0.5, "recall_low": 0.4, "recall_high": 0.6}
SHARES |= {"precision": 0.5, "precision_low": 0.4, "precision_high": 0.6}
DELAYS = {"delay_low_s": 1.0, "delay_s": 2.0, "delay_high_s": 3.0}
CLEAN = {"alarmed": 0.1, "alarmed_low": 0.0, "alarmed_high": 0.2, "by_chance": 0.05}
JUDGED = {
    "flights": 10,
    "runs": 50,
    "folds": 5,
    "false_alarms": 0.1,
    "onsets_s": [20, 40],
    "clean": [{"detector": name, **CLEAN} for name in DETECTORS],
    "rows": [
        {"detector": name, "fault": fault, "size": 1.0, "unit": "s", **SHARES, **DELAYS}
        for fault in FAULTS
        for name in DETECTORS
    ],
}
FLAGS = ("velocity_straight", "altitude_held", "components_disagree")
BUILT = {"rows": 1400, "launches": ["a"] * 10, "traps": [TRAP], "judged": JUDGED}
BUILT |= {"flags": {name: {"rows": 3, "launches": 1} for name in FLAGS}}
SECONDS = np.arange(140)
ASCENTS = pd.DataFrame(
    {"launch": np.repeat([f"L{row}" for row in range(10)], 140), "time_s": np.tile(SECONDS, 10)}
)
ASCENTS = ASCENTS.assign(**dict.fromkeys(QUANTITIES, 1.5))
TIMES = pd.DataFrame({"launch": [f"L{row}" for row in range(10)], "followed": "first stage", "seconds": 140})
TIMES = TIMES.assign(**dict.fromkeys(EVENTS, 100.0))
STONES = pd.DataFrame({"name": ["Aachen", "Aarhus"], "group": "L", "mass_g": [21.0, np.nan], "fall": "Fell"})
STONES = STONES.assign(year=[1880, np.nan], latitude=50.8, longitude=[6.1, 8.2], flags="")
FLIGHTS = pd.DataFrame(
    {"name": ["a", "b"], "orbit": "LEO", "launch_site": "KSC LC-39A", "date_utc": "2020-01-01"}
)
FLIGHTS = FLIGHTS.assign(payload_mass_kg=5000.0, booster_flight=1, block=5, landing_type="ASDS")
FLIGHTS = FLIGHTS.assign(landing_attempted=True, landed=[True, False])


def changed(path: str, value: object) -> dict:
    """Return the facts of the telemetry dataset with another value at a path."""
    built = copy.deepcopy(BUILT)
    *above, last = path.split(".")
    part = built
    for name in above:
        part = part[int(name) if isinstance(part, list) else name]
    part[int(last) if isinstance(part, list) else last] = value
    return built


def ascents(built: dict = BUILT, *, first: dict | None = None, event: dict | None = None):
    """Return the telemetry dataset, with other values in the first row of a table."""
    tables = {"telemetry.csv": spoilt(ASCENTS, first), "events.csv": spoilt(TIMES, event)}
    return telemetry.load, {"build.json": built, **tables}, lambda panel: len(panel.flights) == 10


def stones(*traps: object, **first: object):
    content = {"build.json": {"traps": list(traps or [TRAP])}, "meteorites.csv": spoilt(STONES, first)}
    return meteorites.load, content, lambda loaded: len(loaded) == 2


def flights(**first: object):
    return (
        launches.load,
        {"launches.csv": spoilt(FLIGHTS, first)},
        lambda loaded: loaded.landed.tolist() == [1, 0],
    )


def spoilt(table: pd.DataFrame, first: dict | None) -> bytes:
    table = table.astype(object)
    for name, value in (first or {}).items():
        table.loc[0, name] = value
    return table.to_csv(index=False).encode()


HUGE = 10**400


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        (ascents(), ""),
        *(
            (ascents(changed(path, value)), said)
            for path, value, said in [
                ("traps", HTML.decode(), "traps is not a list"),
                ("traps.0.count", "<b>", r"traps\[0\].count is not a whole number"),
                ("traps.0.count", -1, r"traps\[0\].count is not a whole number"),
                ("traps.0.what", "a" * 10_000, r"traps\[0\].what is not a string of 1 to 2,000"),
                (
                    "traps.0",
                    TRAP | {"more": 1},
                    "Each entry of traps must be an object with exactly these keys",
                ),
                ("rows", 0, "rows is not a whole number from 1"),
                ("launches", {"a": 1}, "launches is not a list"),
                ("flags", [1], "`flags` is not an object"),
                ("flags.altitude_held", 3, "flags.altitude_held.rows is not a whole number"),
                ("judged", None, "`judged` is not an object"),
                ("judged.runs", HUGE, "judged.runs is not a whole number"),
                ("judged.clean", [], "judged.clean is not a list"),
                ("judged.clean.0.by_chance", 1.5, r"judged.clean\[0\].by_chance is not a fraction"),
                ("judged.rows.0.detector", ["x"], r"judged.rows\[0\] contains an unknown detector or fault"),
                ("judged.rows.0.recall", float("nan"), "NaN is not a valid JSON number"),
                ("judged.rows.0.delay_s", None, r"judged.rows\[0\].delay_s is not a number"),
                ("judged.rows.0.delay_s", 99.0, "the delays must be in ascending order"),
                ("judged.rows.0.precision", None, r"judged.rows\[0\].precision is not a fraction"),
                ("judged.rows", JUDGED["rows"][:3], "must contain the faults"),
            ]
        ),
        (ascents(first={"time_s": 10**9}), "A value of time_s is not a number from 0 to 20,000"),
        (ascents(first={"time_s": ""}), "A value in the column 'time_s' is missing"),
        (ascents(first={"altitude_km": "<b>"}), "could not convert"),
        (ascents(first={"altitude_km": "inf"}), "A value of altitude_km is not a number"),
        (ascents(event={"seconds": 9_999}), "a longer period than the telemetry"),
        (ascents(event={"followed": "third stage"}), "must be first stage or second stage"),
        (ascents(event={"launch": "a" * 999}), "A value of launch is not a string of at most 80"),
        (ascents(event={"meco": 1e300}), "A value of meco is not a number"),
        (stones(), ""),
        (stones(TRAP | {"count": 1.5}), r"traps\[0\].count is not a whole number"),
        (stones(mass_g="-1"), "A value of mass_g is not a number"),
        (stones(year="1e300"), "A value of year is not a number"),
        (stones(latitude="91"), "A value of latitude is not a number"),
        (stones(latitude=""), "A position lacks a latitude or a longitude"),
        (stones(name="a" * 999), "A value of name is not a string of at most 200"),
        (stones(fall="Flew"), "Each value in the column 'fall' must be Fell or Found"),
        (flights(), ""),
        (flights(payload_mass_kg="1e300"), "A value of payload_mass_kg is not a number"),
        (flights(landed="perhaps"), "must be True or False"),
        (flights(date_utc="yesterday"), "is not a table of launches"),
        (flights(launch_site="a" * 999), "A value of launch_site is not a string of at most 200"),
        (pictures(), ""),
        (pictures(HTML), "moon.png is not an image"),
        (pictures(png(5_000, 5_000), width=5_000, height=5_000), "the limit is 16,000,000"),
        (pictures(png(20, 11)), "must have 20 × 10 pixels"),
        (pictures(title={"a": 1}), "must be a string of at most"),
        (pictures(shows="a" * 10_000), "must be a string of at most"),
        (pictures(width="<b>"), "must have <b> × 10 pixels"),
        (pictures(metres_a_pixel=HUGE), "metres_a_pixel of moon.png in pictures/index.json is not a number"),
        (pictures(metres_a_pixel="<b>"), "metres_a_pixel of moon.png in pictures/index.json is not a number"),
        (example_pictures(), ""),
        (example_pictures(HTML), "forest.png is not an image"),
        (example_pictures(png(5_000, 5_000)), "the limit is 16,000,000"),
        (example_pictures(label=["Forest"]), "label of an example is not a string of 1 to 60"),
        (example_pictures(file=3), "file of an example is not a string"),
        (example_pictures(metres_a_pixel=0), "metres_a_pixel of build.json is not a number"),
        (example_pictures(sizes=[{"width": HUGE}]), "width of build.json is not a whole number"),
        (example_pictures(sizes=[]), "sizes of build.json is not a list"),
        (example_titles(), ""),
        (example_titles(title=3), "title of an example is not a string"),
        (example_titles(title="a" * 10_000), "title of an example is not a string"),
    ],
)
def test_what_is_not_as_published_is_refused(dataset, said, tmp_path):
    load, content, right = dataset
    for name, one in content.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(one if isinstance(one, bytes) else json.dumps(one).encode())
    if said:
        with pytest.raises((ValueError, SpaceHubError), match=said):
            load(tmp_path)
    else:
        assert right(load(tmp_path))


METRIC = {"key": "f1", "name": "F1", "value": 0.9}


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"metrics": [METRIC | {"value": HUGE}]}, "a value of the metric 'f1' is not a number"),
        ({"metrics": [METRIC] * 1_000}, "more than 200 metrics"),
        (
            {"metrics": [METRIC | {"baseline": dict.fromkeys(map(str, range(99)), 0.5)}]},
            "not an object with at most 20 numbers",
        ),
        ({"rows": HUGE}, "rows is not a whole number"),
        ({"rows": True}, "rows is not a whole number"),
    ],
)
def test_facts_that_no_page_can_show_are_refused(stated, said, tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps(stated))
    with pytest.raises(ValueError, match=said):
        facts.read(path)


REPLAY = {"seed": 1, "outcome": "landed", "reward": 250.0}
WORLD = {"gravity": -10.0, "wind_power": 0.0, "turbulence_power": 0.0}


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"replay": "<b>", "environment": WORLD},
        {"replay": [REPLAY | {"reward": "<b>"}], "environment": WORLD},
        {"replay": [REPLAY], "environment": [WORLD]},
        {"replay": [REPLAY | {"seed": -1}], "environment": WORLD},
        {"replay": [REPLAY], "environment": WORLD | {"wind_power": HUGE}},
        {"replay": [REPLAY], "environment": {}},
    ],
)
def test_a_replay_that_cannot_have_been_flown_is_not_repeated(stated):
    assert first_of_replay({"replay": [REPLAY], "environment": WORLD})[0] == REPLAY
    try:
        assert first_of_replay(stated) is None
    except SpaceHubError as error:
        assert error.fix  # noqa: PT017


def test_a_huge_number_on_a_card_is_cut():
    assert view._short(HUGE) == "1" + "0" * 99
