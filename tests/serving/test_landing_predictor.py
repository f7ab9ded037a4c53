"""The predictor over the artefacts of the real training command."""

import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spacehub.errors import SpaceHubError
from spacehub.serving.landing import FILES, LandingPredictor


@pytest.fixture(scope="module")
def folder(published, tmp_path_factory):
    """Of the published files only those that serving asks for."""
    folder = tmp_path_factory.mktemp("served")
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(published.artefacts / "landing" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def predictor(folder):
    return LandingPredictor(folder)


@pytest.fixture
def spoilt(folder, tmp_path):
    copy = tmp_path / "spoilt"
    shutil.copytree(folder, copy)
    return copy


def test_shares_add_up_on_every_flight(predictor):
    for flight in predictor.flights[predictor.names].to_dict("records")[::10]:
        found = predictor.explain(flight)
        assert found.base + sum(found.shares.values()) == pytest.approx(predictor.predict(flight), abs=1e-6)


def test_the_base_is_near_the_mean_over_all_flights(predictor):
    columns = {name: predictor.flights[name].to_numpy() for name in predictor.names}
    everywhere = predictor.probabilities(columns).mean()
    usual = predictor.check({field.name: field.default for field in predictor.fields})
    assert predictor.explain(usual).base == pytest.approx(everywhere, abs=0.03)


def test_one_by_one_and_all_at_once_agree(predictor):
    columns = {name: predictor.flights[name].to_numpy() for name in predictor.names}
    alone = [predictor.predict(flight) for flight in predictor.flights[predictor.names].to_dict("records")]
    assert predictor.probabilities(columns) == pytest.approx(alone, abs=1e-6)


def test_the_most_similar_flight_to_a_real_one_is_itself(predictor):
    for _, flight in predictor.flights.iloc[::15].iterrows():
        nearest = predictor.similar(flight[predictor.names].to_dict())
        assert nearest[0]["distance"] == 0
        assert flight["name"] in {row["name"] for row in nearest if row["distance"] == 0}


def test_it_agrees_with_itself_over_json_and_not_with_another_chance(predictor):
    for example in predictor.examples():
        flight = predictor.check(example.flight)
        chance = predictor.predict(flight)
        asked = json.loads(json.dumps(flight))
        assert predictor.agrees(asked, chance)
        assert not predictor.agrees(asked, 0.0 if chance > 0.5 else 1.0)


def test_the_examples_are_the_extremes_of_the_file(predictor, folder):
    flights = pd.read_csv(folder / "predictions.csv")
    sure, failure, odd = predictor.examples()
    landed, lost = flights[flights["landed"]], flights[~flights["landed"]]
    assert sure.unseen_chance == pytest.approx(landed["probability"].max())
    assert odd.unseen_chance == pytest.approx(landed["probability"].min())
    assert failure.unseen_chance == pytest.approx(lost["probability"].min())
    assert (sure.landed, failure.landed, odd.landed) == (True, False, True)
    for example in (sure, failure, odd):
        assert 0 < predictor.predict(predictor.check(example.flight)) < 1


def test_reliability_counts_the_flights_of_the_file(predictor, folder):
    flights = pd.read_csv(folder / "predictions.csv")
    near = flights[np.abs(flights["probability"] - 0.97) <= 0.025]
    found = predictor.reliability(0.97)
    assert (found.n, found.landed) == (len(near), int(near["landed"].sum()))


def test_an_unknown_field_is_named(predictor):
    with pytest.raises(
        SpaceHubError, match=r"has no field named mass\. Use only these fields: .*payload_mass_kg"
    ):
        predictor.check({"mass": 1})


class Bomb:
    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("name", ["onnx/model.onnx", "onnx/inputs.json", "predictions.csv", "results.json"])
def test_a_pickle_in_place_of_a_file_is_refused_and_not_run(spoilt, tmp_path, name):
    (spoilt / name).write_bytes(pickle.dumps(Bomb(tmp_path / "it ran")))
    with pytest.raises(SpaceHubError, match="Cannot read"):
        LandingPredictor(spoilt)
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_a_sentence(spoilt, name):
    (spoilt / name).unlink()
    with pytest.raises(SpaceHubError, match="Publish"):
        LandingPredictor(spoilt)


def test_a_flight_file_without_a_field_is_a_sentence(spoilt):
    flights = pd.read_csv(spoilt / "predictions.csv").drop(columns="orbit")
    flights.to_csv(spoilt / "predictions.csv", index=False)
    with pytest.raises(SpaceHubError, match="orbit"):
        LandingPredictor(spoilt)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("probability", 2, "A value of probability is not a number from 0 to 1"),
        ("probability", "", "column 'probability' of predictions.csv is missing"),
        ("landed", "perhaps", "must contain both True and False"),
        ("payload_mass_kg", "1e300", "A value of payload_mass_kg is not a number"),
        ("name", "a" * 999, "A value of name is not a string of at most 200"),
    ],
)
def test_a_flight_that_no_training_writes_is_refused(spoilt, column, value, said):
    flights = pd.read_csv(spoilt / "predictions.csv", dtype=object)
    flights.loc[0, column] = value
    flights.to_csv(spoilt / "predictions.csv", index=False)
    with pytest.raises(SpaceHubError, match=said):
        LandingPredictor(spoilt)


def test_a_simulated_model_says_so(spoilt):
    results = json.loads((spoilt / "results.json").read_text())
    for simulated in (True, False):
        (spoilt / "results.json").write_text(json.dumps(results | {"simulated": simulated}))
        assert LandingPredictor(spoilt).simulated is simulated


@pytest.mark.parametrize(
    "write",
    [
        lambda line: ";".join(cell.replace(".", ",") if cell[:1].isdigit() else cell for cell in line),
        lambda line: ";".join(line),
        lambda line: "\t".join(
            f"{int(cell):,}" if cell.isdigit() and int(cell) > 999 else cell for cell in line
        ),
        lambda line: ",".join(
            f'"{int(cell):,}"' if cell.isdigit() and int(cell) > 999 else cell for cell in line
        ),
        lambda line: ";".join(
            f"{int(cell):,}".replace(",", "\u202f") if cell.isdigit() else cell for cell in line
        ),
    ],
    ids=["comma", "semicolon", "tab and thousands", "quoted thousands", "french thousands"],
)
def test_a_spreadsheet_of_any_country_gets_the_same_answers(predictor, tmp_path, write):
    path, other = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_text(predictor.template())
    lines = [line.split(",") for line in predictor.template().strip().splitlines()]
    lines[1][lines[0].index("payload_mass_kg")] = "5425"
    path.write_text("\n".join(map(",".join, lines)))
    other.write_text("\n".join(map(write, lines)), encoding="utf-8")
    expected, found = predictor.predict_table(path), predictor.predict_table(other)
    assert not expected.problems
    assert not found.problems
    assert found.answers.equals(expected.answers)
