"""skops and ONNX give the same chances, and a skops file with a foreign type in it is not loaded."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from spacehub.errors import SpaceHubError
from spacehub.models import onnx_export
from spacehub.models.landing import build, export, load, storage
from spacehub.models.landing.candidates import GRIDS, TITLES
from spacehub.models.landing.features import NAMES
from tests.doses import SOAK


@pytest.fixture(scope="module", params=list(TITLES))
def published(request, flights, tmp_path_factory):
    """A fitted candidate with the last setting of its grid, its folder, and the result of the export."""
    settings = {name: values[-1] for name, values in GRIDS[request.param].items()}
    model = build(request.param, trees=20).set_params(**settings)
    model.fit(flights[list(NAMES)], flights["landed"].astype(int))
    folder = tmp_path_factory.mktemp(request.param)
    chances = np.random.default_rng(0).random((2, len(flights)))
    return model, folder, export(model, flights, chances, folder)


def test_onnx_and_skops_agree_on_every_row(published, flights):
    model, folder, reply = published
    features = flights[list(NAMES)]
    odd = features.tail(3).assign(payload_mass_kg=np.nan, orbit=["", "Mars", "LEO"])
    everything = pd.concat([features, odd])
    answer = onnx_export.run(folder / "onnx" / "model.onnx", everything)
    ours = model.predict_proba(everything)
    assert np.abs(answer["probabilities"] - ours).max() < 1e-5
    assert answer["label"].tolist() == ours.argmax(axis=1).tolist()
    np.testing.assert_array_equal(load(folder).predict_proba(everything), ours)
    assert reply["onnx"]["n"] == len(flights)
    assert reply["onnx"]["max_abs_difference"] < 1e-5


def test_every_feature_is_an_input_of_its_own(published):
    import onnxruntime

    session = onnxruntime.InferenceSession(published[1] / "onnx" / "model.onnx")
    assert [given.name for given in session.get_inputs()] == list(NAMES)
    kinds = {given.name: (given.type, given.shape) for given in session.get_inputs()}
    assert kinds["orbit"] == ("tensor(string)", [None, 1])
    assert kinds["block"] == ("tensor(float)", [None, 1])


def test_the_printed_allow_list_is_all_that_a_reader_needs(published):
    _, folder, reply = published
    # Not on top: it takes seconds, in every worker.
    import skops.io

    skops.io.load(folder / "model.skops", trusted=reply["trusted_types"])
    assert set(reply["trusted_types"]) <= set(storage.TRUSTED)


def test_predictions_hold_the_mean_chance_and_the_features(published, flights):
    rows = pd.read_csv(published[1] / "predictions.csv")
    assert list(rows) == ["name", "date_utc", "booster_serial", "landed", "probability", *NAMES]
    assert rows["landed"].tolist() == flights["landed"].tolist()
    expected = np.random.default_rng(0).random((2, len(flights))).mean(axis=0)
    np.testing.assert_allclose(rows["probability"], expected, rtol=1e-8)
    np.testing.assert_allclose(rows["payload_mass_kg"], flights["payload_mass_kg"])


class Intruder:
    """Some class of someone's."""

    def predict_proba(self, features):
        raise AssertionError("it ran")


def test_a_file_with_another_type_is_refused(tmp_path):
    storage.save(Intruder(), tmp_path / "model.skops")
    with pytest.raises(SpaceHubError, match="Intruder"):
        load(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"PK no zip at all"])
def test_a_broken_or_missing_file_is_a_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "model.skops").write_bytes(content)
    with pytest.raises(SpaceHubError, match=r"model\.skops"):
        load(tmp_path)


def test_only_log1p_converts(flights, tmp_path):
    model = build("logistic_regression").fit(flights[list(NAMES)], flights["landed"].astype(int))
    model["prepare"].named_transformers_["learning"]["log"].func = np.sqrt
    with pytest.raises(ValueError, match="log1p"):
        onnx_export.export(model, flights[list(NAMES)], tmp_path / "model.onnx")


def test_every_candidate_states_the_oldest_scikit_learn_that_reads_it():
    assert set(storage.OLDEST) == set(TITLES)


def estimators(imports: str) -> tuple[str, str]:
    """Return whether a new process with these imports has imported PyTorch, and the estimators that skops knows."""
    listed = "from skops.io._trusted_types import SKLEARN_ESTIMATOR_TYPE_NAMES as names"
    text = f"import sys; {imports}; {listed}; print('torch' in sys.modules, *sorted(names))"
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    return tuple(said.split(" ", 1))


def test_skops_is_imported_without_pytorch():
    imported, names = estimators("from spacehub.models.landing import storage; storage._skops_io()")
    assert imported == "False"
    assert "sklearn.linear_model._logistic.LogisticRegression" in names
    if SOAK:
        # When this fails, `_skops_io` is no longer needed.
        assert estimators("import skops.io") == ("True", names)
